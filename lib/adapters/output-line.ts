/** The output of runs, here and on AWS: reads a log line that log-line.ts wrote, and the cursors of pages. */
import type { JsonObject } from '../core/domain/cron.ts';
import type { OutputLine } from '../core/ports/run-output.ts';

/** The fields that have a place of their own in an OutputLine or on the page of the run. */
const STANDARD_FIELDS = new Set([
  'timestamp',
  'level',
  'message',
  'service',
  'site',
  'uid',
  'runId',
  'plannedAt',
]);

/** The JSON of the lines on a page of output, so that the page has at most 1 MB. */
export const MAX_PAGE_BYTES = 900_000;

export function outputLine(line: JsonObject): OutputLine {
  const others = Object.fromEntries(
    Object.entries(line).filter(
      ([name, value]) => !STANDARD_FIELDS.has(name) && !(name === 'stream' && value === 'stdout'),
    ),
  );
  return {
    time: Date.parse(String(line.timestamp)),
    level: String(line.level),
    message: String(line.message),
    ...(Object.keys(others).length > 0 ? { fields: others } : {}),
  };
}

/** The two numbers of a cursor such as `20514.1200`, whose meaning differs by medium; nothing for one of another form. */
export function parsePosition(cursor = ''): [number, number] | undefined {
  const [, first, second] = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? [];
  return first === undefined ? undefined : [Number(first), Number(second)];
}
