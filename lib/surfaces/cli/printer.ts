/**
 * The output of `cloudtab start`: a line per event or log message, with its time, site and cron. Log messages that repeat an
 * event are not printed.
 */
import { formatDuration, formatRelative } from '../../app/operations/format-duration.ts';
import { localTime } from '../../app/operations/local-time.ts';
import type { Event } from '../../core/domain/event.ts';
import { inForceText } from '../../core/domain/in-force.ts';
import type { LogDump } from '../../core/domain/log.ts';
import type { ParameterKey } from '../../core/domain/names.ts';
import { formatProblem, type Problem } from '../../core/domain/problem.ts';
import type { EventContext } from './event-context.ts';
import { messageText } from './format-time.ts';
import { STATUS_STYLES } from './health.ts';
import { type Style, styled, visible } from './terminal.ts';
import { wrapText } from './wrap-text.ts';

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

const NAME_WIDTH = 24;
/** The least width of a text that is broken. */
const LEAST_TEXT = 20;

interface LogFields {
  readonly [name: string]: unknown;
}

export class Printer {
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #width: () => number | undefined;
  readonly #fields: LogFields;

  /** `width`: of the terminal, which users change; undefined where lines are not to be broken. */
  constructor(
    write: (text: string) => void,
    now: () => number,
    width: () => number | undefined,
    fields: LogFields = {},
  ) {
    this.#write = write;
    this.#now = now;
    this.#width = width;
    this.#fields = fields;
  }

  /** Prints the event. */
  event(event: Event, { timezone, changes = '', hasValid = false }: EventContext): void {
    if (event.type === 'ServerRestart') return;
    const name = nameOf(event.detail);
    switch (event.type) {
      case 'FinishedCronJob':
        this.#finished(name, event.detail.log, timezone);
        break;
      case 'ModifiedCrontab':
        this.#line(name, 'cyan', '~', `${event.detail.change}${changes && `: ${changes}`}`);
        break;
      case 'RejectedParameter':
        this.#rejected(name, event.detail.problems, hasValid);
        break;
      case 'CrontabSynchronisation':
        this.#line(name, 'gray', '·', this.#next(event.detail.armed, timezone));
    }
  }

  debug(): void {}

  info(message: string, fields: LogFields = {}): void {
    if (!('code' in fields)) this.#line(this.#name(fields), 'gray', '│', message);
  }

  warn(message: string, fields: LogFields = {}): void {
    if (!REPORTED_BY_EVENTS.has(String(fields.code))) this.#line(this.#name(fields), 'yellow', '!', message);
  }

  error(message: string, fields: LogFields = {}): void {
    if (!REPORTED_BY_EVENTS.has(String(fields.code))) this.#line(this.#name(fields), 'red', '✗', message);
  }

  with(fields: LogFields): Printer {
    return new Printer(this.#write, this.#now, this.#width, { ...this.#fields, ...fields });
  }

  /** Nothing for a message that is about no crontab. */
  #name(fields: LogFields): string {
    const { site, uid } = { ...this.#fields, ...fields };
    if (typeof site !== 'string') return '';
    return nameOf({ site, uid: typeof uid === 'string' ? uid : undefined });
  }

  #finished(
    name: string,
    { status, startedAt, date, plannedAt, covers, ...record }: LogDump,
    timezone: string,
  ): void {
    const [mark, style] = STATUS_STYLES[status];
    const took =
      startedAt === undefined ? '' : ` in ${formatDuration(Date.parse(date) - Date.parse(startedAt))}`;
    const late = startedAt === undefined ? 0 : Date.parse(startedAt) - Date.parse(plannedAt);
    const planned =
      late > 60_000 || status === 'NOTRUN' ? ` (planned ${localTime(Date.parse(plannedAt), timezone)})` : '';
    const several = covers
      ? ` for ${covers.count} planned times since ${localTime(Date.parse(covers.from), timezone)}`
      : '';
    this.#line(
      name,
      style,
      mark,
      `${status}${took}${planned}${several} ${messageText(record, timezone)}`.trimEnd(),
    );
  }

  #rejected(name: string, problems: readonly Problem[], hasValid: boolean): void {
    this.#line(name, 'red', '✗', `The edit is not valid; ${inForceText(hasValid)}.`);
    for (const problem of problems) this.#line(name, 'red', ' ', `  ${formatProblem(problem)}`);
  }

  #next(armed: string | undefined, timezone: string): string {
    if (armed === undefined) return 'no next run';
    const time = Date.parse(armed);
    return `next run ${formatRelative(time, this.#now())}, at ${localTime(time, timezone)}`;
  }

  #line(name: string, style: Style, mark: string, text: string): void {
    const time = new Date(this.#now()).toTimeString().slice(0, 8);
    const column = visible(name).padEnd(NAME_WIDTH);
    const indent = time.length + column.length + 5;
    const width = this.#width();
    const broken = wrapText(visible(text), width && Math.max(width - indent, LEAST_TEXT));
    // No line of a text looks like one of this program.
    const lines = broken.replaceAll('\n', `\n${' '.repeat(indent)}`);
    this.#write(`${styled('gray', time)}  ${column} ${styled(style, mark)} ${lines}\n`);
  }
}

/** `shop/nightly`, or `shop/crontab` for the settings of a site. */
function nameOf({ site, uid = 'crontab' }: ParameterKey): string {
  return `${site}/${uid}`;
}
