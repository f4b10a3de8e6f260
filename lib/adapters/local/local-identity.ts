/** The Identity of local schedulers, which cannot assume roles. */
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { Credentials, Identity, Session } from '../../core/ports/identity.ts';

export class LocalIdentity implements Identity {
  /** Always throws ConfigurationError. */
  async assume(user: string, { site, uid }: Session): Promise<Credentials> {
    throw new ConfigurationError(
      `The cron ${site}/${uid} cannot assume the role "${user}" here: only deployments assume roles. ` +
        'Create the SDK client without `credentials`: it then uses those of your environment.',
    );
  }
}
