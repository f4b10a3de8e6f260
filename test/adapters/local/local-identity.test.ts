import { expect, it } from 'vitest';
import { LocalIdentity } from '../../../lib/adapters/local/local-identity.ts';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';

it('LocalIdentity refuses to assume a role and names the alternative', async () => {
  await expect(new LocalIdentity().assume('reader', { site: 'shop', uid: 'nightly' })).rejects.toThrow(
    new ConfigurationError(
      'The cron shop/nightly cannot assume the role "reader" here: only deployments assume roles. ' +
        'Create the SDK client without `credentials`: it then uses those of your environment.',
    ),
  );
});
