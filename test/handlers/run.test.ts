import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../lib/domain/errors.ts';
import { newJob } from '../../lib/domain/job.ts';
import { CLOSING_TIME } from '../../lib/handlers/execute.ts';
import { project } from '../../lib/handlers/project.ts';
import { syncCron } from '../../lib/handlers/sync.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { faulty, intercept } from '../support/faulty.ts';
import { HOUR, MINUTE, NOON } from '../support/jobs.ts';
import { makeWorld, type World } from '../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', HOURLY);
  world.events.length = 0;
});
afterEach(() => world.close());

/** Goes to noon and runs what is delivered then. */
async function runAtNoon(ports = {}): Promise<void> {
  await world.clock.advanceTo(NOON);
  await world.run({ uid: 'a', at: NOON }, ports);
}

describe('a run', () => {
  it('starts, runs, finishes, is logged, and the next timer stands', async () => {
    await runAtNoon();
    expect(world.eventTypes()).toEqual(['StartedCronJob', 'FinishedCronJob']);
    expect(await world.timers()).toEqual(['a 13:00']);
    expect(await world.job('a')).toMatchObject({
      armed: { at: NOON + HOUR },
      leases: [],
      pending: [],
      logs: [{ at: NOON, status: 'OK', messages: [], started: NOON, date: NOON, runId: 'run-1' }],
    });
  });

  it('tells its events with times that people read', async () => {
    await runAtNoon();
    expect(world.events).toEqual([
      {
        type: 'StartedCronJob',
        detail: {
          site: 'default',
          uid: 'a',
          name: 'task',
          at: '2026-03-02T12:00:00Z',
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
          at: '2026-03-02T12:00:00Z',
          log: {
            id: String(NOON / 1000),
            at: '2026-03-02T12:00:00Z',
            date: '2026-03-02T12:00:00.000Z',
            started: '2026-03-02T12:00:00.000Z',
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
    ['a text', 'disk is filling', 'WARN', ['disk is filling']],
    ['several texts', ['one', 'two'], 'WARN', ['one', 'two']],
    ['an empty list', [], 'OK', []],
    ['an empty text', '', 'OK', []],
    ['a number, from JavaScript', 42 as never, 'WARN', ['42']],
  ])('whose runner returns %s ends as it should', async (_, result, status, messages) => {
    world.task = () => result;
    await runAtNoon();
    expect((await world.job('a'))?.logs).toMatchObject([{ status, messages }]);
  });

  it.each([
    ['an error', new Error('no route to host'), 'no route to host'],
    ['an error without words', new RangeError(), 'RangeError'],
    ['something else', 'just text', 'just text'],
    [
      'an error with a cause',
      new Error('fetch failed', { cause: new Error('no route') }),
      'fetch failed: no route',
    ],
  ])('whose runner throws %s ends as FAILURE with its message', async (_, error, message) => {
    world.task = () => {
      throw error;
    };
    await runAtNoon();
    expect((await world.job('a'))?.logs).toMatchObject([{ status: 'FAILURE', messages: [message] }]);
    expect(await world.timers()).toEqual(['a 13:00']);
  });

  it('whose runner does not exist in this deployment is recorded as not run', async () => {
    const runners = new RunnerTable({});
    await runAtNoon({ runners });
    expect((await world.job('a'))?.logs).toMatchObject([
      { status: 'NOTRUN', why: 'refused', messages: [expect.stringMatching(/^name: got "task", wanted/)] },
    ]);
  });

  it('is handed its planned time, its token, and whether it is late', async () => {
    const seen: unknown[] = [];
    world.task = ({ context: { at, late, token } }) => void seen.push({ at, late, token });
    await runAtNoon();
    await world.clock.advanceTo(NOON + HOUR + 6 * MINUTE);
    await world.run({ uid: 'a', at: NOON + HOUR });
    expect(seen).toEqual([
      { at: NOON, late: false, token: 'default/a/2026-03-02T12:00:00Z' },
      { at: NOON + HOUR, late: true, token: 'default/a/2026-03-02T13:00:00Z' },
    ]);
  });

  it('is given up when its timeout is over, and its signal is aborted', async () => {
    await world.save('a', { ...HOURLY, timeout: 60 });
    let reason: unknown;
    world.task = ({ context: { signal } }) =>
      new Promise(() => signal.addEventListener('abort', () => (reason = signal.reason)));
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', at: NOON });
    await world.clock.advance(60_000);
    await running;
    const message = 'The run was given up after 60 s: its time was up.';
    expect(reason).toMatchObject({ name: 'TimeoutError', message });
    expect((await world.job('a'))?.logs).toMatchObject([
      { status: 'FAILURE', messages: [message], date: NOON + 60_000 },
    ]);
  });

  it('is given up in time to write its log before the process is stopped', async () => {
    await world.save('a', { ...HOURLY, timeout: 870 });
    world.task = () => new Promise(() => {});
    await world.clock.advanceTo(NOON + 20_000);
    const running = world.run({ uid: 'a', at: NOON });
    await world.clock.advance(15 * MINUTE - CLOSING_TIME);
    await running;
    expect((await world.job('a'))?.logs).toMatchObject([
      { messages: ['The run was given up after 870 s: its time was up.'] },
    ]);
  });

  it('shows no secret in its messages, its log lines or its events', async () => {
    await world.save('a', { ...HOURLY, environ: { key: { $secret: 'key' } } });
    world.secrets.set('key', 'hunter2-and-more');
    world.task = () => {
      throw new Error('refused: hunter2-and-more');
    };
    await runAtNoon();
    expect((await world.job('a'))?.logs[0]?.messages).toEqual(['refused: [secret]']);
    expect(JSON.stringify([world.events, world.log.lines])).not.toContain('hunter2');
  });

  it('fails with the cure when a secret is missing', async () => {
    await world.save('a', { ...HOURLY, environ: { key: { $secret: 'key' } } });
    await runAtNoon();
    expect((await world.job('a'))?.logs).toMatchObject([
      { status: 'FAILURE', messages: ['The site "default" has no secret "key". Put it into secrets/key.'] },
    ]);
  });
});

describe('a delivery', () => {
  it('that comes twice runs once', async () => {
    await runAtNoon();
    await world.run({ uid: 'a', at: NOON });
    expect((await world.job('a'))?.logs).toHaveLength(1);
    expect(world.log.messages('info')).toContain(
      'Nothing to do: it was handled before, or replaced by an edit',
    );
  });

  it('that comes twice at the same time runs once', async () => {
    await world.clock.advanceTo(NOON);
    let runs = 0;
    world.task = () => void runs++;
    await Promise.all([world.run({ uid: 'a', at: NOON }), world.run({ uid: 'a', at: NOON })]);
    expect(runs).toBe(1);
    expect((await world.job('a'))?.logs).toHaveLength(1);
    expect(await world.timers()).toEqual(['a 13:00']);
  });

  it('of a cron that is gone is skipped silently', async () => {
    await world.run({ uid: 'gone', at: NOON });
    expect(world.events).toEqual([]);
    expect(await world.job('gone')).toBeUndefined();
  });

  it('of a cron that was edited runs with its new settings', async () => {
    let environ: unknown;
    world.task = (runner) => {
      environ = Reflect.get(runner, 'environ');
    };
    await world.edit('a', JSON.stringify({ ...HOURLY, environ: { fresh: true } }));
    await runAtNoon();
    expect(environ).toEqual({ fresh: true });
  });

  it('of a cron that was switched off is recorded with the reason', async () => {
    await world.edit('a', JSON.stringify({ ...HOURLY, activated: false }));
    await runAtNoon();
    expect(await world.job('a')).toMatchObject({
      logs: [{ status: 'NOTRUN', messages: ['The cron is switched off.'] }],
    });
    expect((await world.job('a'))?.armed).toBeUndefined();
    expect(world.eventTypes()).toEqual(['ModifiedCrontab', 'StartedCronJob', 'FinishedCronJob']);
  });

  it('hands the turn to whatever waits when it has ended', async () => {
    await world.save('a', { ...HOURLY, missed: 'all' });
    await world.clock.advanceTo(NOON + 2 * HOUR);
    world.delivered.length = 0;
    await world.run({ uid: 'a', at: NOON });
    await world.clock.advance(1);
    expect(world.delivered).toMatchObject([{ uid: 'a', at: NOON + HOUR }]);
    expect((await world.job('a'))?.pending).toEqual([{ at: NOON + HOUR }, { at: NOON + 2 * HOUR }]);
  });

  it('hands the turn on while others still run, where they may overlap', async () => {
    await world.save('a', { ...HOURLY, missed: 'all', overlap: 'allow' });
    await world.clock.advanceTo(NOON + 2 * HOUR);
    world.delivered.length = 0;
    world.task = async () => {
      const other = {
        at: NOON + 3 * HOUR,
        runId: 'other',
        started: NOON + 3 * HOUR,
        expires: NOON + 4 * HOUR,
      };
      const job = await world.job('a');
      if (job) await world.ports.store.saveJob({ ...job, leases: [...job.leases, other] });
      return undefined;
    };
    await world.run({ uid: 'a', at: NOON });
    await world.clock.advance(1);
    expect(world.delivered).toMatchObject([{ uid: 'a', at: NOON + HOUR }]);
  });

  it('leaves what waits to the sweep when it cannot be delivered', async () => {
    await world.save('a', { ...HOURLY, missed: 'all' });
    await world.clock.advanceTo(NOON + 2 * HOUR);
    await world.run({ uid: 'a', at: NOON }, { queue: faulty(world.ports.queue, 'deliver', 'before') });
    expect(world.log.messages('warn')).toContain('What waits could not be delivered; the sweep will do it');
    world.delivered.length = 0;
    await syncCron(world.ports, 'default', 'a');
    await world.clock.advance(1);
    expect(world.delivered).toMatchObject([{ at: NOON + HOUR }]);
  });
});

describe('a run that is forced', () => {
  it('runs at once and leaves the timer alone', async () => {
    await world.run({ uid: 'a', at: world.clock.now(), forced: 'by-hand' });
    expect(await world.timers()).toEqual(['a 12:00']);
    expect((await world.job('a'))?.logs).toMatchObject([{ status: 'OK', runId: 'by-hand' }]);
    expect(world.events[0]).toMatchObject({ detail: { forced: true, runId: 'by-hand' } });
  });
});

describe('a run that dies or meets a failure', () => {
  it.each([
    ['reading', { store: 'read' }],
    ['making the next timer', { queue: 'arm' }],
    ['claiming', { store: 'saveJob' }],
  ] as const)('while %s is repeated by the next delivery and runs once', async (_, at) => {
    for (const when of ['before', 'after'] as const) {
      const fresh = makeWorld();
      await fresh.save('a', HOURLY);
      await fresh.clock.advanceTo(NOON);
      const broken =
        'store' in at
          ? { store: faulty(fresh.ports.store, at.store, when) }
          : { queue: faulty(fresh.ports.queue, at.queue, when) };
      await expect(fresh.run({ uid: 'a', at: NOON }, broken)).rejects.toThrow(`failed ${when} its effect`);
      await fresh.run({ uid: 'a', at: NOON });
      expect(await fresh.timers()).toEqual(['a 13:00']);
      const claimed = 'store' in at && at.store === 'saveJob' && when === 'after';
      expect((await fresh.job('a'))?.logs).toHaveLength(claimed ? 0 : 1);
      expect((await fresh.job('a'))?.leases).toHaveLength(claimed ? 1 : 0);
      fresh.close();
    }
  });

  it('goes on when the bus does not take its events', async () => {
    await runAtNoon({ events: faulty(world.ports.events, 'emit', 'before', 2) });
    expect((await world.job('a'))?.logs).toMatchObject([{ status: 'OK' }]);
    expect(world.log.messages('warn')).toEqual([
      'The bus did not take events',
      'The bus did not take events',
    ]);
  });

  it('writes its log as soon as the table answers again', async () => {
    let saves = 0;
    const store = intercept(world.ports.store, 'saveJob', async (save) => {
      saves += 1;
      if (saves === 2 || saves === 3) throw new UnavailableError('no answer');
      return save();
    });
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', at: NOON }, { store });
    await world.clock.advance(5_000);
    await running;
    expect((await world.job('a'))?.logs).toMatchObject([{ status: 'OK', date: NOON }]);
  });

  it('says what it came to when the table does not answer any more, and throws nothing', async () => {
    let saves = 0;
    const store = intercept(world.ports.store, 'saveJob', async (save) => {
      saves += 1;
      if (saves > 1) throw new UnavailableError('no answer');
      return save();
    });
    world.task = () => 'a warning';
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', at: NOON }, { store });
    await world.clock.advance(5_000);
    await running;
    expect(world.log.lines.at(-1)).toMatchObject({
      level: 'error',
      message: 'The run has ended, and its log cannot be written: it will be taken for dead',
      fields: { code: 'log-lost', status: 'WARN', messages: ['a warning'] },
    });
  });

  it('has its whole time, however long it took to tell the bus', async () => {
    const events = intercept(world.ports.events, 'emit', async (emit) => {
      if (world.clock.now() === NOON) await world.clock.advance(50_000);
      return emit();
    });
    await world.save('a', { ...HOURLY, timeout: 30 });
    world.task = () => undefined;
    await runAtNoon({ events });
    expect((await world.job('a'))?.logs).toMatchObject([{ status: 'OK', date: NOON + 50_000 }]);
  });

  it('tells its lines under its own planned time, whichever was delivered', async () => {
    await world.save('a', { ...HOURLY, missed: 'all' });
    await world.clock.advanceTo(NOON + HOUR);
    world.task = () => Promise.reject(new Error('here'));
    await world.run({ uid: 'a', at: NOON });
    await world.run({ uid: 'a', at: NOON + HOUR });
    const times = world.log.lines
      .filter(({ message }) => message === 'The run failed: here')
      .map(({ fields }) => fields.at);
    expect(times).toEqual(['2026-03-02T12:00:00Z', '2026-03-02T13:00:00Z']);
  });

  it('after the claim is recorded as dead when its lease has expired, and never repeated', async () => {
    const dies = intercept(world.ports.events, 'emit', () => new Promise(() => {}));
    await world.clock.advanceTo(NOON);
    void world.run({ uid: 'a', at: NOON }, { events: dies });
    await world.clock.advance(15 * MINUTE - 1);
    await syncCron(world.ports, 'default', 'a');
    expect((await world.job('a'))?.logs).toEqual([]);
    await world.clock.advance(1);
    await syncCron(world.ports, 'default', 'a');
    await world.run({ uid: 'a', at: NOON });
    expect(await world.job('a')).toMatchObject({ leases: [], logs: [{ at: NOON, status: 'FAILURE' }] });
  });

  it('does not write its log over that of its death', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    world.task = () => promise;
    await world.save('a', { ...HOURLY, timeout: 870 });
    await world.clock.advanceTo(NOON);
    const slow = { ...world.ports.clock, wake: () => () => {}, now: () => world.clock.now() };
    const running = world.run({ uid: 'a', at: NOON }, { clock: slow });
    await world.clock.advance(16 * MINUTE);
    await syncCron(world.ports, 'default', 'a');
    resolve(undefined);
    await running;
    expect((await world.job('a'))?.logs).toMatchObject([{ status: 'FAILURE' }]);
    expect(world.log.messages('warn')).toContain(
      'The run has ended, but its lease is gone: its log stands as it was written then',
    );
  });

  it('of a cron that is removed meanwhile ends silently', async () => {
    world.task = async () => {
      await world.ports.registry.remove({ site: 'default', uid: 'a' });
      await project(world.ports, { site: 'default', uid: 'a' });
      await syncCron(world.ports, 'default', 'a');
    };
    await runAtNoon();
    expect(await world.job('a')).toBeUndefined();
    expect(await world.timers()).toEqual([]);
  });

  it('of a cron that is removed meanwhile takes the job along, also when somebody was faster once', async () => {
    world.task = async () => {
      await world.ports.registry.remove({ site: 'default', uid: 'a' });
      await project(world.ports, { site: 'default', uid: 'a' });
      await syncCron(world.ports, 'default', 'a');
    };
    let refused = 0;
    const store = intercept(
      world.ports.store,
      'removeJob',
      async (remove) => refused++ > 0 && (await remove()),
    );
    await runAtNoon({ store });
    expect(refused).toBe(2);
    expect(await world.job('a')).toBeUndefined();
  });

  it('of a cron that is removed while two runs go on leaves the job to the other', async () => {
    const other = { at: NOON - HOUR, runId: 'run-0', started: NOON - HOUR, expires: NOON + HOUR };
    world.task = async () => {
      const { job } = await world.ports.store.read('default', 'a');
      await world.ports.store.saveJob({
        ...(job ?? newJob('default', 'a')),
        leases: [...(job?.leases ?? []), other],
      });
      await world.ports.registry.remove({ site: 'default', uid: 'a' });
      await project(world.ports, { site: 'default', uid: 'a' });
      await syncCron(world.ports, 'default', 'a');
    };
    await runAtNoon();
    expect(await world.job('a')).toMatchObject({ leases: [other], pending: [] });
  });

  it('of a cron that is removed meanwhile leaves the timer, and the job that knows it, to the synchronisation', async () => {
    world.task = async () => {
      const { job } = await world.ports.store.read('default', 'a');
      if (job) await world.ports.store.saveJob(job);
      await world.ports.registry.remove({ site: 'default', uid: 'a' });
      await project(world.ports, { site: 'default', uid: 'a' });
    };
    await runAtNoon();
    expect(await world.job('a')).toMatchObject({ armed: { at: NOON + HOUR }, leases: [] });
    await syncCron(world.ports, 'default', 'a');
    expect(await world.job('a')).toBeUndefined();
    expect(await world.timers()).toEqual([]);
  });

  it('of a cron that was removed and added anew is logged there, and does not disturb its timer', async () => {
    world.task = async () => {
      await world.ports.registry.remove({ site: 'default', uid: 'a' });
      await project(world.ports, { site: 'default', uid: 'a' });
      await syncCron(world.ports, 'default', 'a');
      await world.save('a', { name: 'task', periodicity: '30 * * * *' });
    };
    await runAtNoon();
    const armed = { at: NOON + 30 * MINUTE };
    expect(await world.job('a')).toMatchObject({ armed, leases: [], logs: [{ at: NOON, status: 'OK' }] });
    expect(await world.timers()).toEqual(['a 12:30']);
  });

  it('writes its log although the job was changed by others meanwhile', async () => {
    world.task = async () => {
      await world.save('a', { ...HOURLY, periodicity: '30 * * * *' });
    };
    await runAtNoon();
    expect(await world.job('a')).toMatchObject({
      armed: { at: NOON + 30 * MINUTE },
      leases: [],
      logs: [{ status: 'OK' }],
    });
    expect(await world.timers()).toEqual(['a 12:30']);
  });

  it('takes away the timer that it made when an edit was faster', async () => {
    await world.clock.advanceTo(NOON);
    let edited = false;
    const store = intercept(world.ports.store, 'saveJob', async (save) => {
      if (!edited) {
        edited = true;
        await world.save('a', { ...HOURLY, periodicity: '30 * * * *' });
      }
      return save();
    });
    await world.run({ uid: 'a', at: NOON }, { store });
    expect(await world.timers()).toEqual(['a 12:30']);
    expect((await world.job('a'))?.logs).toMatchObject([
      { at: NOON, status: 'NOTRUN', messages: ['It was replaced by an edit before it could start.'] },
    ]);
  });

  it('gives up, to be repeated, when others always change the job first', async () => {
    await world.clock.advanceTo(NOON);
    const store = intercept(world.ports.store, 'saveJob', async () => undefined);
    await expect(world.run({ uid: 'a', at: NOON }, { store })).rejects.toThrow(
      'The job of default/a was changed by others 10 times in a row.',
    );
  });
});
