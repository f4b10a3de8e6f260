import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCron } from '../../../lib/app/operations/add-cron.ts';
import { forceRuns, removeCrons, restoreCrons, switchCrons } from '../../../lib/app/operations/bulk.ts';
import { policyWarnings } from '../../../lib/app/operations/cron-warnings.ts';
import { editCron } from '../../../lib/app/operations/edit-cron.ts';
import { editSettings } from '../../../lib/app/operations/edit-settings.ts';
import { changesText } from '../../../lib/app/operations/field-changes.ts';
import { forceRun } from '../../../lib/app/operations/force-run.ts';
import { nextRunText } from '../../../lib/app/operations/messages.ts';
import { readCron, readCrontab } from '../../../lib/app/operations/read.ts';
import { removeCron } from '../../../lib/app/operations/remove-cron.ts';
import { switchCron } from '../../../lib/app/operations/switch-cron.ts';
import { switchSite } from '../../../lib/app/operations/switch-site.ts';
import type { JsonObject } from '../../../lib/core/domain/cron.ts';
import {
  AlreadyExistsError,
  ConflictError,
  InvalidError,
  NotFoundError,
  ReadOnlyError,
  VersionConflictError,
} from '../../../lib/core/domain/errors.ts';
import { describeKey } from '../../../lib/core/domain/names.ts';
import { cronNotFound, siteNotFound } from '../../../lib/core/domain/not-found.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { commitJob } from '../../support/commit-job.ts';
import { intercept } from '../../support/faulty.ts';
import { MINUTE, NOON } from '../../support/jobs.ts';
import { makeWorld, type World } from '../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const A = { site: 'default', uid: 'a' };

const text = async (uid?: string) =>
  (await world.ports.registry.read(uid === undefined ? { site: 'default' } : { site: 'default', uid }))
    ?.value;
const add = (uid: string, fields = {}) => addCron(world.ports, 'default', { uid, ...HOURLY, ...fields });
const lock = () => world.edit(undefined, '{"readOnly":true}');
const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const problemsOf = async (work: Promise<unknown>) => {
  const error = await errorOf(work);
  expect(error).toBeInstanceOf(InvalidError);
  return error instanceof InvalidError ? error.problems.map(({ where }) => where) : [];
};

describe('addCron', () => {
  it('An added cron is written as its fields and is in force at once', async () => {
    const { message, changed, cron } = await add('nightly', { periodicity: '0 3 * * *' });
    expect(message).toBe(`Added "nightly" to the crontab of "default". ${nextRunText(cron)}`);
    expect(changed).toBe(true);
    expect(cron).toMatchObject({
      uid: 'nightly',
      definition: { name: 'task' },
      active: true,
      job: { next: Date.parse('2026-03-03T03:00:00Z') },
    });
    expect(await text('nightly')).toBe('{\n  "name": "task",\n  "periodicity": "0 3 * * *"\n}');
    expect(world.eventTypes()).toEqual(['ModifiedCrontab']);
  });

  it('An added cron with a maxLateness below the grace is accepted with a warning', async () => {
    const { message, cron } = await add('a', { maxLateness: '2m' });
    const [warning] = policyWarnings({ maxLateness: 120 });
    expect(message).toBe(`Added "a" to the crontab of "default". ${nextRunText(cron)} ${warning}`);
    expect(cron).toMatchObject({ active: true, definition: { maxLateness: 120 } });
  });

  it('A cron that is added without a uid gets a new one, which the message names', async () => {
    const { message, cron } = await addCron(world.ports, 'default', HOURLY);
    expect(cron).toMatchObject({ uid: 'run-1', job: { next: NOON } });
    expect(message).toBe(`Added "task" as "run-1" to the crontab of "default". ${nextRunText(cron)}`);
  });

  it('A cron with a uid that is taken is refused', async () => {
    await add('a');
    await expect(add('a')).rejects.toThrow(new AlreadyExistsError('default', 'a'));
    await expect(add('a')).rejects.toThrow(
      'The crontab of "default" has a cron "a" already. Choose another uid, or edit that one.',
    );
  });

  it('An invalid cron is refused with all problems, and nothing is written', async () => {
    const invalidFields = { uid: 'b', name: 'unknown', periodicity: '0 * * *', logsLimit: 99, colour: 'red' };
    expect(await problemsOf(addCron(world.ports, 'default', invalidFields))).toEqual(
      expect.arrayContaining(['name', 'periodicity', 'logsLimit', 'colour']),
    );
    expect(await text('b')).toBeUndefined();
  });

  it('A cron for an invalid site is refused, and one for a new site creates the site', async () => {
    expect(await problemsOf(addCron(world.ports, 'My_Site', HOURLY))).toEqual(['site']);
    await addCron(world.ports, 'shop', HOURLY, { newSite: true });
    expect(await world.ports.store.sites()).toEqual(['shop']);
  });

  it('The message says when the cron runs next, or why it does not run', async () => {
    const { message, cron } = await add('hourly');
    expect(message).toMatch(/\. It runs next at Mon 2 Mar 2026 12:00 UTC\.$/);
    const { next: _, ...jobWithoutNext } = cron.job;
    expect(nextRunText({ ...cron, job: jobWithoutNext })).toBe('It never runs again: no such time comes.');
    expect((await add('off', { activated: false })).message).toMatch(/\. It is switched off\.$/);
    await world.edit(undefined, '{"activated":false}');
    expect((await add('on')).message).toMatch(/\. It does not run: the crontab is switched off\.$/);
  });

  it('Two consecutive braces are escaped, because Parameter Store treats them as a reference', async () => {
    await add('braces', { name: 'heartbeat', environ: { message: '{{{name}}}' } });
    expect(await text('braces')).toContain('"\\u007b\\u007b{name}}}"');
    expect((await readCron(world.ports, 'default', 'braces')).definition?.environ).toEqual({
      message: '{{{name}}}',
    });
  });

  it('The author of an added cron is kept in the history, and the save is logged', async () => {
    const ports = { ...world.ports, by: 'alice' };
    await addCron(ports, 'default', { uid: 'a', ...HOURLY });
    expect((await world.ports.registry.history(A))[0]?.author).toBe('alice');
    expect(world.logger.linesOf('parameter-written')).toMatchObject([
      { level: 'info', message: `${describeKey(A)} was saved`, fields: A },
    ]);
  });
});

describe('editCron', () => {
  it('An edit replaces the given fields, keeps the others and lists the changes', async () => {
    await add('a', { environ: { one: 1, two: 2 }, timeout: '5m' });
    const { message, changed, cron } = await editCron(world.ports, 'default', 'a', {
      periodicity: '30 * * * *',
      environ: { one: 1, three: 3 },
      timezone: 'Europe/Paris',
    });
    expect(message).toBe(
      'The cron "a" of "default" was changed: environ.three set, environ.two removed, periodicity from "0 * * * *" to ' +
        `"30 * * * *", timezone to "Europe/Paris". ${nextRunText(cron)}`,
    );
    expect(changed).toBe(true);
    expect(cron).toMatchObject({
      timezone: 'Europe/Paris',
      definition: { periodicity: '30 * * * *', environ: { one: 1, three: 3 }, timeout: 300 },
      parameter: { version: 2 },
      job: { next: NOON + 30 * MINUTE },
    });
    expect(JSON.parse((await text('a')) ?? '')).toMatchObject({ timeout: '5m' });
  });

  it('An edit of maxLateness to less than the grace is accepted with a warning, which no other edit repeats', async () => {
    await add('a');
    const [warning = ''] = policyWarnings({ maxLateness: 60 });
    const edit = async (fields: JsonObject) => (await editCron(world.ports, 'default', 'a', fields)).message;
    expect(await edit({ maxLateness: 60 })).toSatisfy((message: string) => message.endsWith(` ${warning}`));
    expect(await edit({ logsLimit: 9 })).not.toContain(warning);
    expect(await edit({ maxLateness: 300 })).not.toContain('counts as');
  });

  it('A field that is null in an edit gets its default', async () => {
    await add('a', { user: 'bob', logsLimit: 9 });
    const { message, cron } = await editCron(world.ports, 'default', 'a', { user: null, logsLimit: null });
    expect(cron.definition).toMatchObject({ logsLimit: 5 });
    expect(cron.definition).not.toHaveProperty('user');
    expect(message).toContain(': logsLimit from 9 to nothing, user from "bob" to nothing.');
  });

  it('An edit that changes nothing writes nothing', async () => {
    await add('a');
    const { message, changed, cron } = await editCron(world.ports, 'default', 'a', { ...HOURLY, user: null });
    expect(message).toBe(`${describeKey(A)} needs no change: nothing was saved.`);
    expect(changed).toBe(false);
    expect(cron.parameter.version).toBe(1);
  });

  it('An edit with an invalid result is refused with all problems and changes nothing', async () => {
    await add('a');
    const edit = { name: 'unknown', periodicity: '', colour: 'red', uid: 'b' };
    expect(await problemsOf(editCron(world.ports, 'default', 'a', edit))).toEqual(
      expect.arrayContaining(['name', 'periodicity', 'colour', 'uid']),
    );
    expect((await readCron(world.ports, 'default', 'a')).parameter.version).toBe(1);
  });

  it('An edit of an unknown cron is refused', async () => {
    await expect(editCron(world.ports, 'default', 'unknown', {})).rejects.toThrow(
      cronNotFound({ site: 'default', uid: 'unknown' }),
    );
  });

  it('An edit of an outdated version is refused with the author and the changes', async () => {
    const { tag } = (await add('a')).cron.parameter;
    await editCron({ ...world.ports, by: 'bob' }, 'default', 'a', { logsLimit: 7, environ: { key: 'x' } });
    const outdatedEdit = editCron(world.ports, 'default', 'a', { logsLimit: 9 }, { expected: [tag] });
    await expect(outdatedEdit).rejects.toThrow(VersionConflictError);
    await expect(outdatedEdit).rejects.toThrow(
      /^The cron "a" of "default" was changed in the meantime by bob at \w{3} .* UTC: environ\.key set, logsLimit to 7\. Nothing was saved\. Review the change, then save again\.$/,
    );
    await expect(outdatedEdit).rejects.toMatchObject({
      tag: (await readCron(world.ports, 'default', 'a')).parameter.tag,
      changes: [
        { field: 'environ.key', kind: 'set' },
        { field: 'logsLimit', kind: 'set', is: 7 },
      ],
    });
  });

  it('An edit of an unknown version is refused without details', async () => {
    await add('a');
    await expect(editCron(world.ports, 'default', 'a', {}, { expected: ['9-9'] })).rejects.toMatchObject({
      name: 'VersionConflictError',
      changes: [],
    });
  });

  it('An edit of the current version is accepted', async () => {
    const { tag } = (await add('a')).cron.parameter;
    const edit = editCron(world.ports, 'default', 'a', { logsLimit: 9 }, { expected: ['x', tag] });
    expect((await edit).changed).toBe(true);
  });

  it('An edit that replaced a concurrent change reports it', async () => {
    await add('a');
    let isFirst = true;
    const registry = intercept(world.ports.registry, 'write', async (call) => {
      if (isFirst) await world.ports.registry.write(A, '{}', 'carol');
      isFirst = false;
      return call();
    });
    const { message } = await editCron({ ...world.ports, registry }, 'default', 'a', { logsLimit: 9 });
    expect(message).toMatch(
      / It replaced another change by carol that was made in between: see the history\.$/,
    );
  });

  it('An edit fixes a rejected version field by field and drops unknown fields', async () => {
    await world.edit('a', '{"name":"task","periodicity":"0 * * *","colour":"red"}');
    expect(await problemsOf(editCron(world.ports, 'default', 'a', { logsLimit: 7 }))).toEqual([
      'periodicity',
    ]);
    const { message, cron } = await editCron(world.ports, 'default', 'a', { periodicity: '@daily' });
    expect(message).toContain(
      changesText([{ field: 'periodicity', kind: 'changed', was: '0 * * *', is: '@daily' }]),
    );
    expect(cron.parameter.problems).toBeUndefined();
    expect(JSON.parse((await text('a')) ?? '')).toEqual({ name: 'task', periodicity: '@daily' });
  });

  it('An edit of a text that is not JSON starts from the fields in force', async () => {
    await add('a', { logsLimit: 7 });
    await world.edit('a', '{"name": ');
    const { message, cron } = await editCron(world.ports, 'default', 'a', {});
    expect(message).toBe(`${describeKey(A)} is repaired. ${nextRunText(cron)}`);
    expect(cron).toMatchObject({ definition: { name: 'task', logsLimit: 7 } });
    await world.edit('new', 'nonsense');
    expect(await problemsOf(editCron(world.ports, 'default', 'new', {}))).toEqual(['name', 'periodicity']);
  });
});

describe('switchCron and removeCron', () => {
  it('The message of switching a cron names the new state and when the cron runs next', async () => {
    await add('a');
    const off = await switchCron(world.ports, 'default', 'a', { activated: false });
    expect(off.message).toBe('The cron "a" of "default" is now switched off.');
    expect(off.cron.health).toBe('off');
    const again = await switchCron(world.ports, 'default', 'a', { activated: false });
    expect(again).toMatchObject({
      changed: false,
      message: 'The cron "a" of "default" was already switched off.',
    });
    const on = await switchCron(world.ports, 'default', 'a', { activated: true });
    expect(on.message).toBe(`The cron "a" of "default" is now switched on. ${nextRunText(on.cron)}`);
    expect(on.cron.job.next).toBe(NOON);
  });

  it('A cron that is switched on says when it runs next, before its timer follows', async () => {
    await add('a', { periodicity: '*/10 * * * *' });
    const timing = '*/10 * * * *|UTC';
    await commitJob(world.ports.store, 'a', { timing, armedAt: undefined, decidedUntil: NOON });
    await switchCron(world.ports, 'default', 'a', { activated: false });
    const { message, cron } = await switchCron(world.ports, 'default', 'a', { activated: true });
    expect(cron.job.next).toBe(NOON + 10 * MINUTE);
    expect(message).toContain('It runs next at');
  });

  it('A switch that changes nothing says that its note was not kept, for a cron, several and a crontab', async () => {
    const lost = 'The note was not kept, because that changed nothing.';
    const off = { activated: false, note: 'holidays' };
    await add('a', { activated: false });
    await add('b');
    const one = await switchCron(world.ports, 'default', 'a', off);
    expect(one.message).toMatch(`off. ${lost}`);
    expect(one.noteLost).toBe(true);
    const several = await switchCrons(world.ports, 'default', ['a', 'b'], off);
    expect(several.message).toBe(`Switched off 1 cron. 1 cron was switched off already. ${lost}`);
    expect(several.noteLost).toBe(true);
    const first = await switchSite(world.ports, 'default', off);
    expect(first.message).not.toContain('note');
    expect(first).not.toHaveProperty('noteLost');
    const again = await switchSite(world.ports, 'default', off);
    expect(again.message).toMatch(lost);
    expect(again.noteLost).toBe(true);
    expect((await switchSite(world.ports, 'default', { ...off, note: '' })).message).not.toContain('note');
  });

  it('An empty note is none', async () => {
    await add('a');
    const { cron } = await switchCron({ ...world.ports, by: 'ana' }, 'default', 'a', {
      activated: false,
      note: ' ',
    });
    expect(cron.off).toEqual({ since: expect.any(Number), by: 'ana' });
  });

  it('A removed cron is gone from the registry and the table', async () => {
    await add('a');
    expect(await removeCron(world.ports, 'default', 'a')).toEqual({
      message: 'The cron "a" of "default" was removed. Its run records are kept until they expire.',
      changed: true,
    });
    expect(await text('a')).toBeUndefined();
    await expect(readCron(world.ports, 'default', 'a')).rejects.toThrow(NotFoundError);
    await expect(removeCron(world.ports, 'default', 'a')).rejects.toThrow(NotFoundError);
  });

  it('A cron that was changed in the meantime is not removed', async () => {
    const { tag } = (await add('a')).cron.parameter;
    await editCron(world.ports, 'default', 'a', { logsLimit: 9 });
    await expect(removeCron(world.ports, 'default', 'a', { expected: [tag] })).rejects.toThrow(
      VersionConflictError,
    );
    expect(await text('a')).toBeDefined();
  });

  it('A cron with an invalid uid can be removed', async () => {
    await world.edit('with.dots', '{}');
    await removeCron(world.ports, 'default', 'with.dots');
    expect((await readCrontab(world.ports, 'default')).crons).toEqual([]);
  });
});

describe('removeCrons, restoreCrons, switchCrons and forceRuns', () => {
  it('A bulk action does what is possible and lists what was refused with the reasons', async () => {
    await add('a');
    await add('b');
    const error = await errorOf(removeCron(world.ports, 'default', 'c'));
    const reason = error instanceof NotFoundError ? error.message : undefined;
    const result = await removeCrons(world.ports, 'default', ['a', 'b', 'b', 'c']);
    expect(result).toEqual({
      message: `Removed 2 crons. 1 cron refused: ${reason}`,
      changed: true,
      done: ['a', 'b'],
      refused: [{ uid: 'c', reason, code: 'not-found' }],
      left: [],
    });
  });

  it('Crons that were removed together come back together', async () => {
    await add('a');
    await add('b', { logsLimit: 3 });
    await removeCrons(world.ports, 'default', ['a', 'b']);
    expect(await restoreCrons(world.ports, 'default', ['a', 'b', 'never'])).toMatchObject({
      message: expect.stringMatching(/^Restored 2 crons\. 1 cron refused: /),
      done: ['a', 'b'],
      refused: [{ uid: 'never', code: 'not-found' }],
    });
    expect((await readCron(world.ports, 'default', 'b')).definition?.logsLimit).toBe(3);
  });

  it('A single cron that was restored says when it runs next, or that it is off', async () => {
    await add('a');
    await add('b', { activated: false });
    await removeCrons(world.ports, 'default', ['a', 'b']);
    const messageOf = async (uid: string) => (await restoreCrons(world.ports, 'default', [uid])).message;
    const restored = await messageOf('a');
    const next = nextRunText(await readCron(world.ports, 'default', 'a'));
    expect(next).toContain('It runs next at');
    expect(restored).toBe(`Restored "a" to the crontab of "default". ${next}`);
    expect(await messageOf('b')).toBe('Restored "b" to the crontab of "default". It is switched off.');
  });

  it('A single cron that cannot be restored says why', async () => {
    const { message } = await restoreCrons(world.ports, 'default', ['never']);
    expect(message).toMatch(/^Restored 0 crons\. 1 cron refused: The cron "never"/);
  });

  it('A bulk action switches and runs crons and counts them', async () => {
    await add('a');
    await add('b', { activated: false });
    expect(await switchCrons(world.ports, 'default', ['a', 'b'], { activated: true })).toMatchObject({
      message: 'Switched on 1 cron. 1 cron was switched on already.',
      changed: true,
    });
    expect((await world.ports.registry.read({ site: 'default', uid: 'a' }))?.version).toBe(1);
    expect(await switchCrons(world.ports, 'default', ['b'], { activated: true })).toMatchObject({
      message: '1 cron was switched on already: nothing was changed.',
      changed: false,
    });
    expect((await switchCrons(world.ports, 'default', ['b'], { activated: false })).message).toBe(
      'Switched off 1 cron.',
    );
    expect((await forceRuns(world.ports, 'default', ['a'])).message).toBe('Asked for a run of 1 cron.');
  });

  it('A bulk action throws a defect instead of reporting it as refused', async () => {
    await add('a');
    const registry = intercept(world.ports.registry, 'remove', () => Promise.reject(new TypeError('defect')));
    await expect(removeCrons({ ...world.ports, registry }, 'default', ['a'])).rejects.toThrow('defect');
  });
});

describe('editSettings', () => {
  it('Switching a crontab off and on has its own messages', async () => {
    await add('a');
    const off = await editSettings(world.ports, 'default', { activated: false });
    expect(off).toMatchObject({
      message: 'The crontab of "default" is now switched off: none of its crons run.',
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

  it('An edit of several settings lists each change', async () => {
    const { message } = await editSettings(world.ports, 'default', {
      activated: false,
      timezone: 'Asia/Tokyo',
    });
    const changes = changesText([
      { field: 'activated', kind: 'changed', was: true, is: false },
      { field: 'timezone', kind: 'changed', was: 'UTC', is: 'Asia/Tokyo' },
    ]);
    expect(message).toBe(`${describeKey({ site: 'default' })} was changed: ${changes}.`);
  });

  it('An edit that changes no settings writes nothing', async () => {
    await editSettings(world.ports, 'default', { timezone: 'Asia/Tokyo' });
    expect(await editSettings(world.ports, 'default', { timezone: 'Asia/Tokyo' })).toMatchObject({
      changed: false,
      message: `${describeKey({ site: 'default' })} needs no change: nothing was saved.`,
      settings: { parameter: { version: 1 } },
    });
    expect((await editSettings(world.ports, 'default', { readOnly: null, activated: true })).message).toBe(
      `${describeKey({ site: 'default' })} was saved.`,
    );
  });

  it('Invalid settings are refused with all problems', async () => {
    const invalidSettings = { activated: 'yes', timezone: 'Mars', power: 1 };
    expect(await problemsOf(editSettings(world.ports, 'default', invalidSettings))).toEqual(
      expect.arrayContaining(['activated', 'timezone', 'power']),
    );
  });

  it('Settings can be written for a site that has crons, and not for an unknown one', async () => {
    await addCron(world.ports, 'shop', HOURLY, { newSite: true });
    expect((await editSettings(world.ports, 'shop', { timezone: 'Asia/Tokyo' })).changed).toBe(true);
    await expect(editSettings(world.ports, 'nowhere', {})).rejects.toThrow(siteNotFound('nowhere', ['shop']));
  });

  it('Settings that were changed in the meantime are not overwritten', async () => {
    const first = await editSettings(world.ports, 'default', { activated: false });
    const expected = [first.settings.parameter?.tag ?? ''];
    await editSettings(world.ports, 'default', { timezone: 'Asia/Tokyo' });
    const outdatedEdit = editSettings(world.ports, 'default', { activated: true }, { expected });
    await expect(outdatedEdit).rejects.toThrow(VersionConflictError);
    await expect(outdatedEdit).rejects.toMatchObject({
      message: expect.stringContaining(describeKey({ site: 'default' })),
      changes: [{ field: 'timezone', kind: 'set', is: 'Asia/Tokyo' }],
    });
    await world.ports.registry.remove({ site: 'default' });
    await expect(editSettings(world.ports, 'default', { activated: true }, { expected })).rejects.toThrow(
      new VersionConflictError(`${describeKey({ site: 'default' })} has no settings any more.`, '', []),
    );
  });

  it('An edit of invalid settings starts from the settings in force', async () => {
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

describe('A read-only crontab', () => {
  it('A read-only crontab refuses every change with the reason and changes nothing', async () => {
    await add('a');
    await lock();
    const texts = [await text('a'), await text()];
    const reason = new ReadOnlyError('default');
    expect(reason.message).toBe(
      'The crontab of "default" is read only, so nothing was changed. Switch "readOnly" off first.',
    );
    await expect(add('b')).rejects.toThrow(reason);
    await expect(editCron(world.ports, 'default', 'a', { logsLimit: 9 })).rejects.toThrow(reason);
    await expect(switchCron(world.ports, 'default', 'a', { activated: false })).rejects.toThrow(reason);
    await expect(removeCron(world.ports, 'default', 'a')).rejects.toThrow(reason);
    await expect(editSettings(world.ports, 'default', { activated: false })).rejects.toThrow(reason);
    expect([await text('a'), await text()]).toEqual(texts);
    expect(await text('b')).toBeUndefined();
  });

  it('A crontab is read-only as soon as its parameter is written, before the table has it', async () => {
    await add('a');
    await world.ports.registry.write({ site: 'default' }, '{"readOnly":true}');
    await expect(removeCron(world.ports, 'default', 'a')).rejects.toThrow(ReadOnlyError);
  });

  it('A read-only crontab stays read-only when its settings become invalid', async () => {
    await add('a');
    await lock();
    await world.edit(undefined, '{"readOnly":');
    await expect(removeCron(world.ports, 'default', 'a')).rejects.toThrow(ReadOnlyError);
  });

  it('A crontab whose settings were never valid is not read-only', async () => {
    await add('a');
    await world.edit(undefined, 'nonsense');
    await removeCron(world.ports, 'default', 'a');
    expect(await text('a')).toBeUndefined();
  });

  it('A crontab can be unlocked together with other changes', async () => {
    await lock();
    const { message } = await editSettings(world.ports, 'default', { readOnly: false, activated: false });
    expect(message).toContain(
      changesText([
        { field: 'activated', kind: 'changed', was: true, is: false },
        { field: 'readOnly', kind: 'changed', was: true, is: false },
      ]),
    );
    expect((await add('a')).changed).toBe(true);
  });
});

describe('forceRun', () => {
  const force = async (uid: string) => {
    const result = await forceRun(world.ports, 'default', uid);
    await world.clock.advance(0);
    return result;
  };

  it('A forced run is delivered now, and its run record has its id', async () => {
    await world.save('a', HOURLY);
    const { message, runId } = await force('a');
    expect(message).toBe(
      `Asked for a run of "a" of "default": ${runId}. Its run record appears when it has ended.`,
    );
    expect(world.delivered).toEqual([
      { site: 'default', uid: 'a', plannedAt: world.clock.now(), forced: runId },
    ]);
    for (const delivery of world.delivered) await world.run(delivery);
    expect((await readCron(world.ports, 'default', 'a')).logs).toMatchObject([{ runId, status: 'OK' }]);
  });

  it('A cron that is off is run once with evenOff, and stays off', async () => {
    await world.save('a', { ...HOURLY, activated: false });
    const { message, runId } = await forceRun(world.ports, 'default', 'a', { evenOff: true });
    expect(message).toMatch(/Its run record appears when it has ended\.$/);
    await world.clock.advance(0);
    for (const delivery of world.delivered) await world.run(delivery);
    const { logs, active, job } = await readCron(world.ports, 'default', 'a');
    expect(logs).toMatchObject([{ runId, status: 'OK' }]);
    expect([active, job.next]).toEqual([false, undefined]);
  });

  it('A forced run names the caller, and its run record does', async () => {
    await world.save('a', HOURLY);
    const { runId } = await forceRun({ ...world.ports, by: 'ada' }, 'default', 'a');
    await world.clock.advance(0);
    expect(world.delivered).toMatchObject([{ forced: runId, requestedBy: 'ada' }]);
    for (const delivery of world.delivered) await world.run(delivery);
    expect((await readCron(world.ports, 'default', 'a')).logs).toMatchObject([{ runId, requestedBy: 'ada' }]);
    expect(await world.records('a')).toMatchObject([{ forced: runId, requestedBy: 'ada' }]);
  });

  it('The seventeenth request of a cron within five minutes is refused as too many, and leaves no record', async () => {
    await world.save('a', { ...HOURLY, overlap: 'allow' });
    for (let request = 1; request <= 16; request++) {
      await force('a');
      await world.run(world.delivered.at(-1) as (typeof world.delivered)[number]);
    }
    await expect(force('a')).rejects.toMatchObject({
      name: 'ThrottledError',
      message:
        'The cron "a" of "default" was requested 16 times within 5 minutes, the most. Try again later.',
    });
    expect(await world.records('a')).toHaveLength(16);
    await world.clock.advance(5 * 60_000 + 1_000);
    expect((await force('a')).changed).toBe(true);
  });

  it('A run can be forced in a read-only crontab', async () => {
    await add('a');
    await lock();
    expect((await force('a')).runId).toBe('run-1');
  });

  it('A forced run of a cron that is switched off is announced as NOTRUN', async () => {
    await add('a', { activated: false });
    await add('b');
    expect((await force('a')).message).toContain(
      'It will not run, because it is switched off; its run record will say so.',
    );
    await world.edit(undefined, '{"activated":false}');
    expect((await force('b')).message).toContain('because the crontab is switched off');
  });

  it.each([
    ['skip', 'if it has not ended by then, this one is logged as not run'],
    ['buffer', 'this one follows when that has ended'],
    ['allow', 'Its run record appears when it has ended'],
  ])(
    'A forced run during another run is announced as overlap "%s" handles it',
    async (overlap, announcement) => {
      await world.save('a', { ...HOURLY, overlap });
      let end = () => {};
      world.task = () => new Promise<undefined>((resolve) => (end = () => resolve(undefined)));
      await force('a');
      const [delivery] = world.delivered;
      const running = delivery && world.run(delivery);
      await world.clock.advance(1000);
      expect((await readCron(world.ports, 'default', 'a')).health).toBe('running');
      expect((await force('a')).message).toContain(announcement);
      end();
      await running;
    },
  );

  it('A forced run of an unknown cron, or of one that was never valid, is refused', async () => {
    await world.edit('a', '{}');
    await expect(force('a')).rejects.toThrow(
      new ConflictError(
        'The cron "a" of "default" cannot run: no version of it was ever valid. Fix it first.',
      ),
    );
    await expect(force('b')).rejects.toThrow(NotFoundError);
  });
});

it('A change event that arrives after the operation changes nothing', async () => {
  await add('a');
  await projectParameter(world.ports, { site: 'default', uid: 'a' });
  expect(world.eventTypes()).toEqual(['ModifiedCrontab']);
});
