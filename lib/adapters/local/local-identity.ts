/** On a laptop there is nobody else to act as. */
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { Credentials, Identity, Session } from '../../core/ports/identity.ts';

export class LocalIdentity implements Identity {
  /** Always throws ConfigurationError, and says what to do instead. */
  async assume(user: string, { site, uid }: Session): Promise<Credentials> {
    throw new ConfigurationError(
      `The cron ${site}/${uid} cannot act as "${user}" on a laptop: roles are assumed in a deployment only. ` +
        'Leave `credentials` out of the SDK client here: it then uses those of your own environment.',
    );
  }
}
