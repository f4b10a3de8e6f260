/** What every Registry must do. An adapter's test calls `registryContract` with a way to make an empty registry. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvalidError } from '../../lib/domain/errors.ts';
import type { ParameterKey } from '../../lib/domain/names.ts';
import type { Problem } from '../../lib/domain/problem.ts';
import type { Parameter, Registry } from '../../lib/ports/registry.ts';

export interface RegistryUnderTest {
  readonly registry: Registry;
  /** Whether a person who looks at that version of the parameter sees that it was rejected. */
  marked(key: ParameterKey, version: number): Promise<boolean>;
  close(): Promise<void>;
}

const CRON = { site: 'site', uid: 'a' };
const CRONTAB = { site: 'site' };
const VALUE = '{"name": "heartbeat", "periodicity": "*/5 * * * *"}';
const PROBLEMS: readonly Problem[] = [
  { where: 'name', got: 'nothing', wanted: 'a runner', cure: 'Add a name.' },
  { where: 'periodicity', got: '"π 🕐"', wanted: 'five fields', cure: 'Write five fields.' },
];

const keyText = ({ site, uid }: ParameterKey) => (uid === undefined ? site : `${site}/${uid}`);

async function listed(registry: Registry): Promise<Parameter[]> {
  const found: Parameter[] = [];
  for await (const parameter of registry.list()) found.push(parameter);
  return found.sort((a, b) => (keyText(a) < keyText(b) ? -1 : 1));
}

/** The suite of the Registry port. */
export function registryContract(name: string, make: () => Promise<RegistryUnderTest>) {
  describe(`${name} keeps the contract of Registry`, () => {
    let made: RegistryUnderTest;
    let registry: Registry;

    beforeEach(async () => {
      made = await make();
      registry = made.registry;
    });
    afterEach(() => made.close());

    describe('reading and writing', () => {
      test('an empty registry has no parameter', async () => {
        expect(await registry.read(CRON)).toBeUndefined();
        expect(await registry.read(CRONTAB)).toBeUndefined();
        expect(await listed(registry)).toEqual([]);
      });

      test.each([
        ['a cron', CRON],
        ["a crontab's switch", CRONTAB],
      ])('%s is read as it was written, and nothing else appears', async (_, key) => {
        const written = await registry.write(key, VALUE);
        const { version, modified } = written;
        expect(written).toEqual({ ...key, value: VALUE, version: 1, modified });
        expect(version).toBe(1);
        expect(Number.isInteger(modified)).toBe(true);
        expect(await registry.read(key)).toEqual(written);
        expect(await listed(registry)).toEqual([written]);
      });

      test.each([
        ['is not JSON', '{"name": '],
        ['holds any character', '{"environ": {"text": "π “three” 🕐\\u0000"}}'],
        ['has lines', '{\n  "name": "heartbeat"\r\n}\n'],
        ['is blank', ' '],
      ])('a value that %s is kept as it is: judging it is not the registry’s part', async (_, value) => {
        await registry.write(CRON, value);
        expect((await registry.read(CRON))?.value).toBe(value);
      });

      test('the crontab, a cron called crontab and the same uid on another site stay apart', async () => {
        const keys = [CRONTAB, { site: 'site', uid: 'crontab' }, { site: 'crons', uid: 'crons' }, CRON];
        const other = { site: 'site-2', uid: 'a' };
        for (const key of [...keys, other]) await registry.write(key, `"${keyText(key)}"`);
        for (const key of [...keys, other]) {
          expect((await registry.read(key))?.value).toBe(`"${keyText(key)}"`);
        }
        await registry.remove(CRON);
        expect((await registry.read(other))?.value).toBe('"site-2/a"');
        expect((await listed(registry)).map(keyText)).toEqual(
          [...keys.slice(0, 3), other].map(keyText).sort(),
        );
      });
    });

    describe('versions', () => {
      test('each write makes a later version, also with the same value', async () => {
        let before = await registry.write(CRON, VALUE);
        for (const value of ['"two"', '"two"', VALUE, VALUE, '"three"']) {
          const next = await registry.write(CRON, value);
          expect(next.value).toBe(value);
          expect(next.version).toBe(before.version + 1);
          expect(next.modified).toBeGreaterThan(before.modified);
          before = next;
        }
        expect(await registry.read(CRON)).toEqual(before);
      });

      test('reading and listing make no version', async () => {
        const written = await registry.write(CRON, VALUE);
        await listed(registry);
        await registry.read(CRON);
        expect(await registry.read(CRON)).toEqual(written);
      });

      test('a parameter that was deleted and made anew starts again at version 1, and later', async () => {
        await registry.write(CRON, VALUE);
        const old = await registry.write(CRON, '"two"');
        await registry.remove(CRON);
        const anew = await registry.write(CRON, '"two"');
        expect(anew.version).toBe(1);
        expect(anew.modified).toBeGreaterThan(old.modified);
      });

      test('one parameter’s versions are not another’s', async () => {
        await registry.write(CRON, VALUE);
        await registry.write(CRON, VALUE);
        expect((await registry.write({ site: 'site', uid: 'b' }, VALUE)).version).toBe(1);
      });
    });

    describe('removing', () => {
      test('a removed parameter is gone', async () => {
        await registry.write(CRON, VALUE);
        await registry.write(CRONTAB, '{}');
        await registry.remove(CRON);
        expect(await registry.read(CRON)).toBeUndefined();
        expect((await listed(registry)).map(keyText)).toEqual(['site']);
        await registry.remove(CRONTAB);
        expect(await listed(registry)).toEqual([]);
      });

      test('an absent one is fine, also twice', async () => {
        await registry.remove(CRON);
        await registry.write(CRON, VALUE);
        await registry.remove(CRON);
        await registry.remove(CRON);
        expect(await registry.read(CRON)).toBeUndefined();
      });
    });

    describe('listing', () => {
      test('more parameters than fit a page are all listed, with their values', async () => {
        const written: Parameter[] = [];
        for (let n = 0; n < 34; n++) {
          const key = n % 17 === 0 ? { site: `site-${n % 3}` } : { site: `site-${n % 3}`, uid: `cron-${n}` };
          written.push(await registry.write(key, `{"n": ${n}}`));
        }
        written.sort((a, b) => (keyText(a) < keyText(b) ? -1 : 1));
        expect(await listed(registry)).toEqual(written);
      });

      test('site and uid come back as they are written, valid or not', async () => {
        const odd = [
          { site: 'Upper_Case.Site', uid: 'with.dots.json' },
          { site: 'a-site-that-is-far-too-long', uid: `x${'y'.repeat(60)}` },
          { site: 'a-site-that-is-far-too-long' },
        ];
        for (const key of odd) await registry.write(key, VALUE);
        expect((await listed(registry)).map(keyText)).toEqual(odd.map(keyText).sort());
        expect((await registry.read({ site: 'Upper_Case.Site', uid: 'with.dots.json' }))?.value).toBe(VALUE);
      });
    });

    describe('what it cannot hold', () => {
      test.each([
        ['one-byte characters', 'x'],
        ['three-byte characters', '時'],
      ])('8 KB of %s is held, and no more', async (_, character) => {
        const size = Math.floor(8192 / Buffer.byteLength(character));
        const held = await registry.write(CRON, character.repeat(size));
        expect((await registry.read(CRON))?.value).toBe(character.repeat(size));

        const tooLong = character.repeat(size + 1);
        await expect(registry.write(CRON, tooLong)).rejects.toThrow(InvalidError);
        await expect(registry.write({ site: 'site', uid: 'new' }, tooLong)).rejects.toThrow(InvalidError);
        expect(await listed(registry)).toEqual([held]);
      });

      test.each([
        ['a uid with a slash', { site: 'site', uid: 'a/b' }],
        ['an empty uid', { site: 'site', uid: '' }],
        ['a site with a slash', { site: 'site/crons', uid: 'a' }],
        ['an empty site', { site: '', uid: 'a' }],
        ['an empty site of a crontab', { site: '' }],
        ['a site that leads out', { site: '../site' }],
      ])('%s is refused when written, and absent when read, removed or unmarked', async (_, key) => {
        await registry.write(CRON, VALUE);
        await expect(registry.write(key, VALUE)).rejects.toThrow(InvalidError);
        expect(await registry.read(key)).toBeUndefined();
        await registry.remove(key);
        await registry.unmarkRejected(key, 1);
        expect((await listed(registry)).map(keyText)).toEqual(['site/a']);
      });
    });

    describe('history', () => {
      const told = async (key: ParameterKey) =>
        (await registry.history(key)).map(({ version, value, author }) => ({ version, value, author }));

      test.each([
        ['a cron', CRON],
        ["a crontab's switch", CRONTAB],
      ])('the versions of %s come newest first, with their times', async (_, key) => {
        const written = [
          await registry.write(key, '"one"'),
          await registry.write(key, '"two"'),
          await registry.write(key, '"two"'),
        ];
        const versions = await registry.history(key);
        expect(
          versions.map(({ value, version, modified }) => ({ ...key, value, version, modified })),
        ).toEqual(written.reverse());
      });

      test('who asked for a version is kept with it, and with no other', async () => {
        await registry.write(CRON, '"one"', 'alice');
        await registry.write(CRON, '"two"');
        await registry.write(CRON, '"three"', 'Zoë <zoe@example.com> (π)');
        expect(await told(CRON)).toEqual([
          { version: 3, value: '"three"', author: 'Zoë <zoe@example.com> (π)' },
          { version: 2, value: '"two"', author: undefined },
          { version: 1, value: '"one"', author: 'alice' },
        ]);
      });

      test('an absent parameter has none, and neither has one that cannot be', async () => {
        expect(await registry.history(CRON)).toEqual([]);
        expect(await registry.history({ site: 'site', uid: 'a/b' })).toEqual([]);
        expect(await registry.history({ site: '' })).toEqual([]);
      });

      test('what stood before it was deleted is forgotten', async () => {
        await registry.write(CRON, '"one"');
        await registry.write(CRON, '"two"');
        await registry.remove(CRON);
        expect(await registry.history(CRON)).toEqual([]);
        await registry.write(CRON, '"three"');
        expect(await told(CRON)).toEqual([{ version: 1, value: '"three"', author: undefined }]);
      });

      test('at least the last fifty versions are kept, and at most a hundred', async () => {
        for (let n = 1; n <= 103; n++) await registry.write(CRON, `"${n}"`);
        const values = (await registry.history(CRON)).map(({ value }) => value);
        expect(values.length).toBeGreaterThanOrEqual(50);
        expect(values.length).toBeLessThanOrEqual(100);
        expect(values.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, index) => `"${103 - index}"`));
      });

      test('one parameter’s history is not another’s, and marks do not change it', async () => {
        const parameter = await registry.write(CRON, '{');
        await registry.write({ site: 'site', uid: 'b' }, '"b"');
        await registry.markRejected(parameter, PROBLEMS);
        expect(await told(CRON)).toEqual([{ version: 1, value: '{', author: undefined }]);
      });
    });

    describe('rejections', () => {
      test.each([
        ['a cron', CRON],
        ["a crontab's switch", CRONTAB],
      ])('the mark of %s is seen, and changes nothing else', async (_, key) => {
        const parameter = await registry.write(key, '{');
        expect(await made.marked(key, parameter.version)).toBe(false);
        await registry.markRejected(parameter, PROBLEMS);
        expect(await made.marked(key, parameter.version)).toBe(true);
        expect(await registry.read(key)).toEqual(parameter);
        expect(await listed(registry)).toEqual([parameter]);
      });

      test('marking again is fine', async () => {
        const parameter = await registry.write(CRON, '{');
        await registry.markRejected(parameter, PROBLEMS);
        await registry.markRejected(parameter, PROBLEMS.slice(1));
        expect(await made.marked(CRON, parameter.version)).toBe(true);
      });

      test('each version can be marked', async () => {
        await registry.markRejected(await registry.write(CRON, '{'), PROBLEMS);
        const second = await registry.write(CRON, '[');
        expect(await made.marked(CRON, second.version)).toBe(false);
        await registry.markRejected(second, PROBLEMS);
        expect(await made.marked(CRON, second.version)).toBe(true);
      });

      test('a mark is taken away once it is not true any more, and a second time is fine', async () => {
        const parameter = await registry.write(CRON, '{');
        await registry.markRejected(parameter, PROBLEMS);
        await registry.unmarkRejected(CRON, parameter.version);
        expect(await made.marked(CRON, parameter.version)).toBe(false);
        await registry.unmarkRejected(CRON, parameter.version);
        expect(await registry.read(CRON)).toEqual(parameter);
      });

      test('taking away the mark of an earlier version leaves that of a later one', async () => {
        const first = await registry.write(CRON, '{');
        const second = await registry.write(CRON, '[');
        await registry.markRejected(second, PROBLEMS);
        await registry.unmarkRejected(CRON, first.version);
        expect(await made.marked(CRON, second.version)).toBe(true);
      });

      test('a parameter that is gone is not marked, and that is fine', async () => {
        const parameter = await registry.write(CRON, '{');
        await registry.remove(CRON);
        await registry.markRejected(parameter, PROBLEMS);
        expect(await made.marked(CRON, parameter.version)).toBe(false);
        expect(await listed(registry)).toEqual([]);
        await registry.unmarkRejected(CRON, parameter.version);
      });

      test('removing a parameter takes its mark along', async () => {
        const parameter = await registry.write(CRON, '{');
        await registry.markRejected(parameter, PROBLEMS);
        await registry.remove(CRON);
        await registry.write(CRON, VALUE);
        expect(await made.marked(CRON, parameter.version)).toBe(false);
      });
    });
  });
}
