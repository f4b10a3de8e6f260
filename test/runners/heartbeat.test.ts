import { describe, expect, it } from 'vitest';
import { HeartbeatRunner } from '../../lib/runners/heartbeat.ts';
import { NOON } from '../support/jobs.ts';
import { runContext } from '../support/run-context.ts';

describe('HeartbeatRunner', () => {
  it('A heartbeat logs its planned and its actual time', async () => {
    const { context, logger } = runContext();
    expect(await new HeartbeatRunner(context).run()).toBeUndefined();
    expect(logger.lines).toEqual([
      {
        level: 'info',
        message: 'Heartbeat, planned for 2026-03-02T12:00:00Z, started at 2026-03-02T12:00:00.000Z',
        fields: { planned: '2026-03-02T12:00:00Z', actual: '2026-03-02T12:00:00.000Z', late: false },
      },
    ]);
  });

  it('A heartbeat logs its message and that it is late', async () => {
    const { context, logger } = runContext({
      environ: { message: 'alive' },
      plannedAt: NOON - 3_600_000,
      late: true,
    });
    await new HeartbeatRunner(context).run();
    expect(logger.messages()).toEqual([
      'Heartbeat: alive, planned for 2026-03-02T11:00:00Z, started at 2026-03-02T12:00:00.000Z, late',
    ]);
  });

  it('A heartbeat returns the configured warning', async () => {
    const { context } = runContext({ environ: { warn: 'disk is full' } });
    expect(await new HeartbeatRunner(context).run()).toBe('disk is full');
  });

  it('A heartbeat throws the configured error', async () => {
    const { context } = runContext({ environ: { fail: 'no disk', warn: 'disk is full' } });
    await expect(new HeartbeatRunner(context).run()).rejects.toThrow(new Error('no disk'));
  });

  it('A heartbeat takes the configured number of seconds', async () => {
    const { context, clock } = runContext({ environ: { seconds: 2 } });
    let ended = false;
    const run = new HeartbeatRunner(context).run().then(() => {
      ended = true;
    });
    await clock.advance(1999);
    expect(ended).toBe(false);
    await clock.advance(1);
    await run;
    expect(ended).toBe(true);
  });

  it('A heartbeat ends with the reason of its run when the run is aborted', async () => {
    const time = new AbortController();
    const { context, clock } = runContext({ environ: { seconds: 2 }, signal: time.signal });
    const run = new HeartbeatRunner(context).run();
    time.abort(new Error('time is up'));
    await expect(run).rejects.toThrow(new Error('time is up'));
    expect(clock.waiting).toBe(0);
  });

  it('A heartbeat does not start to wait when its run is already aborted', async () => {
    const signal = AbortSignal.abort(new Error('time is up'));
    const { context, clock } = runContext({ environ: { seconds: 2 }, signal });
    await expect(new HeartbeatRunner(context).run()).rejects.toThrow(new Error('time is up'));
    expect(clock.waiting).toBe(0);
  });
});
