/** A runner for trying out: says when it ran, and does what its settings ask for, failing included. */
import { iso } from '../core/domain/iso.ts';
import type { EnvironFields } from '../core/domain/runner-description.ts';
import { pause } from '../core/ports/clock.ts';
import { Runner } from './runner.ts';

export class HeartbeatRunner extends Runner {
  static readonly summary = 'Logs the planned and the actual time; for trying out.';

  static readonly environ: EnvironFields = {
    message: { type: 'string', meaning: 'A text for the log line.', example: 'alive' },
    warn: {
      type: 'string',
      meaning: 'A message to return, so that the run ends as WARN.',
      example: 'disk is full',
    },
    fail: {
      type: 'string',
      meaning: 'An error to throw, so that the run ends as FAILURE.',
      example: 'no disk',
    },
    seconds: {
      type: 'number',
      meaning: 'How long the run takes.',
      example: 2,
      wanted: (value) => (Number(value) >= 0 ? undefined : 'a number of seconds, 0 or more'),
    },
  };

  async run() {
    const { message, warn, fail, seconds } = this.environ;
    const planned = iso(this.plannedAt);
    const actual = new Date(this.tools.clock.now()).toISOString();
    const text = message === undefined ? 'Heartbeat' : `Heartbeat: ${message}`;
    this.log.info(`${text}, planned for ${planned}, started at ${actual}${this.late ? ', late' : ''}`, {
      planned,
      actual,
      late: this.late,
    });
    this.signal.throwIfAborted();
    if (seconds !== undefined) await pause(this.tools.clock, Number(seconds) * 1000, this.signal);
    this.signal.throwIfAborted();
    if (fail !== undefined) throw new Error(String(fail));
    return warn === undefined ? undefined : String(warn);
  }
}
