/** The health of a cron and the status of a run as coloured table cells. */

import type { Health, Trend } from '../../core/domain/health.ts';
import type { Status } from '../../core/domain/run-record.ts';
import type { Cell } from './table.ts';
import type { Style } from './terminal.ts';

const HEALTHS: Readonly<Record<Health, readonly [mark: string, style: Style]>> = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  failing: ['✗', 'red'],
  flapping: ['~', 'red'],
  late: ['✗', 'red'],
  broken: ['✗', 'red'],
  running: ['▸', 'cyan'],
  new: ['·', 'gray'],
  off: ['–', 'gray'],
};

export const STATUS_STYLES: Readonly<Record<Status, readonly [mark: string, style: Style]>> = {
  OK: ['✓', 'green'],
  WARN: ['!', 'yellow'],
  FAILURE: ['✗', 'red'],
  NOTRUN: ['–', 'magenta'],
};

/** With the number of failures in a row, if there are several. */
export function healthCell(health: Health, trend?: Trend): Exclude<Cell, string> {
  const [mark, style] = HEALTHS[health];
  const failures = trend?.failuresInRow ?? 0;
  return { text: `${mark} ${health}${health === 'failing' && failures > 1 ? ` ×${failures}` : ''}`, style };
}

export function statusCell(status: Status): Exclude<Cell, string> {
  const [mark, style] = STATUS_STYLES[status];
  return { text: `${mark} ${status}`, style };
}
