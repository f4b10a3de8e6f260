import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ThrottledError, UnavailableError, UnreadableError } from '../../../lib/core/domain/errors.ts';
import { formatProblem } from '../../../lib/core/domain/problem.ts';
import { CLOSING_TIME_MS } from '../../../lib/core/engine/execute.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { run } from '../../../lib/core/engine/run.ts';
import { sweep } from '../../../lib/core/engine/sweep.ts';
import { syncCron } from '../../../lib/core/engine/sync.ts';
import { updateJob } from '../../../lib/core/engine/update-job.ts';
import { RunnerTable } from '../../../lib/runners/table.ts';
import { faulty, intercept } from '../../support/faulty.ts';
import { HOUR, leaseOf, MINUTE, NOON } from '../../support/jobs.ts';
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

/** A store whose commit number `nth` takes effect; `then` gives its answer. */
function afterCommit(nth: number, then: () => Promise<boolean>) {
  let commits = 0;
  return intercept(world.ports.store, 'commit', async (commit) => {
    const isCommitted = await commit();
    commits += 1;
    return commits === nth ? then() : isCommitted;
  });
}

/** Removes a cron: its parameter, its projection, and its timer. */
async function remove(uid: string): Promise<undefined> {
  await world.ports.registry.remove({ site: 'default', uid });
  await projectParameter(world.ports, { site: 'default', uid });
  await syncCron(world.ports, 'default', uid);
}

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
      armedAt: NOON + HOUR,
      leases: [],
      decidedUntil: NOON,
      summary: { statuses: 'O', runs: 1, last: { plannedAt: NOON } },
    });
    const [{ runId = '' } = {}] = await world.records('a');
    expect(await world.records('a')).toEqual([
      {
        site: 'default',
        uid: 'a',
        runner: 'task',
        plannedAt: NOON,
        status: 'OK',
        messages: [],
        deliveredAt: NOON,
        claimedAt: NOON,
        startedAt: NOON,
        attempts: 1,
        endedAt: NOON,
        runId,
        definitionVersion: 1,
      },
    ]);
  });

  it('A run record names the version of the definition and of the code, and who requested the run', async () => {
    await world.save('a', { ...HOURLY, timeout: 60 });
    const forced = { plannedAt: world.clock.now(), forced: 'by-hand', requestedBy: 'ann' };
    await world.run({ uid: 'a', ...forced }, { codeVersion: 'abc' });
    expect(await world.records('a')).toMatchObject([{ ...forced, definitionVersion: 2, codeVersion: 'abc' }]);
  });

  it('A delivery is decided when its claim is stored, before its runner has ended', async () => {
    const leases: Promise<number | undefined>[] = [];
    const delivery = { site: 'default', uid: 'a', plannedAt: world.clock.now(), forced: 'by-hand' };
    const look = () => void leases.push(world.job('a').then((job) => job?.leases.length));
    await run(world.ports, delivery, world.clock.now() + HOUR, look);
    expect(await Promise.all(leases)).toEqual([1]);
  });

  it('The events of a run hold ISO 8601 times', async () => {
    await runAtNoon();
    const runId = expect.stringMatching(/^run-/);
    expect(world.events).toEqual([
      {
        type: 'StartedCronJob',
        detail: {
          site: 'default',
          uid: 'a',
          name: 'task',
          plannedAt: '2026-03-02T12:00:00Z',
          forced: false,
          runId,
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
            runId,
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
      expect(await world.records('a')).toMatchObject([{ status, messages }]);
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
    expect(await world.records('a')).toMatchObject([{ status: 'FAILURE', messages: [message] }]);
    expect(await world.timers()).toEqual(['a 13:00']);
  });

  it('A run whose runner is missing in this deployment ends as NOTRUN with the problem', async () => {
    const runners = new RunnerTable({}).withTools(runContext().context.tools);
    await runAtNoon({ runners });
    const problems = runners.problems({ name: 'task', environ: {} });
    expect(problems).toMatchObject([{ where: 'name' }]);
    expect(await world.records('a')).toMatchObject([
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

  it.each([
    ['a cause that is its own cause', Object.assign(new Error('round'), { cause: undefined as unknown })],
    ['an object without a text', Object.create(null)],
  ])('A run whose runner throws %s ends as FAILURE', async (_, thrown) => {
    if (thrown instanceof Error) thrown.cause = thrown;
    world.task = () => Promise.reject(thrown);
    await world.clock.advanceTo(NOON);
    await world.run({ uid: 'a', plannedAt: NOON });
    expect(await world.records('a')).toMatchObject([{ status: 'FAILURE' }]);
    expect((await world.job('a'))?.leases).toEqual([]);
  });

  it('A late duplicate of a requested run changes nothing, and announces nothing', async () => {
    await world.clock.advanceTo(NOON - MINUTE);
    const request = { uid: 'a', plannedAt: NOON - MINUTE, forced: 'request-1' };
    await world.run(request);
    await world.clock.advanceTo(NOON + 30 * MINUTE);
    await world.run({ uid: 'a', plannedAt: NOON });
    const before = await world.job('a');
    world.events.length = 0;
    await world.run(request);
    expect(await world.job('a')).toEqual(before);
    expect(world.eventTypes()).toEqual([]);
  });

  it('A duplicate of a requested run whose lease has expired leaves the lease to the sweep', async () => {
    await world.clock.advanceTo(NOON);
    const request = { uid: 'a', plannedAt: NOON, forced: 'request-1' };
    const lease = { ...leaseOf(NOON, NOON + MINUTE), forced: 'request-1', runId: 'request-1' };
    await updateJob(world.ports, 'default', 'a', (_state, job) => ({
      job: { ...job, leases: [lease] },
      records: [],
    }));
    await world.clock.advanceTo(NOON + 10 * MINUTE);
    await world.run(request);
    expect(await world.records('a')).toEqual([]);
    await syncCron(world.ports, 'default', 'a');
    expect(await world.records('a')).toMatchObject([{ forced: 'request-1', reason: 'died' }]);
  });

  it('A run that exceeds its timeout ends as FAILURE and its signal is aborted', async () => {
    await world.save('a', { ...HOURLY, timeout: 60 });
    let reason: unknown;
    world.task = ({ context: { signal } }) =>
      new Promise(() => signal.addEventListener('abort', () => (reason = signal.reason)));
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', plannedAt: NOON }, { endProcess: () => {} });
    await world.clock.advance(62_000);
    await running;
    const message = 'The run was aborted after 60 s: its time was up.';
    expect(reason).toMatchObject({ name: 'TimeoutError', message });
    expect(await world.records('a')).toMatchObject([
      { status: 'FAILURE', reason: 'timeout', messages: [message], endedAt: NOON + 62_000 },
    ]);
  });

  it('A run that begins late is aborted ten seconds before its process is stopped', async () => {
    world.task = () => new Promise(() => {});
    await world.clock.advanceTo(NOON);
    const delivery = { site: 'default', uid: 'a', plannedAt: NOON };
    const running = run({ ...world.ports, endProcess: () => {} }, delivery, NOON + MINUTE);
    await world.clock.advance(MINUTE);
    await running;
    expect(await world.records('a')).toMatchObject([{ reason: 'timeout', endedAt: NOON + 52_000 }]);
  });

  it('A run with the longest timeout is aborted before its process is stopped', async () => {
    await world.save('a', { ...HOURLY, timeout: 870 });
    world.task = () => new Promise(() => {});
    const startedAt = NOON + 20_000;
    await world.clock.advanceTo(startedAt);
    const running = world.run({ uid: 'a', plannedAt: NOON }, { endProcess: () => {} });
    await world.clock.advance(15 * MINUTE - CLOSING_TIME_MS + 2_000);
    await running;
    expect(await world.records('a')).toMatchObject([
      {
        status: 'FAILURE',
        startedAt,
        endedAt: startedAt + 872_000,
        messages: [expect.stringContaining('870 s')],
      },
    ]);
  });

  it.each([
    ['ends in time, and its process goes on', 1_000, 0],
    ['ignores its abort signal, and its process ends after the record', 3_000, 1],
  ])('On AWS a run that exceeds its timeout %s', async (_, reaction, ends) => {
    await world.save('a', { ...HOURLY, timeout: 60 });
    world.task = ({ context: { signal } }) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () =>
          world.clock.wake(world.clock.now() + reaction, () => resolve(undefined)),
        ),
      );
    await world.clock.advanceTo(NOON);
    const recordsAtEnd: number[] = [];
    const endProcess = async () => void recordsAtEnd.push((await world.records('a')).length);
    const running = world.run({ uid: 'a', plannedAt: NOON }, { endProcess });
    await world.clock.advance(62_000);
    await running;
    expect(await world.records('a')).toMatchObject([{ status: 'FAILURE', reason: 'timeout' }]);
    expect(recordsAtEnd).toEqual(Array(ends).fill(1));
  });

  it('On a laptop the lease of a run that ignores its abort signal stays until the run has ended', async () => {
    await world.save('a', { ...HOURLY, timeout: 60 });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    world.task = () => promise;
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', plannedAt: NOON });
    await world.clock.advance(5 * MINUTE);
    expect((await world.job('a'))?.leases).toHaveLength(1);
    resolve(undefined);
    await running;
    expect((await world.job('a'))?.leases).toEqual([]);
    expect(await world.records('a')).toMatchObject([
      { reason: 'timeout', wentOn: true, endedAt: NOON + 5 * MINUTE },
    ]);
  });

  it('A run whose lease has a stop flag is aborted and names the user', async () => {
    world.task = ({ context: { signal } }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', plannedAt: NOON });
    await world.clock.advance(1);
    await updateJob(world.ports, 'default', 'a', (_state, job) => ({
      job: { ...job, leases: job.leases.map((lease) => ({ ...lease, stop: 'ann' })) },
      records: [],
    }));
    await world.clock.advance(10_000);
    await running;
    expect(await world.records('a')).toMatchObject([
      { status: 'FAILURE', reason: 'stopped', messages: ['stopped by ann'] },
    ]);
  });

  it('A stop flag that could not be read is read again, until the run has ended', async () => {
    let reads = 0;
    const answer = Promise.withResolvers<undefined>();
    const store = intercept(world.ports.store, 'readJob', async () => {
      reads += 1;
      if (reads === 1) throw new UnavailableError('The table does not answer.');
      return await answer.promise;
    });
    const end = Promise.withResolvers<undefined>();
    world.task = () => end.promise;
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store });
    await world.clock.advance(11_000);
    end.resolve(undefined);
    await running;
    answer.resolve(undefined);
    await world.clock.advance(11_000);
    expect(reads).toBe(2);
  });

  it('The messages, log lines and events of a run contain no secret', async () => {
    await world.save('a', { ...HOURLY, environ: { key: { $secret: 'key' } } });
    world.secrets.set('key', 'hunter2-and-more');
    world.task = () => {
      throw new Error('refused: hunter2-and-more');
    };
    await runAtNoon();
    expect((await world.records('a'))[0]?.messages).toEqual(['refused: [secret]']);
    expect(JSON.stringify([world.events, world.logger.lines])).not.toContain('hunter2');
  });

  it('A run without its secret ends as FAILURE and names the location of the secret', async () => {
    await world.save('a', { ...HOURLY, environ: { key: { $secret: 'key' } } });
    await runAtNoon();
    expect(await world.records('a')).toMatchObject([
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
    expect(await world.records('a')).toHaveLength(1);
    expect(world.logger.lines.at(-1)).toMatchObject({
      level: 'info',
      fields: { code: 'delivery-ignored', site: 'default', uid: 'a', plannedAt: '2026-03-02T12:00:00Z' },
    });
  });

  it('Two deliveries at the same time lead to one run', async () => {
    await world.clock.advanceTo(NOON);
    let runs = 0;
    world.task = () => void runs++;
    const both = Promise.all([
      world.run({ uid: 'a', plannedAt: NOON }),
      world.run({ uid: 'a', plannedAt: NOON }),
    ]);
    await world.clock.advance(1_000);
    await both;
    expect(runs).toBe(1);
    expect(await world.records('a')).toHaveLength(1);
    expect(await world.timers()).toEqual(['a 13:00']);
  });

  it('A delivery of a removed cron is ignored', async () => {
    await world.run({ uid: 'removed', plannedAt: NOON });
    expect(world.events).toEqual([]);
    expect(world.logger.linesOf('delivery-ignored')).toHaveLength(1);
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
    expect(await world.records('a')).toMatchObject([{ status: 'NOTRUN', reason: 'off' }]);
    expect((await world.job('a'))?.armedAt).toBeUndefined();
    expect(world.eventTypes()).toEqual(['ModifiedCrontab', 'StartedCronJob', 'FinishedCronJob']);
  });

  it('The next waiting occurrence is delivered when a run ends', async () => {
    await world.save('a', { ...HOURLY, missed: 'all' });
    await world.clock.advanceTo(NOON + 2 * HOUR);
    world.delivered.length = 0;
    await world.run({ uid: 'a', plannedAt: NOON });
    await world.clock.advance(1);
    expect(world.delivered).toMatchObject([{ uid: 'a', plannedAt: NOON + HOUR }]);
    expect((await world.job('a'))?.waiting).toEqual({ from: NOON + HOUR, to: NOON + 2 * HOUR });
  });

  it('The next waiting occurrence is delivered while another run is in progress when overlap is "allow"', async () => {
    await world.save('a', { ...HOURLY, missed: 'all', overlap: 'allow' });
    await world.clock.advanceTo(NOON + 2 * HOUR);
    world.delivered.length = 0;
    world.task = async () => {
      const other = leaseOf(NOON + 3 * HOUR, NOON + 4 * HOUR);
      await updateJob(world.ports, 'default', 'a', (_state, job) => ({
        job: { ...job, leases: [...job.leases, other] },
        records: [],
      }));
      return undefined;
    };
    await world.run({ uid: 'a', plannedAt: NOON });
    await world.clock.advance(1);
    expect(world.delivered).toMatchObject([{ uid: 'a', plannedAt: NOON + HOUR }]);
  });

  it('The sweep delivers a waiting occurrence whose delivery failed', async () => {
    await world.save('a', { ...HOURLY, missed: 'all' });
    await world.clock.advanceTo(NOON + 2 * HOUR);
    await world.run({ uid: 'a', plannedAt: NOON }, { queue: faulty(world.ports.queue, 'deliver', 'before') });
    expect(world.logger.linesOf('delivery-lost')).toMatchObject([
      { level: 'warn', message: 'What waits could not be delivered; the sweep delivers it' },
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
    expect(await world.records('a')).toMatchObject([{ status: 'OK', runId: 'by-hand' }]);
    expect(world.events[0]).toMatchObject({ detail: { forced: true, runId: 'by-hand' } });
  });
});

describe('run, with a failure', () => {
  it.each([
    ['reading the store', { store: 'read' }],
    ['committing the claim', { store: 'commit' }],
  ] as const)('A delivery that fails once while %s runs once', async (_, { store: method }) => {
    for (const when of ['before', 'after'] as const) {
      const fresh = makeWorld();
      await fresh.save('a', HOURLY);
      await fresh.clock.advanceTo(NOON);
      const running = fresh.run(
        { uid: 'a', plannedAt: NOON },
        { store: faulty(fresh.ports.store, method, when) },
      );
      await fresh.clock.advance(1_000);
      await running;
      expect(await fresh.timers()).toEqual(['a 13:00']);
      expect(await fresh.records('a')).toMatchObject([{ status: 'OK' }]);
      expect((await fresh.job('a'))?.leases).toEqual([]);
      fresh.close();
    }
  });

  it('A delivery whose next timer cannot be made fails, and its repetition runs', async () => {
    await world.clock.advanceTo(NOON);
    const queue = faulty(world.ports.queue, 'arm', 'before', 20);
    const running = world.run({ uid: 'a', plannedAt: NOON }, { queue });
    const failure = expect(running).rejects.toBeInstanceOf(UnavailableError);
    await world.clock.advance(15_000);
    await failure;
    expect(await world.records('a')).toEqual([]);
    await world.run({ uid: 'a', plannedAt: NOON });
    expect(await world.records('a')).toMatchObject([{ status: 'OK' }]);
  });

  it('A run goes on if its next timer is throttled and due after two sweeps', async () => {
    const queue = intercept(world.ports.queue, 'arm', () => Promise.reject(new ThrottledError('slow down')));
    await runAtNoon({ queue });
    expect(await world.records('a')).toMatchObject([{ status: 'OK' }]);
    expect((await world.job('a'))?.armedAt).toBe(NOON + HOUR);
    expect(world.logger.linesOf('arm-throttled')).toHaveLength(1);
    expect(await world.timers()).toEqual([]);
    await sweep(world.ports);
    expect(await world.timers()).toEqual(['a 13:00']);
  });

  it('A run does not start if its next timer is throttled and due before two sweeps', async () => {
    await world.clock.advanceTo(NOON);
    const queue = intercept(world.ports.queue, 'arm', () => Promise.reject(new ThrottledError('slow down')));
    const running = world.run({ uid: 'a', plannedAt: NOON }, { queue, sweepEveryMs: HOUR });
    const failure = expect(running).rejects.toBeInstanceOf(UnavailableError);
    await world.clock.advance(15_000);
    await failure;
    expect(await world.records('a')).toEqual([]);
  });

  it('A claim whose answer was lost is found again although another writer came after it', async () => {
    await world.clock.advanceTo(NOON);
    const store = afterCommit(1, async () => {
      await updateJob(world.ports, 'default', 'a', (_state, job) => ({ job: { ...job }, records: [] }));
      throw new UnavailableError('no answer');
    });
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store });
    await world.clock.advance(1_000);
    await running;
    expect(await world.records('a')).toMatchObject([{ status: 'OK' }]);
    expect(world.eventTypes()).toEqual(['StartedCronJob', 'FinishedCronJob']);
  });

  it('A claim runs although a timer that it does not need cannot be removed', async () => {
    await world.clock.advanceTo(NOON);
    const store = afterCommit(1, async () => {
      await world.edit('a', JSON.stringify({ ...HOURLY, periodicity: '30 * * * *' }));
      await syncCron(world.ports, 'default', 'a');
      return false;
    });
    const queue = faulty(world.ports.queue, 'disarm', 'before');
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store, queue });
    await world.clock.advance(1_000);
    await running;
    expect(await world.records('a')).toMatchObject([{ status: 'OK' }]);
    expect(world.logger.linesOf('timer-left')).toHaveLength(1);
  });

  it('A claim whose answer was lost is found again although the cron was removed since', async () => {
    await world.clock.advanceTo(NOON);
    const store = afterCommit(1, async () => {
      await world.ports.registry.remove({ site: 'default', uid: 'a' });
      await projectParameter(world.ports, { site: 'default', uid: 'a' });
      throw new UnavailableError('no answer');
    });
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store });
    await world.clock.advance(1_000);
    await running;
    expect(await world.records('a')).toMatchObject([{ status: 'OK' }]);
  });

  it('A record whose answer was lost is not recorded twice although another writer came after it', async () => {
    await world.clock.advanceTo(NOON);
    const store = afterCommit(2, async () => {
      await updateJob(world.ports, 'default', 'a', (_state, job) => ({ job: { ...job }, records: [] }));
      throw new UnavailableError('no answer');
    });
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store });
    await world.clock.advance(1_000);
    await running;
    expect(await world.job('a')).toMatchObject({ summary: { runs: 1 }, leases: [] });
    expect(world.logger.linesOf('lease-gone')).toEqual([]);
    expect(world.eventTypes()).toEqual(['StartedCronJob', 'FinishedCronJob']);
  });

  it('A delivery of a cron whose state cannot be read fails at once and changes nothing', async () => {
    await world.clock.advanceTo(NOON);
    const store = intercept(world.ports.store, 'read', async () => ({ unreadable: 'format 9' }));
    await expect(world.run({ uid: 'a', plannedAt: NOON }, { store })).rejects.toBeInstanceOf(UnreadableError);
    expect(await world.timers()).toEqual([]);
    expect(await world.records('a')).toEqual([]);
  });

  it('A run continues when the bus rejects its events', async () => {
    await runAtNoon({ events: faulty(world.ports.events, 'publish', 'before', 2) });
    expect(await world.records('a')).toMatchObject([{ status: 'OK' }]);
    const line = { level: 'warn', message: 'The bus did not accept events' };
    expect(world.logger.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { ...line, fields: { code: 'events-lost', events: ['StartedCronJob'] } },
      { ...line, fields: { code: 'events-lost', events: ['FinishedCronJob'] } },
    ]);
  });

  it('A run record is written when the store recovers', async () => {
    let saves = 0;
    const store = intercept(world.ports.store, 'commit', async (save) => {
      saves += 1;
      if (saves === 2 || saves === 3) throw new UnavailableError('no answer');
      return save();
    });
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store });
    await world.clock.advance(5_000);
    await running;
    expect(await world.records('a')).toMatchObject([{ status: 'OK', endedAt: NOON }]);
  });

  it('A run whose record cannot be written logs its result and throws nothing', async () => {
    let saves = 0;
    const store = intercept(world.ports.store, 'commit', async (save) => {
      saves += 1;
      if (saves > 1) throw new UnavailableError('no answer');
      return save();
    });
    world.task = () => 'a warning';
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store });
    await world.clock.advance(15_000);
    await running;
    expect(world.logger.lines.at(-1)).toMatchObject({
      level: 'error',
      message: 'The run has ended, but its record could not be written',
      fields: { code: 'record-lost', status: 'WARN', messages: ['a warning'] },
    });
  });

  it('Where the process goes on, the record of a run is tried again until the store takes it', async () => {
    let isFull = false;
    const store = intercept(world.ports.store, 'commit', async (save) => {
      if (isFull) throw new UnavailableError('the disk is full');
      isFull = true;
      return save();
    });
    await world.clock.advanceTo(NOON);
    const shutdown = new AbortController().signal;
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store, shutdown });
    await world.clock.advance(10 * MINUTE);
    expect((await world.job('a'))?.leases).toHaveLength(1);
    isFull = false;
    await world.clock.advance(20_000);
    await running;
    expect(await world.job('a')).toMatchObject({ leases: [] });
    expect(await world.records('a')).toMatchObject([{ status: 'OK', plannedAt: NOON }]);
    expect(world.logger.linesOf('record-repeated')[0]).toMatchObject({
      level: 'warn',
      message: 'The run has ended, but its record could not be written yet; it is tried again',
      fields: { status: 'OK' },
    });
    expect(world.logger.linesOf('record-lost')).toEqual([]);
  });

  it('A shutdown ends the attempts to store a record, after a last one', async () => {
    let saves = 0;
    const store = intercept(world.ports.store, 'commit', async (save) => {
      saves += 1;
      if (saves > 1) throw new UnavailableError('the disk is full');
      return save();
    });
    await world.clock.advanceTo(NOON);
    const shutdown = new AbortController();
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store, shutdown: shutdown.signal });
    // The first attempts have failed, and the next ones wait.
    await world.clock.advance(20_000);
    shutdown.abort();
    const savesBefore = saves;
    await world.clock.advance(15_000);
    await running;
    expect(saves).toBeGreaterThan(savesBefore);
    expect(world.logger.linesOf('record-lost')).toHaveLength(1);
  });

  it('A run has its whole timeout even when publishing its start took long', async () => {
    const events = intercept(world.ports.events, 'publish', async (emit) => {
      if (world.clock.now() === NOON) await world.clock.advance(50_000);
      return emit();
    });
    await world.save('a', { ...HOURLY, timeout: 30 });
    world.task = () => undefined;
    await runAtNoon({ events });
    expect(await world.records('a')).toMatchObject([{ status: 'OK', endedAt: NOON + 50_000 }]);
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
    await world.clock.advance(16 * MINUTE - 1);
    await syncCron(world.ports, 'default', 'a');
    expect(await world.records('a')).toEqual([]);
    await world.clock.advance(1);
    await syncCron(world.ports, 'default', 'a');
    await world.run({ uid: 'a', plannedAt: NOON });
    expect((await world.job('a'))?.leases).toEqual([]);
    expect(await world.records('a')).toMatchObject([{ plannedAt: NOON, status: 'FAILURE', reason: 'died' }]);
  });

  it('A run that outlives its lease does not overwrite the record of its death', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    world.task = () => promise;
    await world.save('a', { ...HOURLY, timeout: 870 });
    await world.clock.advanceTo(NOON);
    const never = () => () => {};
    const clockWithoutTimeout = { now: () => world.clock.now(), wake: never, after: never };
    const running = world.run({ uid: 'a', plannedAt: NOON }, { clock: clockWithoutTimeout });
    await world.clock.advance(17 * MINUTE);
    await syncCron(world.ports, 'default', 'a');
    resolve(undefined);
    await running;
    expect(await world.records('a')).toMatchObject([{ status: 'FAILURE' }]);
    expect(world.logger.linesOf('lease-gone')).toMatchObject([
      {
        level: 'warn',
        message: 'The lease expired before the run ended: the run is recorded as dead',
      },
    ]);
  });

  it('A run whose cron is removed meanwhile is recorded, and its job stays closed without a timer', async () => {
    world.task = () => remove('a');
    await runAtNoon();
    expect(await world.job('a')).toMatchObject({ closedAt: NOON, leases: [], decidedUntil: NOON });
    expect((await world.job('a'))?.armedAt).toBeUndefined();
    expect(await world.records('a')).toMatchObject([{ plannedAt: NOON, status: 'OK' }]);
    expect(await world.timers()).toEqual([]);
  });

  it('A run whose cron is removed before the sync leaves the timer and the job to the sync', async () => {
    world.task = async () => {
      await world.ports.registry.remove({ site: 'default', uid: 'a' });
      await projectParameter(world.ports, { site: 'default', uid: 'a' });
    };
    await runAtNoon();
    expect(await world.job('a')).toMatchObject({ armedAt: NOON + HOUR, leases: [] });
    await syncCron(world.ports, 'default', 'a');
    expect((await world.job('a'))?.closedAt).toBe(NOON);
    expect(await world.timers()).toEqual([]);
  });

  it('A run whose cron was removed and added again is recorded, and leaves the new timer alone', async () => {
    world.task = async () => {
      await remove('a');
      await world.save('a', { name: 'task', periodicity: '30 * * * *' });
    };
    await runAtNoon();
    expect(await world.job('a')).toMatchObject({ armedAt: NOON + 30 * MINUTE, leases: [] });
    expect(await world.records('a')).toMatchObject([{ plannedAt: NOON, status: 'OK' }]);
    expect(await world.timers()).toEqual(['a 12:30']);
  });

  it('An occurrence that ran never runs again although its cron is removed and added during the run', async () => {
    let runs = 0;
    world.task = async () => {
      runs += 1;
      await remove('a');
      await world.save('a', HOURLY);
    };
    await runAtNoon();
    await world.run({ uid: 'a', plannedAt: NOON });
    expect(runs).toBe(1);
    expect(await world.timers()).toEqual(['a 13:00']);
  });

  it('A run record is written when others changed the job meanwhile', async () => {
    world.task = async () => {
      await world.save('a', { ...HOURLY, periodicity: '30 * * * *' });
    };
    await runAtNoon();
    expect(await world.job('a')).toMatchObject({ armedAt: NOON + 30 * MINUTE, leases: [] });
    expect(await world.records('a')).toMatchObject([{ status: 'OK' }]);
    expect(await world.timers()).toEqual(['a 12:30']);
  });

  it('A run that loses the claim to an edit removes the timer that it made', async () => {
    await world.clock.advanceTo(NOON);
    let edited = false;
    const store = intercept(world.ports.store, 'commit', async (save) => {
      if (!edited) {
        edited = true;
        await world.save('a', { ...HOURLY, periodicity: '30 * * * *' });
      }
      return save();
    });
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store });
    await world.clock.advance(1_000);
    await running;
    expect(await world.timers()).toEqual(['a 12:30']);
    expect(await world.records('a')).toMatchObject([{ plannedAt: NOON, status: 'NOTRUN', reason: 'edited' }]);
  });

  it('A delivery fails with UnavailableError when every write of the job loses a race', async () => {
    await world.clock.advanceTo(NOON);
    const store = intercept(world.ports.store, 'commit', async () => false);
    const running = world.run({ uid: 'a', plannedAt: NOON }, { store });
    const failure = expect(running).rejects.toThrow(
      'The job of default/a could not be written: others changed it at every attempt.',
    );
    await world.clock.advance(15_000);
    await failure;
  });
});
