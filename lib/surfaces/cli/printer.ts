/**
 * The output of `cloudtab start`: a line per event or log message, with its time and cron. Log messages that repeat an
 * event are not printed.
 */
import { styleText } from 'node:util';
import { formatDuration, formatRelative } from '../../app/operations/format-duration.ts';
import type { LogDump } from '../../core/domain/log.ts';
import { formatProblem, type Problem } from '../../core/domain/problem.ts';
import type { Event } from '../../core/ports/events.ts';
import type { LogFields, Logger } from '../../core/ports/logger.ts';
import { STATUS_STYLES } from './health.ts';

type Style = Parameters<typeof styleText>[0];

/** The codes of log messages that repeat an event. */
const REPORTED_BY_EVENTS = new Set([
  'parameter-rejected',
  'parameter-saved',
  'parameter-removed',
  'not-run',
  'run-missed',
  'run-skipped',
  'run-refused',
  'run-late',
  'lease-expired',
  'run-failed',
  'delivery-ignored',
]);

const NAME_WIDTH = 16;

export class Printer implements Logger {
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #fields: LogFields;

  constructor(write: (text: string) => void, now: () => number, fields: LogFields = {}) {
    this.#write = write;
    this.#now = now;
    this.#fields = fields;
  }

  /** Prints the event. */
  event(event: Event): void {
    switch (event.type) {
      case 'FinishedCronJob':
        this.#finished(event.detail.uid, event.detail.log);
        break;
      case 'ModifiedCrontab':
        this.#line(event.detail.uid ?? 'crontab', 'cyan', '~', event.detail.change);
        break;
      case 'RejectedParameter':
        this.#rejected(event.detail.uid ?? 'crontab', event.detail.problems);
        break;
      case 'CrontabSynchronisation':
        this.#line(event.detail.uid, 'gray', '·', this.#next(event.detail.armed));
    }
  }

  debug(): void {}

  info(message: string, fields: LogFields = {}): void {
    if (!('code' in fields)) this.#line(this.#uid(fields), 'gray', '│', message);
  }

  warn(message: string, fields: LogFields = {}): void {
    if (!REPORTED_BY_EVENTS.has(String(fields.code))) this.#line(this.#uid(fields), 'yellow', '!', message);
  }

  error(message: string, fields: LogFields = {}): void {
    if (!REPORTED_BY_EVENTS.has(String(fields.code))) this.#line(this.#uid(fields), 'red', '✗', message);
  }

  with(fields: LogFields): Printer {
    return new Printer(this.#write, this.#now, { ...this.#fields, ...fields });
  }

  #uid(fields: LogFields): string | undefined {
    const { uid = this.#fields.uid } = fields;
    return typeof uid === 'string' ? uid : undefined;
  }

  #finished(uid: string, { status, messages, startedAt, date, plannedAt, covers }: LogDump): void {
    const [mark, style] = STATUS_STYLES[status];
    const took =
      startedAt === undefined ? '' : ` in ${formatDuration(Date.parse(date) - Date.parse(startedAt))}`;
    const late = startedAt === undefined ? 0 : Date.parse(startedAt) - Date.parse(plannedAt);
    const planned = late > 60_000 || status === 'NOTRUN' ? ` (planned ${plannedAt})` : '';
    const several = covers ? ` for ${covers.count} planned times since ${covers.from}` : '';
    this.#line(uid, style, mark, `${status}${took}${planned}${several} ${messages.join(' ')}`.trimEnd());
  }

  #rejected(uid: string | undefined, problems: readonly Problem[]): void {
    this.#line(
      uid,
      'red',
      '✗',
      'The edit is not valid. The last valid version stays in force, if there is one.',
    );
    for (const problem of problems) this.#line(undefined, 'red', ' ', `  ${formatProblem(problem)}`);
  }

  #next(armed: string | undefined): string {
    return armed ? `next run ${formatRelative(Date.parse(armed), this.#now())}, at ${armed}` : 'no next run';
  }

  #line(name: string | undefined, style: Style, mark: string, text: string): void {
    const time = styleText('gray', new Date(this.#now()).toTimeString().slice(0, 8));
    const column = (name ?? '').padEnd(NAME_WIDTH);
    this.#write(`${time}  ${column} ${styleText(style, mark)} ${text}\n`);
  }
}
