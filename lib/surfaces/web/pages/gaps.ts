/** Planned times of which nothing is recorded, between two records of a cron or after the last one, by its present schedule. */

import type { CronView } from '../../../app/operations/cron-view.ts';
import { clockText } from '../../../app/operations/local-time.ts';
import { Cron } from '../../../core/domain/cron.ts';
import type { Log } from '../../../core/domain/log.ts';
import { whyPath } from './paths.ts';
import type { Viewpoint } from './time-view.ts';

export interface Gap {
  /** Such as `No record of the planned time 14:00 UTC`. */
  readonly text: string;
  /** The path that says why nothing ran at the first of these times. */
  readonly why: string;
}

type Recorded = Pick<Log, 'plannedAt' | 'covers'>;

/** More are not counted. */
const MOST = 100;
/** So lately a run may not have begun. */
const SOON_MS = 60_000;

/** Between a record and the older one before it. */
export function gapBetween(
  cron: CronView,
  newer: Recorded,
  older: Recorded,
  view: Viewpoint,
): Gap | undefined {
  return gapOf(cron, older.plannedAt, newer.covers?.from ?? newer.plannedAt, view);
}

/** After the newest record, unless a run is in progress or due. */
export function gapAfter(cron: CronView, newest: Recorded, view: Viewpoint): Gap | undefined {
  const { running, late, waiting } = cron.job;
  if (running || late || waiting.length > 0) return undefined;
  return gapOf(cron, newest.plannedAt, view.now - SOON_MS, view);
}

function gapOf(
  { site, uid, definition, timezone }: CronView,
  after: number,
  before: number,
  view: Viewpoint,
) {
  if (!definition) return undefined;
  const cron = new Cron(definition);
  const times: number[] = [];
  for (let time = cron.next(after, timezone); time !== undefined && time < before; ) {
    times.push(time);
    time = times.length > MOST ? undefined : cron.next(time, timezone);
  }
  const [first] = times;
  if (first === undefined) return undefined;
  const count = times.length > MOST ? `more than ${MOST}` : String(times.length);
  const many = `No records of ${count} planned times from ${clockText(first, view)}`;
  const text = times.length === 1 ? `No record of the planned time ${clockText(first, view)}` : many;
  return { text, why: whyPath(site, uid, first) };
}
