/** The slots of a timeline in words: the title of each mark, and the text of each lane. */

import type { CronView } from '../../../app/operations/cron-view.ts';
import { clockText } from '../../../app/operations/local-time.ts';
import { pluralize } from '../../../app/operations/messages.ts';
import { SLOT_WORDS } from '../../../app/operations/timeline-text.ts';
import { trendText } from '../../../app/operations/trend-text.ts';
import type { Slot } from '../../../core/domain/timeline.ts';
import { offTitle, type Viewpoint } from './time-view.ts';

/** `02:30: failed`, or for several runs `the hour from 02:00: 3 of 60 failed`. */
export function slotText(
  { from, result, plannedAt, count, alike, isBand, isWhole }: Slot,
  view: Viewpoint,
): string {
  if (!isBand) return `${clockText(plannedAt, view)}: ${SLOT_WORDS[result]}`;
  const runs = alike < count && isWhole ? `${alike} of ${count} runs` : pluralize(alike, 'run');
  return `the hour from ${clockText(from, view)}: ${runs} ${SLOT_WORDS[result]}`;
}

/** What the lane shows: how many runs there were, those that were not OK, what is planned next. */
export function laneText(cron: CronView, slots: readonly Slot[], view: Viewpoint): string {
  const { active, trend, job, off } = cron;
  const ran = slots.filter(({ run }) => run !== undefined);
  const bad = ran.filter(({ result }) => result !== 'OK' && result !== 'RUNNING');
  const count = ran.reduce((sum, slot) => sum + slot.count, 0);
  const failing = active ? trendText(trend, view.now, view.timezone) : undefined;
  const sentences = [
    ...(off ? [offTitle(off, view)] : []),
    ...(failing === undefined ? [] : [failing]),
    count === 0 ? 'no runs since yesterday' : `${pluralize(count, 'run')} since yesterday`,
    ...bad.map((slot) => slotText(slot, view)),
    job.next === undefined ? 'nothing is planned' : `next ${clockText(job.next, view)}`,
  ];
  return `${sentences.join('; ')}.`;
}
