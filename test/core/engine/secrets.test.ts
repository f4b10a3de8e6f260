import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../lib/core/domain/cron.ts';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import { isSecretReference } from '../../../lib/core/domain/secret-reference.ts';
import { resolveSecrets } from '../../../lib/core/engine/secrets.ts';
import type { Secrets } from '../../../lib/core/ports/secrets.ts';

function secretsOf(values: Readonly<Record<string, string>>) {
  const read: string[] = [];
  const secrets: Secrets = {
    async read(site, name) {
      read.push(`${site}/${name}`);
      return values[name];
    },
    location: (site, name) => `the drawer ${site}/${name}`,
  };
  return { secrets, read };
}

describe('resolveSecrets', () => {
  it('resolveSecrets replaces every reference at any depth and reads each secret once', async () => {
    const { secrets, read } = secretsOf({ a: 'A', b: 'B', empty: '' });
    const environ = {
      text: { $secret: 'a' },
      list: [1, { $secret: 'b' }, [{ $secret: 'a' }]],
      object: { deep: { $secret: 'empty' }, other: null, not: { $secret: 'a', or: 1 } },
    };
    const before = structuredClone(environ);
    expect(await resolveSecrets(environ, 'shop', secrets)).toEqual({
      environ: {
        text: 'A',
        list: [1, 'B', ['A']],
        object: { deep: '', other: null, not: { $secret: 'a', or: 1 } },
      },
      values: ['A', 'B', ''],
      short: ['a', 'b', 'empty'],
    });
    expect(read).toEqual(['shop/a', 'shop/b', 'shop/empty']);
    expect(environ).toEqual(before);
  });

  it('resolveSecrets names every missing secret and its location', async () => {
    const { secrets } = secretsOf({ a: 'A' });
    const environ = { a: { $secret: 'a' }, b: { $secret: 'b' }, c: { $secret: 'c' } };
    await expect(resolveSecrets(environ, 'shop', secrets)).rejects.toThrow(
      new ConfigurationError(
        'The site "shop" has no secret "b". Put it into the drawer shop/b.\n' +
          'The site "shop" has no secret "c". Put it into the drawer shop/c.',
      ),
    );
  });

  it('resolveSecrets passes on the error of the secret store', async () => {
    const error = new UnavailableError('the drawer is stuck');
    const secrets: Secrets = { read: () => Promise.reject(error), location: () => '' };
    await expect(resolveSecrets({ a: { $secret: 'a' } }, 'shop', secrets)).rejects.toBe(error);
  });

  it('resolveSecrets changes and reads nothing when there is no reference', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (json) => {
        const environ = json as JsonObject;
        const { secrets, read } = secretsOf({});
        fc.pre(!JSON.stringify(environ).includes('$secret'));
        expect((await resolveSecrets(environ, 'shop', secrets)).environ).toEqual(environ);
        expect(read).toEqual([]);
      }),
    );
  });
});

describe('secret references', () => {
  it.each([[{ $secret: 'a' }], [{ $secret: 'A_b-c.9' }], [{ $secret: 'x'.repeat(64) }]])(
    '%j is a secret reference',
    (value) => {
      expect(isSecretReference(value)).toBe(true);
    },
  );

  it.each([
    [{ $secret: '' }],
    [{ $secret: '../other' }],
    [{ $secret: '.hidden' }],
    [{ $secret: 'x'.repeat(65) }],
    [{ $secret: 5 }],
    [{ $secret: 'a', more: 1 }],
  ])('%j is a malformed secret reference', (value) => {
    expect(isSecretReference(value)).toBe(false);
  });

  it.each([['a'], [null], [[]], [{}], [1]])('%j is not a secret reference', (value) => {
    expect(isSecretReference(value)).toBe(false);
  });
});
