/**
 * What must hold, in any weather, as soon as somebody has said that it is done: the news of an edit was handled, a record
 * of the table was synchronised. No sweep is waited for, and none can hide that the word was not kept.
 */
import type { ParameterKey } from '../../lib/domain/names.ts';
import type { Judge } from './judge.ts';
import type { MemoryQueue } from './memory-queue.ts';
import type { MemoryStore } from './memory-store.ts';
import { isPlanned, nextPlanned } from './plan.ts';
import { stamp, Violation } from './story.ts';

interface FollowingParts {
  readonly judge: Judge;
  readonly store: MemoryStore;
  readonly queue: MemoryQueue;
  readonly now: () => number;
  readonly violated: (violation: Violation) => void;
}

/** All news of a parameter was handled, and none was lost: the table shows what stands in the registry. */
export function checkTable({ judge, store, now, violated }: FollowingParts, key: ParameterKey): void {
  const { present, newsLost } = judge.subjectOf(key);
  const shown = shownIn(store, key);
  if (newsLost > Number.NEGATIVE_INFINITY || shown === present?.modified) return;
  const message = `registry: ${named(present?.modified)}; table: ${named(shown)}`;
  violated(new Violation(now(), 'news that was handled is in the table', key, message));
}

/** A cron's record was reported as done: the job is armed for a time of the version in the table, and has its timer. */
export function checkArmed(parts: FollowingParts, key: Required<ParameterKey>): void {
  const { judge, store, queue, now, violated } = parts;
  const site = { site: key.site };
  // What the person did since then has records of its own.
  const isShown = (one: ParameterKey) => shownIn(store, one) === judge.subjectOf(one).present?.modified;
  if (!isShown(key) || !isShown(site)) return;
  const wrong = (message: string) =>
    violated(new Violation(now(), 'what was reported as synchronised is', key, message));
  const { armed } = store.row(key).job ?? {};
  const definition = judge.active(judge.watched(key));
  const timing = definition && judge.timingOf(key.site, definition);
  if (!armed) {
    if (timing && nextPlanned(timing, now()) !== undefined) wrong('no time is armed');
  } else if (!timing || !isPlanned(timing, armed.at)) {
    wrong(`${stamp(armed.at)} is armed, and not planned`);
  } else if (armed.at > now() && !queue.timers(key).some(({ at }) => at === armed.at)) {
    wrong(`${stamp(armed.at)} is armed, and has no timer`);
  }
}

/** Which version the table shows; nothing where it shows none. */
function shownIn(store: MemoryStore, key: ParameterKey): number | undefined {
  const { projection } = store.row(key);
  return projection?.removed ? undefined : projection?.modified;
}

function named(time: number | undefined): string {
  return time === undefined ? 'nothing' : stamp(time);
}
