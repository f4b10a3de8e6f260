/** The contract of Registry. The test of an adapter calls `registryContract` with a factory of empty registries. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvalidError } from '../../lib/core/domain/errors.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { Problem } from '../../lib/core/domain/problem.ts';
import type { Parameter, Registry } from '../../lib/core/ports/registry.ts';

export interface RegistryUnderTest {
  readonly registry: Registry;
  /** Whether that version of the parameter is visibly marked as rejected. */
  marked(key: ParameterKey, version: number): Promise<boolean>;
  close(): Promise<void>;
}

const CRON = { site: 'site', uid: 'a' };
const CRONTAB = { site: 'site' };
const VALUE = '{"name": "heartbeat", "periodicity": "*/5 * * * *"}';
const PROBLEMS: readonly Problem[] = [
  { where: 'name', got: 'nothing', wanted: 'a runner', fix: 'Add a name.' },
  { where: 'periodicity', got: '"π 🕐"', wanted: 'five fields', fix: 'Write five fields.' },
];

const keyText = ({ site, uid }: ParameterKey) => (uid === undefined ? site : `${site}/${uid}`);

async function parametersOf(registry: Registry): Promise<Parameter[]> {
  const parameters: Parameter[] = [];
  for await (const parameter of registry.list()) parameters.push(parameter);
  return parameters.sort((a, b) => (keyText(a) < keyText(b) ? -1 : 1));
}

/** The contract of Registry. `make` returns an empty registry. */
export function registryContract(name: string, make: () => Promise<RegistryUnderTest>) {
  describe(`${name} as Registry`, () => {
    let subject: RegistryUnderTest;
    let registry: Registry;

    beforeEach(async () => {
      subject = await make();
      registry = subject.registry;
    });
    afterEach(() => subject.close());

    describe('read and write', () => {
      test('An empty registry has no parameter', async () => {
        expect(await registry.read(CRON)).toBeUndefined();
        expect(await registry.read(CRONTAB)).toBeUndefined();
        expect(await parametersOf(registry)).toEqual([]);
      });

      test.each([
        ['a cron', CRON],
        ['a crontab', CRONTAB],
      ])('The parameter of %s is read as it was written, and nothing else appears', async (_, key) => {
        const written = await registry.write(key, VALUE);
        const { version, modified } = written;
        expect(written).toEqual({ ...key, value: VALUE, version: 1, modified });
        expect(version).toBe(1);
        expect(Number.isInteger(modified)).toBe(true);
        expect(await registry.read(key)).toEqual(written);
        expect(await parametersOf(registry)).toEqual([written]);
      });

      test.each([
        ['is not JSON', '{"name": '],
        ['contains any character', '{"environ": {"text": "π “three” 🕐\\u0000"}}'],
        ['spans several lines', '{\n  "name": "heartbeat"\r\n}\n'],
        ['is blank', ' '],
      ])('A value that %s is kept unchanged, since the registry validates nothing', async (_, value) => {
        await registry.write(CRON, value);
        expect((await registry.read(CRON))?.value).toBe(value);
      });

      test('The crontab, a cron with the uid crontab and the same uid on another site are separate parameters', async () => {
        const keys = [CRONTAB, { site: 'site', uid: 'crontab' }, { site: 'crons', uid: 'crons' }, CRON];
        const other = { site: 'site-2', uid: 'a' };
        for (const key of [...keys, other]) await registry.write(key, `"${keyText(key)}"`);
        for (const key of [...keys, other]) {
          expect((await registry.read(key))?.value).toBe(`"${keyText(key)}"`);
        }
        await registry.remove(CRON);
        expect((await registry.read(other))?.value).toBe('"site-2/a"');
        expect((await parametersOf(registry)).map(keyText)).toEqual(
          [...keys.slice(0, 3), other].map(keyText).sort(),
        );
      });
    });

    describe('versions', () => {
      test('Each write makes a later version, even with the same value', async () => {
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

      test('Reading and listing make no version', async () => {
        const written = await registry.write(CRON, VALUE);
        await parametersOf(registry);
        await registry.read(CRON);
        expect(await registry.read(CRON)).toEqual(written);
      });

      test('A parameter that was removed and created again restarts at version 1 with a later time', async () => {
        await registry.write(CRON, VALUE);
        const oldParameter = await registry.write(CRON, '"two"');
        await registry.remove(CRON);
        const newParameter = await registry.write(CRON, '"two"');
        expect(newParameter.version).toBe(1);
        expect(newParameter.modified).toBeGreaterThan(oldParameter.modified);
      });

      test('The versions of one parameter do not depend on those of another', async () => {
        await registry.write(CRON, VALUE);
        await registry.write(CRON, VALUE);
        expect((await registry.write({ site: 'site', uid: 'b' }, VALUE)).version).toBe(1);
      });
    });

    describe('remove', () => {
      test('A removed parameter is gone', async () => {
        await registry.write(CRON, VALUE);
        await registry.write(CRONTAB, '{}');
        await registry.remove(CRON);
        expect(await registry.read(CRON)).toBeUndefined();
        expect((await parametersOf(registry)).map(keyText)).toEqual(['site']);
        await registry.remove(CRONTAB);
        expect(await parametersOf(registry)).toEqual([]);
      });

      test('Removing an absent parameter succeeds, even twice', async () => {
        await registry.remove(CRON);
        await registry.write(CRON, VALUE);
        await registry.remove(CRON);
        await registry.remove(CRON);
        expect(await registry.read(CRON)).toBeUndefined();
      });
    });

    describe('list', () => {
      test('A list of parameters that exceeds a page is complete and has their values', async () => {
        const written: Parameter[] = [];
        for (let n = 0; n < 34; n++) {
          const key = n % 17 === 0 ? { site: `site-${n % 3}` } : { site: `site-${n % 3}`, uid: `cron-${n}` };
          written.push(await registry.write(key, `{"n": ${n}}`));
        }
        written.sort((a, b) => (keyText(a) < keyText(b) ? -1 : 1));
        expect(await parametersOf(registry)).toEqual(written);
      });

      test('A site and a uid come back as they were written, valid or not', async () => {
        const invalidKeys = [
          { site: 'Upper_Case.Site', uid: 'with.dots.json' },
          { site: 'a-site-that-is-far-too-long', uid: `x${'y'.repeat(60)}` },
          { site: 'a-site-that-is-far-too-long' },
        ];
        for (const key of invalidKeys) await registry.write(key, VALUE);
        expect((await parametersOf(registry)).map(keyText)).toEqual(invalidKeys.map(keyText).sort());
        expect((await registry.read({ site: 'Upper_Case.Site', uid: 'with.dots.json' }))?.value).toBe(VALUE);
      });
    });

    describe('limits', () => {
      test.each([
        ['one-byte characters', 'x'],
        ['three-byte characters', '時'],
      ])('A value may hold 8 KB of %s, and no more', async (_, character) => {
        const size = Math.floor(8192 / Buffer.byteLength(character));
        const longestParameter = await registry.write(CRON, character.repeat(size));
        expect((await registry.read(CRON))?.value).toBe(character.repeat(size));

        const tooLong = character.repeat(size + 1);
        await expect(registry.write(CRON, tooLong)).rejects.toThrow(InvalidError);
        await expect(registry.write({ site: 'site', uid: 'new' }, tooLong)).rejects.toThrow(InvalidError);
        expect(await parametersOf(registry)).toEqual([longestParameter]);
      });

      test.each([
        ['a slash in its uid', { site: 'site', uid: 'a/b' }],
        ['an empty uid', { site: 'site', uid: '' }],
        ['a slash in its site', { site: 'site/crons', uid: 'a' }],
        ['an empty site', { site: '', uid: 'a' }],
        ['an empty site and no uid', { site: '' }],
        ['a path to a parent folder as its site', { site: '../site' }],
      ])(
        'A key with %s is refused when written, and absent when read, removed or unmarked',
        async (_, key) => {
          await registry.write(CRON, VALUE);
          await expect(registry.write(key, VALUE)).rejects.toThrow(InvalidError);
          expect(await registry.read(key)).toBeUndefined();
          await registry.remove(key);
          await registry.unlabelRejected(key, 1);
          expect((await parametersOf(registry)).map(keyText)).toEqual(['site/a']);
        },
      );
    });

    describe('history', () => {
      const signedVersions = async (key: ParameterKey) =>
        (await registry.history(key)).map(({ version, value, author }) => ({ version, value, author }));

      test.each([
        ['a cron', CRON],
        ['a crontab', CRONTAB],
      ])('The versions of %s come newest first, with their times', async (_, key) => {
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

      test('A version keeps its author, and the next version does not inherit it', async () => {
        await registry.write(CRON, '"one"', 'alice');
        await registry.write(CRON, '"two"');
        await registry.write(CRON, '"three"', 'Zoë <zoe@example.com> (π)');
        expect(await signedVersions(CRON)).toEqual([
          { version: 3, value: '"three"', author: 'Zoë <zoe@example.com> (π)' },
          { version: 2, value: '"two"', author: undefined },
          { version: 1, value: '"one"', author: 'alice' },
        ]);
      });

      test('An absent parameter has no history, and neither has one with an invalid key', async () => {
        expect(await registry.history(CRON)).toEqual([]);
        expect(await registry.history({ site: 'site', uid: 'a/b' })).toEqual([]);
        expect(await registry.history({ site: '' })).toEqual([]);
      });

      test('Removing a parameter removes its history', async () => {
        await registry.write(CRON, '"one"');
        await registry.write(CRON, '"two"');
        await registry.remove(CRON);
        expect(await registry.history(CRON)).toEqual([]);
        await registry.write(CRON, '"three"');
        expect(await signedVersions(CRON)).toEqual([{ version: 1, value: '"three"', author: undefined }]);
      });

      test('The history holds at least the last fifty versions, and at most a hundred', async () => {
        for (let n = 1; n <= 103; n++) await registry.write(CRON, `"${n}"`);
        const values = (await registry.history(CRON)).map(({ value }) => value);
        expect(values.length).toBeGreaterThanOrEqual(50);
        expect(values.length).toBeLessThanOrEqual(100);
        expect(values.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, index) => `"${103 - index}"`));
      });

      test('The history of one parameter does not include that of another, and marks do not change it', async () => {
        const parameter = await registry.write(CRON, '{');
        await registry.write({ site: 'site', uid: 'b' }, '"b"');
        await registry.labelRejected(parameter, PROBLEMS);
        expect(await signedVersions(CRON)).toEqual([{ version: 1, value: '{', author: undefined }]);
      });
    });

    describe('marks of rejection', () => {
      test.each([
        ['a cron', CRON],
        ['a crontab', CRONTAB],
      ])('The mark of %s is visible and changes nothing else', async (_, key) => {
        const parameter = await registry.write(key, '{');
        expect(await subject.marked(key, parameter.version)).toBe(false);
        await registry.labelRejected(parameter, PROBLEMS);
        expect(await subject.marked(key, parameter.version)).toBe(true);
        expect(await registry.read(key)).toEqual(parameter);
        expect(await parametersOf(registry)).toEqual([parameter]);
      });

      test('A version can be marked again', async () => {
        const parameter = await registry.write(CRON, '{');
        await registry.labelRejected(parameter, PROBLEMS);
        await registry.labelRejected(parameter, PROBLEMS.slice(1));
        expect(await subject.marked(CRON, parameter.version)).toBe(true);
      });

      test('Each version can be marked', async () => {
        await registry.labelRejected(await registry.write(CRON, '{'), PROBLEMS);
        const second = await registry.write(CRON, '[');
        expect(await subject.marked(CRON, second.version)).toBe(false);
        await registry.labelRejected(second, PROBLEMS);
        expect(await subject.marked(CRON, second.version)).toBe(true);
      });

      test('A mark can be removed, even twice', async () => {
        const parameter = await registry.write(CRON, '{');
        await registry.labelRejected(parameter, PROBLEMS);
        await registry.unlabelRejected(CRON, parameter.version);
        expect(await subject.marked(CRON, parameter.version)).toBe(false);
        await registry.unlabelRejected(CRON, parameter.version);
        expect(await registry.read(CRON)).toEqual(parameter);
      });

      test('Removing the mark of an earlier version leaves that of a later one', async () => {
        const first = await registry.write(CRON, '{');
        const second = await registry.write(CRON, '[');
        await registry.labelRejected(second, PROBLEMS);
        await registry.unlabelRejected(CRON, first.version);
        expect(await subject.marked(CRON, second.version)).toBe(true);
      });

      test('Marking a removed parameter succeeds and changes nothing', async () => {
        const parameter = await registry.write(CRON, '{');
        await registry.remove(CRON);
        await registry.labelRejected(parameter, PROBLEMS);
        expect(await subject.marked(CRON, parameter.version)).toBe(false);
        expect(await parametersOf(registry)).toEqual([]);
        await registry.unlabelRejected(CRON, parameter.version);
      });

      test('Removing a parameter removes its mark', async () => {
        const parameter = await registry.write(CRON, '{');
        await registry.labelRejected(parameter, PROBLEMS);
        await registry.remove(CRON);
        await registry.write(CRON, VALUE);
        expect(await subject.marked(CRON, parameter.version)).toBe(false);
      });
    });
  });
}
