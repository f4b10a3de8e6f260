import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { dumpOf } from '../../../lib/app/profiles/dump.ts';
import { readProfile } from '../../../lib/app/profiles/formats.ts';
import { profileJsonSchema } from '../../../lib/app/profiles/schema.ts';
import { crontabs } from './arbitrary.ts';

describe('the JSON Schema of a profile', () => {
  it('The published schema is current; "vitest run -u test/app/profiles/schema.test.ts" updates it', async () => {
    await expect(`${JSON.stringify(profileJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      '../../../lib/app/profiles/profile.schema.json',
    );
  });

  const published = z.fromJSONSchema(profileJsonSchema() as z.core.JSONSchema.JSONSchema);

  it('The schema accepts every exported profile', () => {
    fc.assert(
      fc.property(crontabs, fc.boolean(), (crontab, full) => {
        expect(published.safeParse(dumpOf(crontab, full)).error).toBeUndefined();
      }),
    );
  });

  it.each([
    [{ crons: [{ name: 'x' }] }],
    [{ crons: [{ uid: 'a b' }] }],
    [{ crons: [{ uid: 'a', nam: 'x' }] }],
    [{ crons: [{ uid: 'a', remove: 'yes' }] }],
    [{ crons: [{ uid: 'a', environ: [] }] }],
    [{ crons: [{ uid: 'a', logsLimit: 26 }] }],
    [{ crons: [{ uid: 'a', timeout: '2 weeks' }] }],
    [{ crons: { a: {} } }],
    [{ crontab: { colour: 'red' } }],
    [{ cron: [] }],
  ])('The schema and the reader both reject %j', (value) => {
    expect(published.safeParse(value).success).toBe(false);
    expect(readProfile(JSON.stringify(value), { format: 'json' }).profile).toBeUndefined();
  });
});
