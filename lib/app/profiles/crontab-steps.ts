/** Steps that go beyond the end of their range, such as `17-21/7`: cron takes the first value alone, and people expect more. */
import { FIELDS, type Field, orderOf } from '../../core/domain/periodicity.ts';

export interface ReadSchedule {
  /** The same times, as a periodicity accepts them. */
  readonly schedule: string;
  /** A warning for each such step. */
  readonly warnings: readonly string[];
}

const ORDER: readonly Field[] = Object.values(FIELDS);

/** `schedule` has five fields, or is a nickname. Each step beyond the end becomes the widest one that a periodicity accepts. */
export function readSchedule(schedule: string): ReadSchedule {
  const warnings: string[] = [];
  const texts = schedule.split(' ');
  if (texts.length !== ORDER.length) return { schedule, warnings };
  const read = ORDER.map((field, index) =>
    (texts[index] ?? '')
      .split(',')
      .map((item) => readItem(field, item, warnings))
      .join(','),
  );
  return { schedule: read.join(' '), warnings };
}

function readItem(field: Field, item: string, warnings: string[]): string {
  const [, base = '', step] = /^(\*|\w+-\w+)\/(\d+)$/.exec(item) ?? [];
  const size = base === '*' ? field.max - field.min + 1 : sizeOf(base);
  if (step === undefined || Number(step) < size || Number.isNaN(size)) return item;
  const first = base === '*' ? field.min : base.split('-')[0];
  warnings.push(
    `The step of "${item}" as ${field.name} goes beyond its end: the line runs at ${field.name} ${first} alone, as under ` +
      `cron. Write "${first}" if that is meant.`,
  );
  return `${base}/${size}`;
}

/** How many values the range has; NaN if it is none. */
function sizeOf(range: string): number {
  const [low = Number.NaN, high = Number.NaN] = range.split('-').map(orderOf);
  return high - low + 1;
}
