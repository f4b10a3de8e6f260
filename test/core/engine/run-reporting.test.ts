import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweep } from '../../../lib/core/engine/sweep.ts';
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
  world.logger.lines.length = 0;
});
afterEach(() => world.close());

/** The lines with that code; the metrics of a deployment count them. */
const linesOf = (code: string) => world.logger.linesOf(code);

/** The text of a run record, counted from the latest. */
const recordText = async (index = 0) => (await world.records('a'))[index]?.messages.join(' ');

/** Claims the occurrence at noon; the process dies before the runner starts. */
async function dieAtNoon(): Promise<void> {
  const hangingEvents = intercept(world.ports.events, 'publish', () => new Promise(() => {}));
  await world.clock.advanceTo(NOON);
  void world.run({ uid: 'a', plannedAt: NOON }, { events: hangingEvents });
  await world.clock.advance(16 * MINUTE);
}

describe('reportEnded and reportLate', () => {
  it('No line of a run that went well has the code of a failure', async () => {
    await world.clock.advanceTo(NOON);
    await world.run({ uid: 'a', plannedAt: NOON });
    await sweep(world.ports);
    expect(world.logger.lines.map(({ fields }) => fields.code)).toEqual(['sweep-done']);
  });

  it('A line with the code run-missed counts the occurrences that were missed', async () => {
    await world.clock.advanceTo(NOON + 3 * HOUR);
    await world.run({ uid: 'a', plannedAt: NOON });
    expect(linesOf('run-missed')).toMatchObject([
      {
        level: 'warn',
        message: `NOTRUN: ${await recordText(1)}`,
        fields: { site: 'default', uid: 'a', plannedAt: '2026-03-02T14:00:00Z', status: 'NOTRUN', count: 3 },
      },
    ]);
    expect(linesOf('run-late')).toEqual([]);
  });

  it('A line with the code run-late reports a run that starts late', async () => {
    await world.clock.advanceTo(NOON + 6 * MINUTE);
    await world.run({ uid: 'a', plannedAt: NOON });
    expect(linesOf('run-late')).toMatchObject([
      {
        level: 'warn',
        message: 'The run starts 360 s after its time',
        fields: { site: 'default', uid: 'a', plannedAt: '2026-03-02T12:00:00Z', seconds: 360 },
      },
    ]);
  });

  it('No run-late line reports a run that starts within the grace period, or one that was forced', async () => {
    await world.clock.advanceTo(NOON + 5 * MINUTE);
    await world.run({ uid: 'a', plannedAt: NOON });
    await world.run({ uid: 'a', plannedAt: NOON - HOUR, forced: 'by-hand' });
    expect(await world.records('a')).toHaveLength(2);
    expect(linesOf('run-late')).toEqual([]);
  });

  it('A line with the code run-skipped reports an occurrence that was skipped because of overlap', async () => {
    await world.clock.advanceTo(NOON);
    let end = () => {};
    world.task = () => new Promise<undefined>((resolve) => (end = () => resolve(undefined)));
    await world.save('a', { name: 'task', periodicity: '* * * * *' });
    const running = world.run({ uid: 'a', plannedAt: NOON + MINUTE, forced: 'by-hand' });
    await world.clock.advanceTo(NOON + MINUTE);
    await world.run({ uid: 'a', plannedAt: NOON + MINUTE });
    end();
    await running;
    expect(linesOf('run-skipped')).toMatchObject([{ level: 'warn', fields: { uid: 'a', count: 1 } }]);
  });

  it('A line with the code not-run reports an occurrence of a cron that is switched off', async () => {
    await world.edit('a', JSON.stringify({ ...HOURLY, activated: false }));
    await world.clock.advanceTo(NOON);
    await world.run({ uid: 'a', plannedAt: NOON });
    expect(await world.records('a')).toMatchObject([{ reason: 'off' }]);
    expect(linesOf('not-run')).toMatchObject([{ message: `NOTRUN: ${await recordText()}` }]);
  });

  it('A line with the code not-run reports a due occurrence that an edit replaced, even when the rest of the sync fails', async () => {
    await world.clock.advanceTo(NOON + MINUTE);
    await world.edit('a', JSON.stringify({ ...HOURLY, periodicity: '30 * * * *' }));
    const queue = faulty(world.ports.queue, 'disarm', 'before');
    await expect(syncCron({ ...world.ports, queue }, 'default', 'a')).rejects.toThrow();
    expect(linesOf('not-run')).toMatchObject([{ fields: { site: 'default', uid: 'a', count: 1 } }]);
  });

  it('A line with the code lease-expired reports a run whose process died when the sweep finds it', async () => {
    await dieAtNoon();
    await sweep(world.ports);
    expect(linesOf('lease-expired')).toMatchObject([
      {
        level: 'error',
        message: `FAILURE: ${await recordText()}`,
        fields: {
          site: 'default',
          uid: 'a',
          plannedAt: '2026-03-02T12:00:00Z',
          runId: expect.stringMatching(/^run-/),
          count: 1,
        },
      },
    ]);
    expect(linesOf('sweep-done')).toMatchObject([{ level: 'info' }]);
  });

  it('A line with the code lease-expired reports a run whose process died when the next run finds it', async () => {
    await dieAtNoon();
    await world.clock.advanceTo(NOON + HOUR);
    await world.run({ uid: 'a', plannedAt: NOON + HOUR });
    expect(linesOf('lease-expired')).toMatchObject([{ fields: { runId: expect.stringMatching(/^run-/) } }]);
    expect((await world.records('a')).map(({ status }) => status)).toEqual(['OK', 'FAILURE']);
  });

  it('A line with the code run-refused reports a runner that the deployment does not have', async () => {
    await world.clock.advanceTo(NOON);
    const runners = new RunnerTable({}).withTools(runContext().context.tools);
    await world.run({ uid: 'a', plannedAt: NOON }, { runners });
    expect(await recordText()).toMatch(/^name: /);
    expect(linesOf('run-refused')).toMatchObject([
      { level: 'error', message: `The run was refused: ${await recordText()}` },
    ]);
  });

  it('No line has the code sweep-done when the sweep failed for a cron', async () => {
    await world.edit('b', JSON.stringify(HOURLY));
    await world.clock.advance(2 * MINUTE);
    const queue = faulty(world.ports.queue, 'arm', 'before', 20);
    const failure = expect(sweep({ ...world.ports, queue })).rejects.toThrow();
    await world.clock.advance(15_000);
    await failure;
    expect(linesOf('sweep-done')).toEqual([]);
  });
});

describe('reportOverrun', () => {
  it('Each sweep reports a run that goes on a minute after its timeout, until its lease has expired', async () => {
    world.task = () => new Promise(() => {});
    await world.clock.advanceTo(NOON);
    // The abort of the process itself never comes: its event loop is blocked.
    const blocked = { now: () => world.clock.now(), wake: () => () => {}, after: () => () => {} };
    void world.run({ uid: 'a', plannedAt: NOON }, { clock: blocked });
    await world.clock.advanceTo(NOON + 6 * MINUTE);
    await sweep(world.ports);
    expect(linesOf('run-overran')).toEqual([]);
    await world.clock.advance(1_000);
    await sweep(world.ports);
    const [lease] = (await world.job('a'))?.leases ?? [];
    expect(linesOf('run-overran')).toEqual([
      {
        level: 'warn',
        message: 'A run goes on after 361 s, past its timeout of 300 s',
        fields: {
          code: 'run-overran',
          site: 'default',
          uid: 'a',
          plannedAt: '2026-03-02T12:00:00Z',
          runId: lease?.runId,
          seconds: 361,
        },
      },
    ]);
    await world.clock.advanceTo(NOON + 17 * MINUTE);
    await sweep(world.ports);
    expect(linesOf('run-overran')).toHaveLength(1);
    expect(linesOf('lease-expired')).toHaveLength(1);
  });

  it('A run that may have waited for its place is reported five minutes after its timeout', async () => {
    await world.clock.advanceTo(NOON);
    const admit = () => new Promise<never>(() => {});
    const runners = { ...world.ports.runners, admit, mayWait: (name: string) => name === 'task' };
    void world.run({ uid: 'a', plannedAt: NOON }, { runners });
    await world.clock.advanceTo(NOON + 10 * MINUTE);
    await sweep(world.ports);
    expect(linesOf('run-overran')).toEqual([]);
    await world.clock.advance(1_000);
    await sweep(world.ports);
    expect(linesOf('run-overran')).toHaveLength(1);
  });
});
