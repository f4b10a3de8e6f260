import { expect, it } from 'vitest';
import { LocalIdentity } from '../../../lib/adapters/local/local-identity.ts';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';

it('LocalIdentity refuses to assume a role and names the alternative', async () => {
  await expect(new LocalIdentity().assume('reader', { site: 'shop', uid: 'nightly' })).rejects.toThrow(
    new ConfigurationError(
      'The cron shop/nightly cannot act as "reader" on a laptop: roles are assumed in a deployment only. ' +
        'Leave `credentials` out of the SDK client here: it then uses those of your own environment.',
    ),
  );
});
