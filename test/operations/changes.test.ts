import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvalidError, NotFoundError } from '../../lib/domain/errors.ts';
import { project } from '../../lib/handlers/project.ts';
import { addCron } from '../../lib/operations/add-cron.ts';
import { editCron } from '../../lib/operations/edit-cron.ts';
import { editSettings } from '../../lib/operations/edit-settings.ts';
import { forceRun } from '../../lib/operations/force-run.ts';
import { forceRuns, removeCrons, switchCrons } from '../../lib/operations/many.ts';
import { readCron, readCrontab } from '../../lib/operations/read.ts';
import { ChangedError, ConflictError, ReadOnlyError, TakenError } from '../../lib/operations/refusals.ts';
import { removeCron } from '../../lib/operations/remove-cron.ts';
import { switchCron } from '../../lib/operations/switch-cron.ts';
import { intercept } from '../support/faulty.ts';
import { makeWorld, type World } from '../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const text = async (uid?: string) =>
  (await world.ports.registry.read(uid === undefined ? { site: 'default' } : { site: 'default', uid }))
    ?.value;
const add = (uid: string, fields = {}) => addCron(world.ports, 'default', { uid, ...HOURLY, ...fields });
const lock = () => world.edit(undefined, '{"readOnly":true}');
const problemsOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InvalidError);
  return error instanceof InvalidError ? error.problems.map(({ where }) => where) : [];
};

describe('adding a cron', () => {
  it('writes its parameter as a person would, and it is in force at once', async () => {
    const { message, changed, cron } = await add('nightly', { periodicity: '0 3 * * *' });
    expect(message).toBe(
      'Added "nightly" to the crontab of "default". It runs next at 2026-03-03T03:00:00Z.',
    );
    expect(changed).toBe(true);
    expect(cron).toMatchObject({
      uid: 'nightly',
      definition: { name: 'task' },
      active: true,
    });
    expect(await text('nightly')).toBe('{\n  "name": "task",\n  "periodicity": "0 3 * * *"\n}');
    expect(world.eventTypes()).toEqual(['ModifiedCrontab']);
  });

  it('without a uid gets a new one, and says which', async () => {
    const { message, cron } = await addCron(world.ports, 'default', HOURLY);
    expect(cron.uid).toBe('run-1');
    expect(message).toBe(
      'Added "task" as "run-1" to the crontab of "default". It runs next at 2026-03-02T12:00:00Z.',
    );
  });

  it('with a uid that is taken is refused', async () => {
    await add('a');
    await expect(add('a')).rejects.toThrow(new TakenError('default', 'a'));
    await expect(add('a')).rejects.toThrow(
      'The crontab of "default" has a cron "a" already. Choose another uid, or edit that one.',
    );
  });

  it('that is not valid is refused with all problems, and nothing is written', async () => {
    const wrong = { uid: 'b', name: 'nobody', periodicity: '0 * * *', logsLimit: 99, colour: 'red' };
    expect(await problemsOf(addCron(world.ports, 'default', wrong))).toEqual(
      expect.arrayContaining(['name', 'periodicity', 'logsLimit', 'colour']),
    );
    expect(await text('b')).toBeUndefined();
  });

  it('to a site that cannot be is refused, to a new one makes it', async () => {
    expect(await problemsOf(addCron(world.ports, 'My_Site', HOURLY))).toEqual(['site']);
    await addCron(world.ports, 'shop', HOURLY);
    expect(await world.ports.store.sites()).toEqual(['shop']);
  });

  it('that is switched off, or in a crontab that is, says that it does not run', async () => {
    expect((await add('off', { activated: false })).message).toMatch(/ It is switched off\.$/);
    await world.edit(undefined, '{"activated":false}');
    expect((await add('on')).message).toMatch(/ It does not run: the crontab is switched off\.$/);
  });

  it('keeps two braces in a row from Parameter Store, which would take them for a reference', async () => {
    await add('braces', { name: 'heartbeat', environ: { message: '{{{who}}}' } });
    expect(await text('braces')).toContain('"\\u007b\\u007b{who}}}"');
    expect((await readCron(world.ports, 'default', 'braces')).definition?.environ).toEqual({
      message: '{{{who}}}',
    });
  });

  it('notes who asked for it, in the history and in the log', async () => {
    const ports = { ...world.ports, by: 'alice' };
    await addCron(ports, 'default', { uid: 'a', ...HOURLY });
    expect((await world.ports.registry.history({ site: 'default', uid: 'a' }))[0]?.author).toBe('alice');
    expect(world.log.messages('info')).toContain('The cron "a" of "default" was saved');
  });
});

describe('editing a cron', () => {
  it('replaces what is given, keeps the rest, and says what changed', async () => {
    await add('a', { environ: { one: 1, two: 2 }, timeout: '5m' });
    const { message, changed, cron } = await editCron(world.ports, 'default', 'a', {
      periodicity: '30 * * * *',
      environ: { one: 1, three: 3 },
      timezone: 'Europe/Paris',
    });
    expect(message).toBe(
      'The cron "a" of "default" was changed: environ.three, environ.two, periodicity from "0 * * * *" to ' +
        '"30 * * * *", timezone to "Europe/Paris". It runs next at 2026-03-02T12:30:00Z.',
    );
    expect(changed).toBe(true);
    expect(cron).toMatchObject({
      timezone: 'Europe/Paris',
      definition: { periodicity: '30 * * * *', environ: { one: 1, three: 3 }, timeout: 300 },
      parameter: { version: 2 },
    });
    expect(JSON.parse((await text('a')) ?? '')).toMatchObject({ timeout: '5m' });
  });

  it('takes a field away when it is null, so that its default counts', async () => {
    await add('a', { user: 'bob', logsLimit: 9 });
    const { message, cron } = await editCron(world.ports, 'default', 'a', { user: null, logsLimit: null });
    expect(cron.definition).toMatchObject({ logsLimit: 5 });
    expect(cron.definition).not.toHaveProperty('user');
    expect(message).toContain('was changed: logsLimit from 9 to nothing, user from "bob" to nothing.');
  });

  it('that changes nothing writes nothing', async () => {
    await add('a');
    const { message, changed, cron } = await editCron(world.ports, 'default', 'a', { ...HOURLY, user: null });
    expect(message).toBe('The cron "a" of "default" is so already: nothing was changed.');
    expect(changed).toBe(false);
    expect(cron.parameter.version).toBe(1);
  });

  it('that leads to something not valid is refused with all problems, and changes nothing', async () => {
    await add('a');
    const edit = { name: 'nobody', periodicity: '', colour: 'red', uid: 'b' };
    expect(await problemsOf(editCron(world.ports, 'default', 'a', edit))).toEqual(
      expect.arrayContaining(['name', 'periodicity', 'colour', 'uid']),
    );
    expect((await readCron(world.ports, 'default', 'a')).parameter.version).toBe(1);
  });

  it('of one that does not exist is refused', async () => {
    await expect(editCron(world.ports, 'default', 'nobody', {})).rejects.toThrow(
      new NotFoundError('There is no cron "nobody" on the site "default".'),
    );
  });

  it('made from a version that is not there any more is refused, and says who changed what', async () => {
    const { tag } = (await add('a')).cron.parameter;
    await editCron({ ...world.ports, by: 'bob' }, 'default', 'a', { logsLimit: 7, environ: { key: 'x' } });
    const late = editCron(world.ports, 'default', 'a', { logsLimit: 9 }, { expected: [tag] });
    await expect(late).rejects.toThrow(ChangedError);
    await expect(late).rejects.toThrow(
      /^The cron "a" of "default" was changed in the meantime by bob at 2\S+Z: environ\.key, logsLimit to 7\. Nothing was saved\. Look at it, and then save again\.$/,
    );
    await expect(late).rejects.toMatchObject({
      tag: (await readCron(world.ports, 'default', 'a')).parameter.tag,
      changes: [{ field: 'environ.key' }, { field: 'logsLimit', is: '7' }],
    });
  });

  it('made from a version that nobody knows is refused without details', async () => {
    await add('a');
    await expect(editCron(world.ports, 'default', 'a', {}, { expected: ['9-9'] })).rejects.toThrow(
      /was changed in the meantime at \S+Z\. Nothing was saved/,
    );
  });

  it('made from the version that stands is done', async () => {
    const { tag } = (await add('a')).cron.parameter;
    const edit = editCron(world.ports, 'default', 'a', { logsLimit: 9 }, { expected: ['x', tag] });
    expect((await edit).changed).toBe(true);
  });

  it('that somebody came in between of says so', async () => {
    await add('a');
    let once = true;
    const registry = intercept(world.ports.registry, 'write', async (call) => {
      if (once) await world.ports.registry.write({ site: 'default', uid: 'a' }, '{}', 'carol');
      once = false;
      return call();
    });
    const { message } = await editCron({ ...world.ports, registry }, 'default', 'a', { logsLimit: 9 });
    expect(message).toMatch(/ Another change by carol came in between and was replaced: see the history\.$/);
  });

  it('mends a rejected version field by field, and drops what no cron knows', async () => {
    await world.edit('a', '{"name":"task","periodicity":"0 * * *","colour":"red"}');
    expect(await problemsOf(editCron(world.ports, 'default', 'a', { logsLimit: 7 }))).toEqual([
      'periodicity',
    ]);
    const { message, cron } = await editCron(world.ports, 'default', 'a', { periodicity: '@daily' });
    expect(message).toMatch(
      /^The cron "a" of "default" was changed: periodicity from "0 \* \* \*" to "@daily"\./,
    );
    expect(cron.parameter.problems).toBeUndefined();
    expect(JSON.parse((await text('a')) ?? '')).toEqual({ name: 'task', periodicity: '@daily' });
  });

  it('of a text that cannot be read at all starts from what is in force', async () => {
    await add('a', { logsLimit: 7 });
    await world.edit('a', '{"name": ');
    const { message, cron } = await editCron(world.ports, 'default', 'a', {});
    expect(message).toMatch(/^The cron "a" of "default" is mended\./);
    expect(cron).toMatchObject({ definition: { name: 'task', logsLimit: 7 } });
    await world.edit('new', 'nonsense');
    expect(await problemsOf(editCron(world.ports, 'default', 'new', {}))).toEqual(['name', 'periodicity']);
  });
});

describe('switching and removing', () => {
  it('one that is switched off and on says when it runs next', async () => {
    await add('a');
    const off = await switchCron(world.ports, 'default', 'a', false);
    expect(off.message).toBe('The cron "a" of "default" is now switched off.');
    expect(off.cron.health).toBe('off');
    const again = await switchCron(world.ports, 'default', 'a', false);
    expect(again).toMatchObject({
      changed: false,
      message: 'The cron "a" of "default" was already switched off.',
    });
    const on = await switchCron(world.ports, 'default', 'a', true);
    expect(on.message).toBe(
      'The cron "a" of "default" is now switched on. It runs next at 2026-03-02T12:00:00Z.',
    );
  });

  it('a removed cron is gone from registry and table', async () => {
    await add('a');
    expect(await removeCron(world.ports, 'default', 'a')).toEqual({
      message: 'The cron "a" of "default" was removed, with its logs.',
      changed: true,
    });
    expect(await text('a')).toBeUndefined();
    await expect(readCron(world.ports, 'default', 'a')).rejects.toThrow(NotFoundError);
    await expect(removeCron(world.ports, 'default', 'a')).rejects.toThrow(NotFoundError);
  });

  it('a cron that was changed in the meantime is not removed', async () => {
    const { tag } = (await add('a')).cron.parameter;
    await editCron(world.ports, 'default', 'a', { logsLimit: 9 });
    await expect(removeCron(world.ports, 'default', 'a', { expected: [tag] })).rejects.toThrow(ChangedError);
    expect(await text('a')).toBeDefined();
  });

  it('one whose uid no cron may have can be removed', async () => {
    await world.edit('with.dots', '{}');
    await removeCron(world.ports, 'default', 'with.dots');
    expect((await readCrontab(world.ports, 'default')).crons).toEqual([]);
  });
});

describe('one action on several', () => {
  it('does what it can, and says what was refused and why', async () => {
    await add('a');
    await add('b');
    const outcome = await removeCrons(world.ports, 'default', ['a', 'b', 'b', 'c']);
    expect(outcome).toEqual({
      message: 'Removed 2 crons. 1 cron refused: There is no cron "c" on the site "default".',
      changed: true,
      done: ['a', 'b'],
      refused: [{ uid: 'c', reason: 'There is no cron "c" on the site "default".' }],
    });
  });

  it('switches and runs', async () => {
    await add('a');
    await add('b', { activated: false });
    expect(await switchCrons(world.ports, 'default', ['a', 'b'], true)).toMatchObject({
      message: 'Switched on 2 crons.',
      changed: true,
    });
    expect(await switchCrons(world.ports, 'default', ['b'], true)).toMatchObject({
      message: '1 cron was switched on already: nothing was changed.',
      changed: false,
    });
    expect((await switchCrons(world.ports, 'default', ['b'], false)).message).toBe('Switched off 1 cron.');
    expect((await forceRuns(world.ports, 'default', ['a'])).message).toBe('Asked for a run of 1 cron.');
  });

  it('throws a defect instead of hiding it', async () => {
    await add('a');
    const registry = intercept(world.ports.registry, 'remove', () => Promise.reject(new TypeError('defect')));
    await expect(removeCrons({ ...world.ports, registry }, 'default', ['a'])).rejects.toThrow('defect');
  });
});

describe('the settings of a crontab', () => {
  it('switch it off and on, in words', async () => {
    await add('a');
    const off = await editSettings(world.ports, 'default', { activated: false });
    expect(off).toMatchObject({
      message: 'The crontab of "default" is now switched off: none of its crons runs.',
      changed: true,
      settings: {
        settings: { activated: false, readOnly: false, timezone: 'UTC' },
        parameter: { version: 1 },
      },
    });
    expect((await editSettings(world.ports, 'default', { activated: true })).message).toBe(
      'The crontab of "default" is now switched on: its crons run again from now.',
    );
    expect((await readCrontab(world.ports, 'default')).counts.active).toBe(1);
  });

  it('of several changes each is told', async () => {
    const { message } = await editSettings(world.ports, 'default', {
      activated: false,
      timezone: 'Asia/Tokyo',
    });
    expect(message).toBe(
      'The crontab of "default" was changed: activated from true to false, timezone from "UTC" to "Asia/Tokyo".',
    );
  });

  it('that are so already are not written again', async () => {
    await editSettings(world.ports, 'default', { timezone: 'Asia/Tokyo' });
    expect(await editSettings(world.ports, 'default', { timezone: 'Asia/Tokyo' })).toMatchObject({
      changed: false,
      message: 'The crontab of "default" is so already: nothing was changed.',
      settings: { parameter: { version: 1 } },
    });
    expect((await editSettings(world.ports, 'default', { readOnly: null, activated: true })).message).toBe(
      'The crontab of "default" was saved.',
    );
  });

  it('that are not valid are refused with all problems', async () => {
    const wrong = { activated: 'yes', timezone: 'Mars', power: 1 };
    expect(await problemsOf(editSettings(world.ports, 'default', wrong))).toEqual(
      expect.arrayContaining(['activated', 'timezone', 'power']),
    );
  });

  it('of a site that has crons alone can be written, of one that nobody knows not', async () => {
    await addCron(world.ports, 'shop', HOURLY);
    expect((await editSettings(world.ports, 'shop', { timezone: 'Asia/Tokyo' })).changed).toBe(true);
    await expect(editSettings(world.ports, 'nowhere', {})).rejects.toThrow(
      new NotFoundError('There is no site "nowhere".'),
    );
  });

  it('changed in the meantime are not overwritten', async () => {
    const first = await editSettings(world.ports, 'default', { activated: false });
    const expected = [first.settings.parameter?.tag ?? ''];
    await editSettings(world.ports, 'default', { timezone: 'Asia/Tokyo' });
    await expect(editSettings(world.ports, 'default', { activated: true }, { expected })).rejects.toThrow(
      /^The crontab of "default" was changed in the meantime at \S+: timezone to "Asia\/Tokyo"\./,
    );
    await world.ports.registry.remove({ site: 'default' });
    await expect(editSettings(world.ports, 'default', { activated: true }, { expected })).rejects.toThrow(
      'The crontab of "default" has no settings any more.',
    );
  });

  it('that were broken are mended from what is in force', async () => {
    await editSettings(world.ports, 'default', { timezone: 'Asia/Tokyo' });
    await world.edit(undefined, '{');
    const { settings } = await editSettings(world.ports, 'default', { activated: true });
    expect(settings).toMatchObject({ settings: { timezone: 'Asia/Tokyo' }, parameter: { version: 3 } });
    expect(settings.parameter?.problems).toBeUndefined();
    await world.edit(undefined, '{"activated":false,"colour":"red"}');
    await editSettings(world.ports, 'default', { activated: true });
    expect(await text()).toBe('{\n  "activated": true\n}');
  });
});

describe('a read-only crontab', () => {
  it('refuses every change, says so, and changes nothing', async () => {
    await add('a');
    await lock();
    const before = [await text('a'), await text()];
    const reason = new ReadOnlyError('default');
    expect(reason.message).toBe(
      'The crontab of "default" is read only, so nothing was changed. Switch "readOnly" off first.',
    );
    await expect(add('b')).rejects.toThrow(reason);
    await expect(editCron(world.ports, 'default', 'a', { logsLimit: 9 })).rejects.toThrow(reason);
    await expect(switchCron(world.ports, 'default', 'a', false)).rejects.toThrow(reason);
    await expect(removeCron(world.ports, 'default', 'a')).rejects.toThrow(reason);
    await expect(editSettings(world.ports, 'default', { activated: false })).rejects.toThrow(reason);
    expect([await text('a'), await text()]).toEqual(before);
    expect(await text('b')).toBeUndefined();
  });

  it('is locked from the moment that its parameter says so, before the table knows', async () => {
    await add('a');
    await world.ports.registry.write({ site: 'default' }, '{"readOnly":true}');
    await expect(removeCron(world.ports, 'default', 'a')).rejects.toThrow(ReadOnlyError);
  });

  it('stays locked when its settings are broken', async () => {
    await add('a');
    await lock();
    await world.edit(undefined, '{"readOnly":');
    await expect(removeCron(world.ports, 'default', 'a')).rejects.toThrow(ReadOnlyError);
  });

  it('whose settings were never good is not locked', async () => {
    await add('a');
    await world.edit(undefined, 'nonsense');
    await removeCron(world.ports, 'default', 'a');
    expect(await text('a')).toBeUndefined();
  });

  it('can be unlocked, along with other settings', async () => {
    await lock();
    const { message } = await editSettings(world.ports, 'default', { readOnly: false, activated: false });
    expect(message).toContain('activated from true to false, readOnly from true to false');
    expect((await add('a')).changed).toBe(true);
  });
});

describe('a forced run', () => {
  const force = async (uid: string) => {
    const outcome = await forceRun(world.ports, 'default', uid);
    await world.clock.advance(0);
    return outcome;
  };

  it('is delivered now, and its log is found by its id', async () => {
    await world.save('a', HOURLY);
    const { message, runId } = await force('a');
    expect(message).toBe(`Asked for a run of "a" of "default": ${runId}. Its log appears when it has ended.`);
    expect(world.delivered).toEqual([{ site: 'default', uid: 'a', at: world.clock.now(), forced: runId }]);
    for (const delivery of world.delivered) await world.run(delivery);
    expect((await readCron(world.ports, 'default', 'a')).logs).toMatchObject([{ runId, status: 'OK' }]);
  });

  it('is allowed in a read-only crontab', async () => {
    await add('a');
    await lock();
    expect((await force('a')).runId).toBe('run-1');
  });

  it('of what is switched off says that it will not run', async () => {
    await add('a', { activated: false });
    await add('b');
    expect((await force('a')).message).toContain(
      'It will not run, because it is switched off; its log will say so.',
    );
    await world.edit(undefined, '{"activated":false}');
    expect((await force('b')).message).toContain('because the crontab is switched off');
  });

  it.each([
    ['skip', 'if it has not ended by then, this one is logged as not run'],
    ['buffer', 'this one follows when that has ended'],
    ['allow', 'Its log appears when it has ended'],
  ])('while a run goes on says what overlap "%s" makes of it', async (overlap, words) => {
    await world.save('a', { ...HOURLY, overlap });
    let end = () => {};
    world.task = () => new Promise<undefined>((resolve) => (end = () => resolve(undefined)));
    await force('a');
    const [delivery] = world.delivered;
    const running = delivery && world.run(delivery);
    await world.clock.advance(1000);
    expect((await readCron(world.ports, 'default', 'a')).health).toBe('running');
    expect((await force('a')).message).toContain(words);
    end();
    await running;
  });

  it('of what never had a good version, or does not exist, is refused', async () => {
    await world.edit('a', '{}');
    await expect(force('a')).rejects.toThrow(
      new ConflictError(
        'The cron "a" of "default" cannot run: no version of it was ever valid. Mend it first.',
      ),
    );
    await expect(force('b')).rejects.toThrow(NotFoundError);
  });
});

it('a change event that comes later finds everything done', async () => {
  await add('a');
  await project(world.ports, { site: 'default', uid: 'a' });
  expect(world.eventTypes()).toEqual(['ModifiedCrontab']);
});
