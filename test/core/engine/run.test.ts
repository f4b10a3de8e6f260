import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import { newJob } from '../../../lib/core/domain/job.ts';
import { formatProblem } from '../../../lib/core/domain/problem.ts';
import { CLOSING_TIME } from '../../../lib/core/engine/execute.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { syncCron } from '../../../lib/core/engine/sync.ts';
import { RunnerTable } from '../../../lib/runners/table.ts';
import { faulty, intercept } from '../../support/faulty.ts';
import { HOUR, MINUTE, NOON } from '../../support/jobs.ts';
import { runContext } from '../../support/run-context.ts';
import { makeWorld, type World } from '../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', HOURLY);
  world.events.length = 0;
});
afterEach(() => world.close());

/** Advances to noon and runs the occurrence that is due then. */
async function runAtNoon(ports = {}): Promise<void> {
  await world.clock.advanceTo(NOON);
  await world.run({ uid: 'a', plannedAt: NOON }, ports);
}

describe('run', () => {
  it('A run arms the next occurrence, starts, finishes and is recorded', async () => {
    await runAtNoon();
    expect(world.eventTypes()).toEqual(['StartedCronJob', 'FinishedCronJob']);
    expect(await world.timers()).toEqual(['a 13:00']);
    expect(await world.job('a')).toMatchObject({
      armed: { plannedAt: NOON + HOUR },
      leases: [],
      pending: [],
      logs: [{ plannedAt: NOON, status: 'OK', messages: [], startedAt: NOON, date: NOON, runId: 'run-1' }],
    });
  });

  it('The events of a run hold ISO 8601 times', async () => {
    await runAtNoon();
    expect(world.events).toEqual([
      {
        type: 'StartedCronJob',
        detail: {
          site: 'default',
          uid: 'a',
          name: 'task',
          plannedAt: '2026-03-02T12:00:00Z',
          forced: false,
          runId: 'run-1',
        },
      },
      {
        type: 'FinishedCronJob',
        detail: {
          site: 'default',
          uid: 'a',
          name: 'task',
          plannedAt: '2026-03-02T12:00:00Z',
          log: {
            id: String(NOON / 1000),
            plannedAt: '2026-03-02T12:00:00Z',
            date: '2026-03-02T12:00:00.000Z',
            startedAt: '2026-03-02T12:00:00.000Z',
            status: 'OK',
            messages: [],
            runId: 'run-1',
          },
        },
      },
    ]);
  });

  it.each([
    ['nothing', undefined, 'OK', []],
    ['a string', 'disk is filling', 'WARN', ['disk is filling']],
    ['several strings', ['one', 'two'], 'WARN', ['one', 'two']],
    ['an empty list', [], 'OK', []],
    ['an empty string', '', 'OK', []],
    ['a number, as JavaScript allows,', 42 as never, 'WARN', ['42']],
  ])(
    'A run whose runner returns %s ends with the matching status and messages',
    async (_, result, status, messages) => {
      world.task = () => result;
      await runAtNoon();
      expect((await world.job('a'))?.logs).toMatchObject([{ status, messages }]);
    },
  );

  it.each([
    ['an error', new Error('no route to host'), 'no route to host'],
    ['an error without a message', new RangeError(), 'RangeError'],
    ['a string', 'just text', 'just text'],
    [
      'an error with a cause',
      new Error('fetch failed', { cause: new Error('no route') }),
      'fetch failed: no route',
    ],
  ])('A run whose runner throws %s ends as FAILURE with its message', async (_, error, message) => {
    world.task = () => {
      throw error;
    };
    await runAtNoon();
    expect((await world.job('a'))?.logs).toMatchObject([{ status: 'FAILURE', messages: [message] }]);
    expect(await world.timers()).toEqual(['a 13:00']);
  });

  it('A run whose runner is missing in this deployment ends as NOTRUN with the problem', async () => {
    const runners = new RunnerTable({}).withTools(runContext().context.tools);
    await runAtNoon({ runners });
    const problems = runners.problems('task', {});
    expect(problems).toMatchObject([{ where: 'name' }]);
    expect((await world.job('a'))?.logs).toMatchObject([
      { status: 'NOTRUN', reason: 'refused', messages: problems.map(formatProblem) },
    ]);
  });

  it('A runner gets its planned time, its token and whether it is late', async () => {
    const contexts: unknown[] = [];
    world.task = ({ context: { plannedAt, late, token } }) => void contexts.push({ plannedAt, late, token });
    await runAtNoon();
    await world.clock.advanceTo(NOON + HOUR + 6 * MINUTE);
    await world.run({ uid: 'a', plannedAt: NOON + HOUR });
    expect(contexts).toEqual([
      { plannedAt: NOON, late: false, token: 'default/a/2026-03-02T12:00:00Z' },
      { plannedAt: NOON + HOUR, late: true, token: 'default/a/2026-03-02T13:00:00Z' },
    ]);
  });

  it('A run that exceeds its timeout ends as FAILURE and its signal is aborted', async () => {
    await world.save('a', { ...HOURLY, timeout: 60 });
    let reason: unknown;
    world.task = ({ context: { signal } }) =>
      new Promise(() => signal.addEventListener('abort', () => (reason = signal.reason)));
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', plannedAt: NOON });
    await world.clock.advance(60_000);
    await running;
    const message = 'The run was aborted after 60 s: its time was up.';
    expect(reason).toMatchObject({ name: 'TimeoutError', message });
    expect((await world.job('a'))?.logs).toMatchObject([
      { status: 'FAILURE', messages: [message], date: NOON + 60_000 },
    ]);
  });

  it('A run with the longest timeout is aborted before its process is stopped', async () => {
    await world.save('a', { ...HOURLY, timeout: 870 });
    world.task = () => new Promise(() => {});
    const startedAt = NOON + 20_000;
    await world.clock.advanceTo(startedAt);
    const running = world.run({ uid: 'a', plannedAt: NOON });
    await world.clock.advance(15 * MINUTE - CLOSING_TIME);
    await running;
    expect((await world.job('a'))?.logs).toMatchObject([
      {
        status: 'FAILURE',
        startedAt,
        date: startedAt + 870_000,
        messages: [expect.stringContaining('870 s')],
      },
    ]);
  });

  it('The messages, log lines and events of a run contain no secret', async () => {
    await world.save('a', { ...HOURLY, environ: { key: { $secret: 'key' } } });
    world.secrets.set('key', 'hunter2-and-more');
    world.task = () => {
      throw new Error('refused: hunter2-and-more');
    };
    await runAtNoon();
    expect((await world.job('a'))?.logs[0]?.messages).toEqual(['refused: [secret]']);
    expect(JSON.stringify([world.events, world.logger.lines])).not.toContain('hunter2');
  });

  it('A run without its secret ends as FAILURE and names the location of the secret', async () => {
    await world.save('a', { ...HOURLY, environ: { key: { $secret: 'key' } } });
    await runAtNoon();
    expect((await world.job('a'))?.logs).toMatchObject([
      {
        status: 'FAILURE',
        messages: [expect.stringContaining(world.ports.secrets.location('default', 'key'))],
      },
    ]);
  });
});

describe('run, with an unusual delivery', () => {
  it('A repeated delivery is ignored', async () => {
    await runAtNoon();
    await world.run({ uid: 'a', plannedAt: NOON });
    expect((await world.job('a'))?.logs).toHaveLength(1);
    expect(world.logger.lines.at(-1)).toMatchObject({
      level: 'info',
      fields: { code: 'delivery-ignored', site: 'default', uid: 'a', plannedAt: '2026-03-02T12:00:00Z' },
    });
  });

  it('Two deliveries at the same time lead to one run', async () => {
    await world.clock.advanceTo(NOON);
    let runs = 0;
    world.task = () => void runs++;
    await Promise.all([world.run({ uid: 'a', plannedAt: NOON }), world.run({ uid: 'a', plannedAt: NOON })]);
    expect(runs).toBe(1);
    expect((await world.job('a'))?.logs).toHaveLength(1);
    expect(await world.timers()).toEqual(['a 13:00']);
  });

  it('A delivery of a removed cron is skipped silently', async () => {
    await world.run({ uid: 'removed', plannedAt: NOON });
    expect(world.events).toEqual([]);
    expect(await world.job('removed')).toBeUndefined();
  });

  it('A delivery of an edited cron runs with the new settings', async () => {
    let environ: unknown;
    world.task = (runner) => {
      environ = Reflect.get(runner, 'environ');
    };
    await world.edit('a', JSON.stringify({ ...HOURLY, environ: { fresh: true } }));
    await runAtNoon();
    expect(environ).toEqual({ fresh: true });
  });

  it('A delivery of a cron that was switched off ends as NOTRUN with the reason', async () => {
    await world.edit('a', JSON.stringify({ ...HOURLY, activated: false }));
    await runAtNoon();
    expect(await world.job('a')).toMatchObject({
      logs: [{ status: 'NOTRUN', reason: 'off' }],
    });
    expect((await world.job('a'))?.armed).toBeUndefined();
    expect(world.eventTypes()).toEqual(['ModifiedCrontab', 'StartedCronJob', 'FinishedCronJob']);
  });

  it('The next pending occurrence is delivered when a run ends', async () => {
    await world.save('a', { ...HOURLY, missed: 'all' });
    await world.clock.advanceTo(NOON + 2 * HOUR);
    world.delivered.length = 0;
    await world.run({ uid: 'a', plannedAt: NOON });
    await world.clock.advance(1);
    expect(world.delivered).toMatchObject([{ uid: 'a', plannedAt: NOON + HOUR }]);
    expect((await world.job('a'))?.pending).toEqual([
      { plannedAt: NOON + HOUR },
      { plannedAt: NOON + 2 * HOUR },
    ]);
  });

  it('The next pending occurrence is delivered while another run is in progress when overlap is "allow"', async () => {
    await world.save('a', { ...HOURLY, missed: 'all', overlap: 'allow' });
    await world.clock.advanceTo(NOON + 2 * HOUR);
    world.delivered.length = 0;
    world.task = async () => {
      const other = {
        plannedAt: NOON + 3 * HOUR,
        runId: 'other',
        startedAt: NOON + 3 * HOUR,
        expiresAt: NOON + 4 * HOUR,
      };
      const job = await world.job('a');
      if (job) await world.ports.store.saveJob({ ...job, leases: [...job.leases, other] });
      return undefined;
    };
    await world.run({ uid: 'a', plannedAt: NOON });
    await world.clock.advance(1);
    expect(world.delivered).toMatchObject([{ uid: 'a', plannedAt: NOON + HOUR }]);
  });

  it('The sweep delivers a pending occurrence whose delivery failed', async () => {
    await world.save('a', { ...HOURLY, missed: 'all' });
    await world.clock.advanceTo(NOON + 2 * HOUR);
    await world.run({ uid: 'a', plannedAt: NOON }, { queue: faulty(world.ports.queue, 'deliver', 'before') });
    expect(world.logger.linesOf('delivery-lost')).toMatchObject([
      { level: 'warn', message: 'The waiting occurrence could not be delivered; the sweep delivers it' },
    ]);
    world.delivered.length = 0;
    await syncCron(world.ports, 'default', 'a');
    await world.clock.advance(1);
    expect(world.delivered).toMatchObject([{ plannedAt: NOON + HOUR }]);
  });
});

describe('run, with a forced delivery', () => {
  it('A forced run starts at once and leaves the timer alone', async () => {
    await world.run({ uid: 'a', plannedAt: world.clock.now(), forced: 'by-hand' });
    expect(await world.timers()).toEqual(['a 12:00']);
    expect((await world.job('a'))?.logs).toMatchObject([{ status: 'OK', runId: 'by-hand' }]);
    expect(world.events[0]).toMatchObject({ detail: { forced: true, runId: 'by-hand' } });
  });
});

describe('run, with a failure', () => {
  it.each([
    ['reading the store', { store: 'read' }],
    ['making the next timer', { queue: 'arm' }],
    ['claiming the occurrence', { store: 'saveJob' }],
  ] as const)(
    'A delivery that failed while %s runs at most once when it is repeated',
    async (_, faultyMethod) => {
      for (const when of ['before', 'after'] as const) {
        const fresh = makeWorld();
        await fresh.save('a', HOURLY);
        await fresh.clock.advanceTo(NOON);
        const faultyPort =
          'store' in faultyMethod
            ? { store: faulty(fresh.ports.store, faultyMethod.store, when) }
            : { queue: faulty(fresh.ports.queue, faultyMethod.queue, when) };
        await expect(fresh.run({ uid: 'a', plannedAt: NOON }, faultyPort)).rejects.toThrow(
          `failed ${when} its effect`,
        );
        await fresh.run({ uid: 'a', plannedAt: NOON });
        expect(await fresh.timers()).toEqual(['a 13:00']);
        const isClaimed = 'store' in faultyMethod && faultyMethod.store === 'saveJob' && when === 'after';
        expect((await fresh.job('a'))?.logs).toHaveLength(isClaimed ? 0 : 1);
        expect((await fresh.job('a'))?.leases).toHaveLength(isClaimed ? 1 : 0);
        fresh.close();
      }
    },
  );

  it('A run continues when the bus rejects its events', async () => {
    await runAtNoon({ events: faulty(world.ports.events, 'publish', 'before', 2) });
    expect((await world.job('a'))?.logs).toMatchObject([{ status: 'OK' }]);
    const line = { level: 'warn', message: 'The bus did not accept events' };
    expect(world.logger.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { ...line, fields: { code: 'events-lost', events: ['StartedCronJob'] } },
      { ...line, fields: { code: 'events-lost', events: ['FinishedCronJob'] } },
    ]);
  });

  it('A run record is written when the store recovers', async () => {
    let saves = 0;
    const store = intercept(world.ports.store, 'saveJob', async (save) => {
      saves += 1;
      if (saves === 2 || saves === 3) throw new UnavailableError('no answer');
      return save();
    });
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store });
    await world.clock.advance(5_000);
    await running;
    expect((await world.job('a'))?.logs).toMatchObject([{ status: 'OK', date: NOON }]);
  });

  it('A run whose record cannot be written logs its result and throws nothing', async () => {
    let saves = 0;
    const store = intercept(world.ports.store, 'saveJob', async (save) => {
      saves += 1;
      if (saves > 1) throw new UnavailableError('no answer');
      return save();
    });
    world.task = () => 'a warning';
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store });
    await world.clock.advance(5_000);
    await running;
    expect(world.logger.lines.at(-1)).toMatchObject({
      level: 'error',
      message: 'The run has ended, but its log could not be written',
      fields: { code: 'log-lost', status: 'WARN', messages: ['a warning'] },
    });
  });

  it('A run has its whole timeout even when publishing its start took long', async () => {
    const events = intercept(world.ports.events, 'publish', async (emit) => {
      if (world.clock.now() === NOON) await world.clock.advance(50_000);
      return emit();
    });
    await world.save('a', { ...HOURLY, timeout: 30 });
    world.task = () => undefined;
    await runAtNoon({ events });
    expect((await world.job('a'))?.logs).toMatchObject([{ status: 'OK', date: NOON + 50_000 }]);
  });

  it('The log lines of a run hold its own planned time, whichever occurrence was delivered', async () => {
    await world.save('a', { ...HOURLY, missed: 'all' });
    await world.clock.advanceTo(NOON + HOUR);
    world.task = () => Promise.reject(new Error('here'));
    await world.run({ uid: 'a', plannedAt: NOON });
    await world.run({ uid: 'a', plannedAt: NOON + HOUR });
    expect(world.logger.linesOf('run-failed')).toMatchObject([
      { message: 'The run failed: here', fields: { plannedAt: '2026-03-02T12:00:00Z' } },
      { message: 'The run failed: here', fields: { plannedAt: '2026-03-02T13:00:00Z' } },
    ]);
  });

  it('A run whose process died after the claim is recorded when its lease has expired, and is never repeated', async () => {
    const hangingEvents = intercept(world.ports.events, 'publish', () => new Promise(() => {}));
    await world.clock.advanceTo(NOON);
    void world.run({ uid: 'a', plannedAt: NOON }, { events: hangingEvents });
    await world.clock.advance(15 * MINUTE - 1);
    await syncCron(world.ports, 'default', 'a');
    expect((await world.job('a'))?.logs).toEqual([]);
    await world.clock.advance(1);
    await syncCron(world.ports, 'default', 'a');
    await world.run({ uid: 'a', plannedAt: NOON });
    expect(await world.job('a')).toMatchObject({
      leases: [],
      logs: [{ plannedAt: NOON, status: 'FAILURE' }],
    });
  });

  it('A run that outlives its lease does not overwrite the record of its death', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    world.task = () => promise;
    await world.save('a', { ...HOURLY, timeout: 870 });
    await world.clock.advanceTo(NOON);
    const clockWithoutTimeout = { ...world.ports.clock, wake: () => () => {}, now: () => world.clock.now() };
    const running = world.run({ uid: 'a', plannedAt: NOON }, { clock: clockWithoutTimeout });
    await world.clock.advance(16 * MINUTE);
    await syncCron(world.ports, 'default', 'a');
    resolve(undefined);
    await running;
    expect((await world.job('a'))?.logs).toMatchObject([{ status: 'FAILURE' }]);
    expect(world.logger.linesOf('lease-gone')).toMatchObject([
      {
        level: 'warn',
        message: 'The lease expired before the run ended: the run is recorded as dead',
      },
    ]);
  });

  it('A run whose cron is removed meanwhile leaves no job and no timer', async () => {
    world.task = async () => {
      await world.ports.registry.remove({ site: 'default', uid: 'a' });
      await projectParameter(world.ports, { site: 'default', uid: 'a' });
      await syncCron(world.ports, 'default', 'a');
    };
    await runAtNoon();
    expect(await world.job('a')).toBeUndefined();
    expect(await world.timers()).toEqual([]);
  });

  it('A run whose cron is removed meanwhile removes the job even when the first attempt loses a race', async () => {
    world.task = async () => {
      await world.ports.registry.remove({ site: 'default', uid: 'a' });
      await projectParameter(world.ports, { site: 'default', uid: 'a' });
      await syncCron(world.ports, 'default', 'a');
    };
    let attempts = 0;
    const store = intercept(
      world.ports.store,
      'removeJob',
      async (remove) => attempts++ > 0 && (await remove()),
    );
    await runAtNoon({ store });
    expect(attempts).toBe(2);
    expect(await world.job('a')).toBeUndefined();
  });

  it('A run whose cron is removed meanwhile leaves the job to another run in progress', async () => {
    const other = { plannedAt: NOON - HOUR, runId: 'run-0', startedAt: NOON - HOUR, expiresAt: NOON + HOUR };
    world.task = async () => {
      const { job } = await world.ports.store.read('default', 'a');
      await world.ports.store.saveJob({
        ...(job ?? newJob('default', 'a')),
        leases: [...(job?.leases ?? []), other],
      });
      await world.ports.registry.remove({ site: 'default', uid: 'a' });
      await projectParameter(world.ports, { site: 'default', uid: 'a' });
      await syncCron(world.ports, 'default', 'a');
    };
    await runAtNoon();
    expect(await world.job('a')).toMatchObject({ leases: [other], pending: [] });
  });

  it('A run whose cron is removed before the sync leaves the timer and the job to the sync', async () => {
    world.task = async () => {
      const { job } = await world.ports.store.read('default', 'a');
      if (job) await world.ports.store.saveJob(job);
      await world.ports.registry.remove({ site: 'default', uid: 'a' });
      await projectParameter(world.ports, { site: 'default', uid: 'a' });
    };
    await runAtNoon();
    expect(await world.job('a')).toMatchObject({ armed: { plannedAt: NOON + HOUR }, leases: [] });
    await syncCron(world.ports, 'default', 'a');
    expect(await world.job('a')).toBeUndefined();
    expect(await world.timers()).toEqual([]);
  });

  it('A run whose cron was removed and added again is recorded in the new job and leaves its timer alone', async () => {
    world.task = async () => {
      await world.ports.registry.remove({ site: 'default', uid: 'a' });
      await projectParameter(world.ports, { site: 'default', uid: 'a' });
      await syncCron(world.ports, 'default', 'a');
      await world.save('a', { name: 'task', periodicity: '30 * * * *' });
    };
    await runAtNoon();
    const armed = { plannedAt: NOON + 30 * MINUTE };
    expect(await world.job('a')).toMatchObject({
      armed,
      leases: [],
      logs: [{ plannedAt: NOON, status: 'OK' }],
    });
    expect(await world.timers()).toEqual(['a 12:30']);
  });

  it('A run record is written when others changed the job meanwhile', async () => {
    world.task = async () => {
      await world.save('a', { ...HOURLY, periodicity: '30 * * * *' });
    };
    await runAtNoon();
    expect(await world.job('a')).toMatchObject({
      armed: { plannedAt: NOON + 30 * MINUTE },
      leases: [],
      logs: [{ status: 'OK' }],
    });
    expect(await world.timers()).toEqual(['a 12:30']);
  });

  it('A run that loses the claim to an edit removes the timer that it made', async () => {
    await world.clock.advanceTo(NOON);
    let edited = false;
    const store = intercept(world.ports.store, 'saveJob', async (save) => {
      if (!edited) {
        edited = true;
        await world.save('a', { ...HOURLY, periodicity: '30 * * * *' });
      }
      return save();
    });
    await world.run({ uid: 'a', plannedAt: NOON }, { store });
    expect(await world.timers()).toEqual(['a 12:30']);
    expect((await world.job('a'))?.logs).toMatchObject([
      { plannedAt: NOON, status: 'NOTRUN', reason: 'edited' },
    ]);
  });

  it('A delivery fails with UnavailableError when every write of the job loses a race', async () => {
    await world.clock.advanceTo(NOON);
    const store = intercept(world.ports.store, 'saveJob', async () => undefined);
    await expect(world.run({ uid: 'a', plannedAt: NOON }, { store })).rejects.toThrow(
      'The job of default/a was changed by others 10 times in a row.',
    );
  });
});
