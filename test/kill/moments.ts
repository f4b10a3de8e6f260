/** When to kill: most of the time in the seconds around a full minute, when every cron has something to do. */
import type { Chance } from '../simulation/chance.ts';

/** What the process is doing when it is killed, as far as one knows. */
export type Occasion = 'while it started' | 'around a full minute' | 'at any moment';

export interface Moment {
  readonly occasion: Occasion;
  /** Milliseconds from the start of the process. */
  readonly after: number;
}

/** A process needs about so long until it has started, in milliseconds. */
const START_MS = 1_000;
/** Nobody waits longer for a full minute. */
const MOST_WAIT_MS = 8_000;

/** The moment to kill a process that starts now. A full minute comes in `untilMinute` ms, and every `minute` ms. */
export function drawMoment(chance: Chance, untilMinute: number, minute: number): Moment {
  const kind = chance.next();
  if (kind < 0.15) return { occasion: 'while it started', after: chance.between(100, START_MS) };
  let boundary = untilMinute;
  while (boundary < START_MS) boundary += minute;
  if (kind < 0.8 && boundary <= MOST_WAIT_MS) {
    return { occasion: 'around a full minute', after: Math.round(boundary) + chance.between(-100, 500) };
  }
  return { occasion: 'at any moment', after: chance.between(START_MS, 4 * START_MS) };
}
