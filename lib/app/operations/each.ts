/** Does one action to several crons, and answers in time even if a service does not. */
import pMap from 'p-map';
import { CloudtabError, errorReport, UnavailableError } from '../../core/domain/errors.ts';
import { truncate } from '../../core/domain/truncate.ts';
import { type Clock, pause } from '../../core/ports/clock.ts';
import { pluralize } from './messages.ts';
import type { BulkResult, OperationResult } from './operation-result.ts';

const AT_ONCE = 5;

/** Milliseconds after which no other cron is begun. */
const BEGIN_MS = 20_000;

/** Milliseconds after which it answers without those that were begun: the function has 30 seconds. */
const ANSWER_MS = 25_000;

/** The reasons that the message repeats, and the characters of each. */
const NAMED_REASONS = 3;
const NAMED_LENGTH = 500;

/** The characters of all reasons together: an answer has at most 1 MB. */
const REASONS_LENGTH = 200_000;

export interface EachOptions {
  readonly clock: Clock;
  /** What is done, in the past: `Removed`. */
  readonly verb: string;
  /** Whether a second call for the same cron does no harm. Default: true. */
  readonly mayRepeat?: boolean;
}

type Refusal = BulkResult['refused'][number];
type Done = { readonly uid: string; readonly changed: boolean };

/**
 * The result reports each CloudtabError as a refusal. Crons that take too long are left; one that was begun and may not be
 * repeated is refused instead. Throws UnavailableError if none ends in time, and any other error.
 */
export async function each(
  uids: readonly string[],
  { clock, verb, mayRepeat = true }: EachOptions,
  act: (uid: string) => Promise<OperationResult>,
): Promise<BulkResult> {
  const ended = new Map<string, Done | Refusal>();
  const begun = new Set<string>();
  const start = clock.now();
  const all = [...new Set(uids)];
  const one = async (uid: string) => {
    if (clock.now() - start >= BEGIN_MS) return;
    begun.add(uid);
    ended.set(uid, await outcome(uid, act));
  };
  const answered = new AbortController();
  const time = pause(clock, ANSWER_MS, answered.signal);
  await Promise.race([pMap(all, one, { concurrency: AT_ONCE }), time]).finally(() => answered.abort());
  if (ended.size === 0) {
    throw new UnavailableError(
      `No cron was done within ${ANSWER_MS / 1_000} s; whether one that was begun has changed is not known. Look, then try again.`,
    );
  }
  const open = all.filter((uid) => begun.has(uid) && !ended.has(uid));
  const results = all.flatMap((uid) => ended.get(uid) ?? []);
  const done = results.filter((result) => 'changed' in result);
  const refused = [...results.filter((result) => 'code' in result), ...(mayRepeat ? [] : open.map(timeout))];
  const length = Math.floor(REASONS_LENGTH / Math.max(refused.length, 1));
  const left = all.filter((uid) => !ended.has(uid) && (mayRepeat || !begun.has(uid)));
  const changed = done.filter((result) => result.changed).length;
  const message = [
    doneText(verb, changed, done.length - changed),
    refusedText(refused),
    leftText(left.length, mayRepeat ? open.length : 0),
  ].join('');
  return {
    message,
    changed: changed > 0,
    done: done.map(({ uid }) => uid),
    refused: refused.map((one) => ({ ...one, reason: truncate(one.reason, length) })),
    left,
  };
}

async function outcome(uid: string, act: (uid: string) => Promise<OperationResult>): Promise<Done | Refusal> {
  try {
    return { uid, changed: (await act(uid)).changed };
  } catch (error) {
    if (!(error instanceof CloudtabError)) throw error;
    return { uid, reason: error.message, code: errorReport(error).code };
  }
}

function timeout(uid: string): Refusal {
  const reason = `"${uid}" did not end in time, and may have had its effect: look before you ask again.`;
  return { uid, reason, code: 'timeout' };
}

/** Reports crons that needed no change separately. */
function doneText(verb: string, changed: number, unchanged: number): string {
  const were = `${pluralize(unchanged, 'cron')} ${unchanged === 1 ? 'was' : 'were'} ${verb.toLowerCase()} already`;
  if (changed === 0 && unchanged > 0) return `${were}: nothing was changed.`;
  return `${verb} ${pluralize(changed, 'cron')}.${unchanged > 0 ? ` ${were}.` : ''}`;
}

function refusedText(refused: readonly Refusal[]): string {
  if (refused.length === 0) return '';
  const named = refused.slice(0, NAMED_REASONS).map(({ reason }) => ` ${truncate(reason, NAMED_LENGTH)}`);
  const more = refused.length > NAMED_REASONS ? ` And ${refused.length - NAMED_REASONS} more.` : '';
  return ` ${pluralize(refused.length, 'cron')} refused:${named.join('')}${more}`;
}

function leftText(left: number, open: number): string {
  if (left === 0) return '';
  const unknown = open > 0 ? `; whether ${open} of them changed nevertheless is not known` : '';
  return ` ${pluralize(left, 'cron')} not done in time${unknown}: ask again.`;
}
