/**
 * What must hold, in any weather, as soon as somebody has said that it is done: the news of an edit was handled, a record
 * of the table was synchronised. No sweep is waited for, and none can hide that the word was not kept.
 */
import type { ParameterKey } from '../../lib/domain/names.ts';
import { look } from './finding.ts';
import type { Judge } from './judge.ts';
import type { MemoryQueue } from './memory-queue.ts';
import type { MemoryStore } from './memory-store.ts';
import { isPlanned, nextPlanned } from './plan.ts';
import { stamp } from './story.ts';

interface FollowingParts {
  readonly judge: Judge;
  readonly store: MemoryStore;
  readonly queue: MemoryQueue;
  readonly now: () => number;
}

/** All news of a parameter was handled, and none was lost: the table shows what stands in the registry. */
export function checkTable({ judge, store }: FollowingParts, key: ParameterKey): void {
  const { present, newsLost } = judge.subjectOf(key);
  if (newsLost > Number.NEGATIVE_INFINITY) return;
  const shown = shownIn(store, key);
  const message = `registry: ${named(present?.modified)}; table: ${named(shown)}`;
  judge.hold(key, [look('news that was handled is in the table', shown !== present?.modified, message)]);
}

/** A record was reported as done: that of a cron, or that of a crontab, which is about all of its crons. */
export function checkDone(parts: FollowingParts, { site, uid }: ParameterKey): void {
  for (const { key } of parts.judge.crons.values()) {
    if (key.site === site && (uid === undefined || key.uid === uid)) checkArmed(parts, key);
  }
}

/** The job is armed for a time of the version in the table, and has its timer. */
function checkArmed(parts: FollowingParts, key: Required<ParameterKey>): void {
  const { judge, store, queue, now } = parts;
  const site = { site: key.site };
  // What the person did since then has records of its own.
  const isShown = (one: ParameterKey) => shownIn(store, one) === judge.subjectOf(one).present?.modified;
  if (!isShown(key) || !isShown(site)) return;
  const watched = judge.watched(key);
  const { armed } = store.row(key).job ?? {};
  const definition = judge.active(watched);
  const timing = definition && judge.timingOf(key.site, definition);
  const isNext = timing && nextPlanned(timing, now()) !== undefined;
  const hasTimer = ({ at }: { at: number }) => queue.timers(key).some((timer) => timer.at === at);
  let wrong: string | undefined;
  if (!armed) {
    if (isNext) wrong = 'no time is armed';
  } else if (!timing || !isPlanned(timing, armed.at)) {
    wrong = `${stamp(armed.at)} is armed, and not planned`;
  } else if (armed.at > now() && !watched.lost.has(armed.at) && !hasTimer(armed)) {
    wrong = `${stamp(armed.at)} is armed, and has no timer`;
  }
  judge.hold(key, [{ invariant: 'what was reported as synchronised is', wrong }]);
}

/** Which version the table shows; nothing where it shows none. */
function shownIn(store: MemoryStore, key: ParameterKey): number | undefined {
  const { projection } = store.row(key);
  return projection?.removed ? undefined : projection?.modified;
}

function named(time: number | undefined): string {
  return time === undefined ? 'nothing' : stamp(time);
}
