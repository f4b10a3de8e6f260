/** Formats durations and relative times for messages, terminals and pages. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = [
  ['d', DAY],
  ['h', HOUR],
  ['min', MINUTE],
  ['s', SECOND],
] as const;

/** A duration in its one or two largest units: `850 ms`, `2.5 s`, `42 s`, `3 min 20 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  let rest = Math.round(ms / 1000) * 1000;
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || parts.length > 0) parts.push(count > 0 ? `${count} ${unit}` : '');
    if (parts.length === 2) break;
  }
  return parts.filter(Boolean).join(' ');
}

/**
 * `in 5 minutes`, `3 hours ago`, `now`, rounded towards now. The script of the pages does the same with the formats of its
 * browser, which take as long to create here as Node takes to start.
 */
export function formatRelative(time: number, now: number): string {
  const difference = time - now;
  const distance = Math.abs(difference);
  if (distance < MINUTE) return relative(difference / SECOND, 'second');
  if (distance < HOUR) return relative(difference / MINUTE, 'minute');
  if (distance < DAY) return relative(difference / HOUR, 'hour');
  return relative(difference / DAY, 'day');
}

function relative(difference: number, unit: string): string {
  const count = Math.floor(Math.abs(difference));
  if (count === 0) return 'now';
  const grouped = String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
  const text = `${grouped} ${unit}${count === 1 ? '' : 's'}`;
  return difference > 0 ? `in ${text}` : `${text} ago`;
}
