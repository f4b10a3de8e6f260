/**
 * Which kind of reason a record gives for planned times that did not run. The record keeps the words, which are for
 * people; counting and searching want the kind. The words themselves are written in missed.ts, claim.ts and
 * reconcile.ts.
 */
import type { Log } from './log.ts';

/**
 * `missed`: it was found too late; `overlap`: the last run still went on; `off`: cron or crontab was switched off;
 * `edited`: an edit came before it started; `refused`: the runner is not there, or does not take the environ.
 */
export type WhyNot = 'missed' | 'overlap' | 'off' | 'edited' | 'refused';

const WORDS: readonly (readonly [WhyNot, RegExp])[] = [
  ['missed', /^(?:Missed: |It was delivered more than )/],
  ['overlap', /; overlap is "/],
  ['off', /switched off/],
  ['edited', /^It was replaced by an edit/],
];

/** The kind of reason of a record whose status is NOTRUN. */
export function whyNot({ messages: [reason = ''] }: Pick<Log, 'messages'>): WhyNot {
  return WORDS.find(([, words]) => words.test(reason))?.[0] ?? 'refused';
}
