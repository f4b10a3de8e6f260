import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import type { ParameterKey } from '../../../lib/core/domain/names.ts';
import { formatProblem } from '../../../lib/core/domain/problem.ts';
import { valueInForce } from '../../../lib/core/domain/projection.ts';
import {
  isUpToDate,
  projectChange,
  projectParameter,
  projectReading,
} from '../../../lib/core/engine/project-parameter.ts';
import { resync } from '../../../lib/core/engine/resync.ts';
import type { Parameter } from '../../../lib/core/ports/registry.ts';
import { faulty, intercept } from '../../support/faulty.ts';
import { makeWorld, type World } from '../../support/world.ts';

const KEY = { site: 'default', uid: 'a' };
const GOOD = JSON.stringify({ name: 'task', periodicity: '0 * * * *' });
const BAD = JSON.stringify({ name: 'task', periodicity: '0 * * *' });

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const projection = () => world.ports.store.readProjection(KEY);

describe('projectParameter, after an edit of a parameter', () => {
  it('A valid version is in force after projecting it, and a ModifiedCrontab event is published', async () => {
    await world.edit('a', GOOD);
    expect(await projection()).toMatchObject({ value: { uid: 'a', name: 'task', periodicity: '0 * * * *' } });
    expect(world.events).toEqual([
      { type: 'ModifiedCrontab', detail: { ...KEY, version: 1, change: 'saved' } },
    ]);
    expect(world.logger.messages('info')).toEqual(['Accepted version 1 of default/a']);
  });

  it('A cron whose runner does not exist is valid while it is switched off', async () => {
    await world.edit('a', '{"name":"none","periodicity":"0 * * * *","activated":false}');
    expect(await projection()).toMatchObject({ value: { name: 'none', activated: false } });
    await world.edit('a', '{"name":"none","periodicity":"0 * * * *"}');
    expect(await projection()).toMatchObject({ version: 2, problems: [{ where: 'name' }] });
  });

  it('An invalid version leaves the last good one in force, and the projection, the mark, the event and the log report the reason', async () => {
    const marks: unknown[] = [];
    const registry = intercept(
      world.ports.registry,
      'labelRejected',
      async (mark) => void marks.push(await mark()),
    );
    await world.edit('a', GOOD);
    await world.ports.registry.write(KEY, BAD);
    await projectParameter({ ...world.ports, registry }, KEY);
    const rejectedProjection = await projection();
    expect(rejectedProjection).toMatchObject({
      version: 2,
      value: { periodicity: '0 * * * *' },
      problems: [{ where: 'periodicity' }],
    });
    expect(marks).toHaveLength(1);
    expect(world.events.at(-1)).toMatchObject({
      type: 'RejectedParameter',
      detail: { ...KEY, version: 2, problems: [{ where: 'periodicity' }] },
    });
    const texts = rejectedProjection?.problems?.map(formatProblem).join(' ');
    expect(world.logger.lines.at(-1)).toMatchObject({
      level: 'warn',
      message: `Rejected version 2 of default/a; the last valid version stays in force. ${texts}`,
      fields: { code: 'parameter-rejected', site: 'default', uid: 'a' },
    });
  });

  it('A good version that was replaced before it was projected comes into force when the latest one is invalid', async () => {
    const daily = { name: 'task', periodicity: '@daily' };
    await world.edit('a', GOOD);
    await world.ports.registry.write(KEY, JSON.stringify({ ...daily, periodicity: '@weekly' }));
    await world.ports.registry.write(KEY, JSON.stringify(daily));
    await world.ports.registry.write(KEY, '{"name": "task"}');
    await world.edit('a', BAD);
    expect(await projection()).toMatchObject({
      version: 5,
      value: daily,
      problems: [{ where: 'periodicity' }],
    });
  });

  it('A parameter that was removed and created again with an invalid value has no value in force', async () => {
    await world.edit('a', GOOD);
    await world.ports.registry.remove(KEY);
    await projectParameter(world.ports, KEY);
    await world.edit('a', BAD);
    expect((await projection())?.value).toBeUndefined();
  });

  it('The value of a removed parameter is dropped when the only known projection predates an invalid new one', async () => {
    await world.edit('a', GOOD);
    let isFirst = true;
    const registry = intercept(world.ports.registry, 'read', async (read) => {
      if (isFirst) {
        isFirst = false;
        await world.ports.registry.remove(KEY);
        await world.ports.registry.write(KEY, BAD);
      }
      return read();
    });
    await projectParameter({ ...world.ports, registry }, KEY);
    const finalProjection = await projection();
    expect(finalProjection).toMatchObject({ problems: [{ where: 'periodicity' }] });
    expect(finalProjection?.value).toBeUndefined();
  });

  it('An invalid version is projected without an older value when the history disappears during validation', async () => {
    await world.edit('a', GOOD);
    await world.ports.registry.write(KEY, JSON.stringify({ name: 'task', periodicity: '@weekly' }));
    await world.ports.registry.write(KEY, BAD);
    let isFirst = true;
    const registry = intercept(world.ports.registry, 'history', async (history) => {
      if (!isFirst) return history();
      isFirst = false;
      await projectParameter(world.ports, KEY);
      await world.ports.registry.remove(KEY);
      return [];
    });
    const valuesInForce: unknown[] = [];
    const store = intercept(world.ports.store, 'putProjection', async (write) => {
      const isWritten = await write();
      valuesInForce.push(valueInForce(await projection()));
      return isWritten;
    });
    await projectParameter({ ...world.ports, registry, store }, KEY);
    expect(valuesInForce).toEqual([undefined]);
  });

  it('Crontab settings that were replaced before they were projected come into force when the latest ones are invalid', async () => {
    await world.ports.registry.write({ site: 'default' }, '{"timezone": "Asia/Tokyo"}');
    await world.edit(undefined, '{"timezone": 7}');
    const settings = await world.ports.store.readProjection({ site: 'default' });
    expect(settings?.value).toMatchObject({ timezone: 'Asia/Tokyo' });
  });

  it('A runner check that throws a defect on an earlier version fails project and is not recorded as a rejection', async () => {
    await world.ports.registry.write(KEY, GOOD);
    await world.ports.registry.write(KEY, '{');
    const runners = {
      problems: () => {
        throw new TypeError('a defect');
      },
    };
    await expect(projectParameter({ ...world.ports, runners }, KEY)).rejects.toThrow('a defect');
  });

  it('A parameter that was never valid has no value in force', async () => {
    await world.edit('a', BAD);
    expect((await projection())?.value).toBeUndefined();
    expect(world.logger.messages('warn')[0]).toMatch(
      /^Rejected version 1 of default\/a; no version has been valid, so nothing runs\./,
    );
  });

  it('A fixed parameter loses its problems and its mark', async () => {
    const removedMarks: unknown[] = [];
    const registry = intercept(
      world.ports.registry,
      'unlabelRejected',
      async (call) => void removedMarks.push(await call()),
    );
    await world.edit('a', BAD);
    await world.ports.registry.write(KEY, GOOD);
    await projectParameter({ ...world.ports, registry }, KEY);
    expect((await projection())?.problems).toBeUndefined();
    expect(removedMarks).toHaveLength(1);
  });

  it('A projection holds all problems of a crontab, and those of an invalid site name', async () => {
    const parameterOf = (key: ParameterKey, value: string) => ({ ...key, value, version: 1, modified: 1 });
    // The folder registry cannot hold such a site, so its answers are replaced.
    const acceptFrom = (parameter: Parameter) => {
      const readingRegistry = intercept(world.ports.registry, 'read', async () => parameter);
      const registry = intercept(readingRegistry, 'history', async () => [parameter]);
      return projectReading({ ...world.ports, registry }, parameter, undefined, parameter);
    };
    const crontabKey = { site: 'My_Site' };
    await acceptFrom(parameterOf(crontabKey, '{"activated": "yes"}'));
    const settings = await world.ports.store.readProjection(crontabKey);
    expect(settings?.problems?.map(({ where }) => where)).toEqual(['site', 'activated']);
    const cronKey = { site: 'My_Site', uid: 'a' };
    await acceptFrom(parameterOf(cronKey, GOOD));
    expect((await world.ports.store.readProjection(cronKey))?.problems).toEqual([
      {
        where: 'site',
        got: '"My_Site"',
        wanted: '1 to 16 lower-case letters, digits and dashes',
        fix: 'Create the parameter again under a site with such a name.',
      },
    ]);
  });
});

describe('projectParameter, with a parameter of the wrong type', () => {
  it.each(['SecureString', 'StringList'])('A %s is rejected for its type alone', async (wrongType) => {
    const value = wrongType === 'StringList' ? GOOD : 'ciphertext';
    const parameter = { ...(await world.ports.registry.write(KEY, value)), wrongType };
    const registry = intercept(world.ports.registry, 'read', async () => parameter);
    await projectParameter({ ...world.ports, registry }, KEY);
    const stored = await projection();
    expect(stored?.value).toBeUndefined();
    expect(stored?.problems?.map(formatProblem)).toEqual([
      `type: got ${wrongType}, wanted String. Delete the parameter and create it as a String.`,
    ]);
    expect(isUpToDate(world.ports, stored, parameter)).toBe(false);
  });
});

describe('projectParameter, after a notification about a parameter', () => {
  it('A repeated notification changes nothing and publishes nothing', async () => {
    await world.edit('a', GOOD);
    await projectParameter(world.ports, KEY);
    expect(world.events).toHaveLength(1);
  });

  it('A removed parameter is projected as removed once', async () => {
    await world.edit('a', GOOD);
    await world.ports.registry.remove(KEY);
    await projectParameter(world.ports, KEY);
    await projectParameter(world.ports, KEY);
    expect(await projection()).toMatchObject({ removedAt: world.clock.now(), value: { name: 'task' } });
    expect(world.eventTypes()).toEqual(['ModifiedCrontab', 'ModifiedCrontab']);
    expect(world.events.at(-1)).toMatchObject({ detail: { change: 'removed' } });
    expect(world.logger.messages('info').at(-1)).toBe('Removed default/a');
  });

  it('A parameter that never existed leads to no projection', async () => {
    await projectParameter(world.ports, KEY);
    expect(await projection()).toBeUndefined();
  });

  it('A projection ignores an older version that arrives late', async () => {
    await world.edit('a', GOOD);
    const oldParameter = await world.ports.registry.read(KEY);
    await world.edit('a', JSON.stringify({ name: 'task', periodicity: '@daily' }));
    if (!oldParameter) throw new Error('the parameter is missing');
    await projectReading(world.ports, KEY, await projection(), oldParameter);
    expect(await projection()).toMatchObject({ value: { periodicity: '@daily' } });
    expect(world.events).toHaveLength(2);
  });

  it('A parameter that was created again after project found it absent is not projected as removed', async () => {
    await world.edit('a', GOOD);
    await world.ports.registry.remove(KEY);
    const registry = intercept(world.ports.registry, 'read', async (read) => {
      const parameter = await read();
      if (!parameter) await world.edit('a', JSON.stringify({ name: 'task', periodicity: '@weekly' }));
      return parameter;
    });
    await projectParameter({ ...world.ports, registry }, KEY);
    expect(await projection()).toMatchObject({ value: { periodicity: '@weekly' } });
  });

  it('A good version that arrives late does not remove the mark of a newer invalid version', async () => {
    await world.edit('a', GOOD);
    const oldParameter = await world.ports.registry.read(KEY);
    await world.edit('a', BAD);
    const registry = intercept(world.ports.registry, 'unlabelRejected', () =>
      Promise.reject(new Error('no')),
    );
    if (!oldParameter) throw new Error('the parameter is missing');
    await projectReading({ ...world.ports, registry }, KEY, await projection(), oldParameter);
    expect(await projection()).toMatchObject({ version: 2, problems: [{ where: 'periodicity' }] });
  });

  it('An invalid version is marked again when it is projected already, since a late mark of another version may have replaced its mark', async () => {
    let marks = 0;
    const registry = intercept(world.ports.registry, 'labelRejected', async (mark) => {
      marks += 1;
      return mark();
    });
    await world.ports.registry.write(KEY, BAD);
    await projectParameter({ ...world.ports, registry }, KEY);
    await projectParameter({ ...world.ports, registry }, KEY);
    expect(marks).toBe(2);
    expect(world.events).toHaveLength(1);
  });

  it('A mark is removed again when another version with the same number has replaced the invalid one', async () => {
    let removals = 0;
    const markingRegistry = intercept(world.ports.registry, 'labelRejected', async (mark) => {
      await world.ports.registry.remove(KEY);
      await world.edit('a', GOOD);
      return mark();
    });
    const registry = intercept(markingRegistry, 'unlabelRejected', async (unmark) => {
      removals += 1;
      return unmark();
    });
    await world.ports.registry.write(KEY, BAD);
    await projectParameter({ ...world.ports, registry }, KEY);
    expect(removals).toBe(1);
    expect(await projection()).toMatchObject({ value: { periodicity: '0 * * * *' } });
  });

  it('A parameter that was read before its removal is not projected after it', async () => {
    await world.edit('a', GOOD);
    const oldParameter = await world.ports.registry.read(KEY);
    if (!oldParameter) throw new Error('the parameter is missing');
    await world.ports.registry.remove(KEY);
    await projectParameter(world.ports, KEY);
    await projectReading(world.ports, KEY, await projection(), oldParameter);
    expect(await projection()).toMatchObject({ removedAt: world.clock.now(), value: { name: 'task' } });
  });

  it('projectParameter reads the parameter again until the projection agrees with the registry', async () => {
    await world.edit('a', GOOD);
    let edits = 1;
    const store = intercept(world.ports.store, 'putProjection', async (write) => {
      const isWritten = await write();
      if (edits-- > 0)
        await world.ports.registry.write(KEY, JSON.stringify({ name: 'task', periodicity: '@weekly' }));
      return isWritten;
    });
    await world.ports.registry.write(KEY, JSON.stringify({ name: 'task', periodicity: '@daily' }));
    await projectParameter({ ...world.ports, store }, KEY);
    expect(await projection()).toMatchObject({ value: { periodicity: '@weekly' } });
  });

  it('projectParameter fails with UnavailableError when the parameter changes at every read', async () => {
    let times = 0;
    const registry = intercept(world.ports.registry, 'read', async () => ({
      ...KEY,
      value: GOOD,
      version: ++times,
      modified: times,
    }));
    await expect(projectParameter({ ...world.ports, registry }, KEY)).rejects.toThrow(
      'The parameter of default/a changed at each of 10 readings.',
    );
  });

  it.each(['readProjection', 'putProjection'] as const)(
    'A retry projects the parameter after the store failed in %s',
    async (method) => {
      await world.ports.registry.write(KEY, BAD);
      const store = faulty(world.ports.store, method, 'before');
      await expect(projectParameter({ ...world.ports, store }, KEY)).rejects.toThrow(`${method} failed`);
      await projectParameter(world.ports, KEY);
      expect(await projection()).toMatchObject({ problems: [{ where: 'periodicity' }] });
    },
  );
});

describe('projectParameter, with a runner check that throws', () => {
  it('A defect in a runner check fails project and is not recorded as a rejection', async () => {
    const runners = {
      problems: () => {
        throw new TypeError('a defect');
      },
    };
    await world.ports.registry.write(KEY, GOOD);
    await expect(projectParameter({ ...world.ports, runners }, KEY)).rejects.toThrow('a defect');
    expect(await projection()).toBeUndefined();
  });
});

describe('projectParameter and labels', () => {
  it('A label that cannot be set stops nothing, and the next projection sets it', async () => {
    await world.ports.registry.write(KEY, BAD);
    const registry = faulty(world.ports.registry, 'labelRejected', 'before');
    await projectParameter({ ...world.ports, registry }, KEY);
    expect(await projection()).toMatchObject({ problems: [{ where: 'periodicity' }] });
    expect(world.logger.linesOf('label-failed')).toMatchObject([{ level: 'warn', fields: KEY }]);
    let labels = 0;
    const counting = intercept(world.ports.registry, 'labelRejected', async (label) => {
      labels += 1;
      return label();
    });
    await projectParameter({ ...world.ports, registry: counting }, KEY);
    expect(labels).toBe(1);
  });

  it('A label that cannot be removed stops nothing, and each resync tries again until it is removed', async () => {
    await world.edit('a', BAD);
    await world.ports.registry.write(KEY, GOOD);
    let removals = 0;
    const refusing = intercept(world.ports.registry, 'unlabelRejected', () =>
      Promise.reject(new UnavailableError('Parameter Store refuses')),
    );
    await projectParameter({ ...world.ports, registry: refusing }, KEY);
    expect(await projection()).toMatchObject({ version: 2, value: { name: 'task' }, labelledVersion: 1 });
    const events = world.events.length;
    await resync({ ...world.ports, registry: refusing });
    const registry = intercept(world.ports.registry, 'unlabelRejected', async (unlabel) => {
      removals += 1;
      await unlabel();
    });
    await resync({ ...world.ports, registry });
    await resync({ ...world.ports, registry });
    expect(removals).toBe(1);
    expect(await projection()).not.toHaveProperty('labelledVersion');
    expect(world.logger.linesOf('label-failed')).toHaveLength(2);
    expect(world.events.slice(events).map(({ type }) => type)).not.toContain('ModifiedCrontab');
  });

  it('The label of a version before two edits is removed, if nothing removed it in between', async () => {
    await world.edit('a', BAD);
    const refusing = faulty(world.ports.registry, 'unlabelRejected', 'before', 2);
    await world.ports.registry.write(KEY, GOOD);
    await projectParameter({ ...world.ports, registry: refusing }, KEY);
    await world.ports.registry.write(KEY, JSON.stringify({ name: 'task', periodicity: '@daily' }));
    await projectParameter({ ...world.ports, registry: refusing }, KEY);
    expect(await projection()).toMatchObject({ version: 3, labelledVersion: 1 });
    await world.ports.registry.remove(KEY);
    await projectParameter(world.ports, KEY);
    expect(await projection()).not.toHaveProperty('labelledVersion');
  });

  it('A defect of the registry adapter does not count as a failed label', async () => {
    await world.ports.registry.write(KEY, BAD);
    const registry = intercept(world.ports.registry, 'labelRejected', () =>
      Promise.reject(new TypeError('x')),
    );
    await expect(projectParameter({ ...world.ports, registry }, KEY)).rejects.toThrow(TypeError);
  });
});

describe('projectChange', () => {
  it('A reading that shows nothing new is repeated after a pause, as the registry may be behind its event', async () => {
    await world.edit('a', GOOD);
    const stale = await world.ports.registry.read(KEY);
    await world.ports.registry.write(KEY, JSON.stringify({ name: 'task', periodicity: '@daily' }));
    const registry = intercept(world.ports.registry, 'read', async (read) =>
      world.clock.now() < startedAt + 2_000 ? stale : read(),
    );
    const startedAt = world.clock.now();
    const projecting = projectChange({ ...world.ports, registry }, KEY);
    await world.clock.advance(2_000);
    await projecting;
    expect(await projection()).toMatchObject({ value: { periodicity: '@daily' } });
  });

  it('A new parameter that a reading does not show yet is not projected as removed', async () => {
    await world.edit('a', GOOD);
    const before = await projection();
    const startedAt = world.clock.now();
    const registry = intercept(world.ports.registry, 'read', async (read) =>
      world.clock.now() < startedAt + 2_000 ? undefined : read(),
    );
    const projecting = projectChange({ ...world.ports, registry }, KEY);
    await world.clock.advance(5_000);
    await projecting;
    expect(await projection()).toEqual(before);
  });

  it('A parameter that another process projects before the repeated reading is not projected as removed', async () => {
    const startedAt = world.clock.now();
    const registry = intercept(world.ports.registry, 'read', async (read) =>
      world.clock.now() < startedAt + 3_000 ? undefined : read(),
    );
    const projecting = projectChange({ ...world.ports, registry }, KEY);
    await world.clock.advance(1_000);
    await world.edit('a', GOOD);
    await world.clock.advance(5_000);
    await projecting;
    expect(await projection()).toMatchObject({ version: 1, value: { name: 'task' } });
    expect(await projection()).not.toHaveProperty('removedAt');
  });

  it('A removed parameter is projected as removed at once if it is older than a minute', async () => {
    const modified = world.clock.now() - 63_000;
    await world.ports.store.putProjection(KEY, { modified, version: 1 });
    await projectChange(world.ports, KEY);
    expect(await projection()).toEqual({ modified, version: 1, removedAt: world.clock.now() });
  });

  it('A reading that shows the change is not repeated', async () => {
    await world.ports.registry.write(KEY, GOOD);
    await projectChange(world.ports, KEY);
    expect(await projection()).toMatchObject({ version: 1 });
  });
});

describe('projectParameter, of what is off', () => {
  const OFF = JSON.stringify({ ...JSON.parse(GOOD), activated: false });
  const write = async (text: string, author?: string) => {
    await world.ports.registry.write(KEY, text, author);
    await projectParameter(world.ports, KEY);
    return projection();
  };

  const unneeded = () => Promise.reject(new Error('no history is needed'));

  it('A projection says since when it is off, by whom and why, also after later edits, until it is on', async () => {
    expect((await write(GOOD, 'bo'))?.off).toBeUndefined();
    const switched = await write(OFF, 'ana: the database moves');
    const off = { since: switched?.modified, by: 'ana', note: 'the database moves' };
    expect(switched?.off).toEqual(off);
    await world.clock.advance(60_000);
    const registry = intercept(world.ports.registry, 'history', unneeded);
    await world.ports.registry.write(KEY, OFF.replace('task', 'report'), 'bo');
    await projectParameter({ ...world.ports, registry }, KEY);
    expect(await projection()).toMatchObject({ version: 3, off });
    expect(await write(BAD, 'bo')).toMatchObject({ version: 4, off, problems: [{ where: 'periodicity' }] });
    expect((await write(GOOD, 'bo'))?.off).toBeUndefined();
  });

  it('A switch that was not projected is found in the history', async () => {
    await write(OFF, 'ana');
    await world.ports.registry.write(KEY, GOOD, 'bo');
    await world.clock.advance(60_000);
    expect(await write(OFF, 'cy')).toMatchObject({ version: 3, off: { by: 'cy' } });
  });

  it('Without an answer of the history the version counts as the switch, and a defect is thrown', async () => {
    await world.ports.registry.write(KEY, OFF, 'ana');
    const withHistory = (error: Error) => ({
      ...world.ports,
      registry: intercept(world.ports.registry, 'history', () => Promise.reject(error)),
    });
    await expect(projectParameter(withHistory(new TypeError('a defect')), KEY)).rejects.toThrow(TypeError);
    await projectParameter(withHistory(new UnavailableError('It is busy.')), KEY);
    const { modified, off } = (await projection()) ?? {};
    expect(off).toEqual({ since: modified });
  });

  it('An author that is recorded after the first projection is in the next one', async () => {
    await write(OFF);
    const history = async () => [{ value: OFF, version: 1, modified: 5, author: 'ana' }];
    const registry = intercept(world.ports.registry, 'history', history);
    await projectParameter({ ...world.ports, registry }, KEY);
    expect((await projection())?.off).toEqual({ since: 5, by: 'ana' });
  });

  it('A removed cron is not off, and a resync adds to a projection since when it is off', async () => {
    const { off: _, ...current } = (await write(OFF, 'ana')) ?? { modified: 0, version: 0 };
    const parameter = await world.ports.registry.read(KEY);
    if (!parameter) throw new Error('the parameter is missing');
    expect(isUpToDate(world.ports, await projection(), parameter)).toBe(true);
    expect(isUpToDate(world.ports, current, parameter)).toBe(false);
    await projectReading(world.ports, KEY, current, parameter);
    expect((await projection())?.off).toMatchObject({ by: 'ana' });
    await world.ports.registry.remove(KEY);
    await projectParameter(world.ports, KEY);
    expect(await projection()).toMatchObject({ removedAt: expect.any(Number) });
    expect((await projection())?.off).toBeUndefined();
  });
});

describe('isUpToDate', () => {
  it('A projection is up to date if it is of this reading, valid, and as this code projects it', async () => {
    await world.edit('a', GOOD);
    const parameter = await world.ports.registry.read(KEY);
    const current = await projection();
    if (!parameter || !current) throw new Error('the parameter is missing');
    expect(isUpToDate(world.ports, current, parameter)).toBe(true);
    expect(isUpToDate(world.ports, undefined, parameter)).toBe(false);
    expect(isUpToDate(world.ports, { ...current, problems: [] }, parameter)).toBe(false);
    expect(isUpToDate(world.ports, { ...current, modified: 1 }, parameter)).toBe(false);
    expect(isUpToDate(world.ports, { modified: current.modified, version: 1 }, parameter)).toBe(false);
    expect(isUpToDate(world.ports, current, { ...parameter, value: BAD })).toBe(false);
  });
});
