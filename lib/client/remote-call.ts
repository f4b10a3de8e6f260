/** Calls of operations that another process does: a deployment, or the scheduler of a folder. */
import type { WireAnswer } from '../adapters/wire-answer.ts';
import type { Call, UntypedCall } from '../app/door/call.ts';
import type { OperationId } from '../app/door/operations.ts';
import { UnavailableError } from '../core/domain/errors.ts';
import { parseJsonObject } from '../core/domain/json-object.ts';
import { type Clock, pause } from '../core/ports/clock.ts';
import { shapeProblem } from './answer-shape.ts';

/** Sends the JSON of a call to the path, and returns the answer. Throws UnavailableError if there is none. */
export type Wire = (path: string, json: string) => Promise<WireAnswer>;

export interface RemoteOptions {
  readonly wire: Wire;
  /** What should answer, with its address, in words. */
  readonly where: string;
  readonly clock: Clock;
  /** What to do about a process that does not know an operation: it is older than this one. */
  readonly outdated: string;
  /** Explains an answer that is not from cloudtab, such as a refusal by AWS. */
  readonly explain: (answer: WireAnswer) => Error;
}

/** The path of an operation; lib/surfaces/web/calls.ts serves it. */
export function pathOfCall(operation: string): string {
  return `/calls/${operation}`;
}

/** Parameter Store accepts a few writes a second. The pause grows by this for each refusal, in milliseconds. */
const PAUSE_MS = 2_000;
/** A user waits no longer than that for the next attempt. */
const LONGEST_PAUSE_MS = 60_000;
const MAX_ATTEMPTS = 6;

/**
 * Calls throw the errors of the operations, as if they were done here. One that was throttled is tried again after the pause
 * that the answer asks for, or a longer one.
 */
export function remoteCall({ wire, where, clock, outdated, explain }: RemoteOptions): Call {
  const call: UntypedCall = async (id, place, input) => {
    const json = JSON.stringify({ ...place, input });
    for (let attempt = 1; ; attempt++) {
      const answer = await wire(pathOfCall(id), json);
      if (answer.status === 200) return answerIn(answer.text, id, where);
      if (answer.status !== 429 || attempt === MAX_ATTEMPTS) {
        // Loaded only here: few calls are refused.
        const { errorOf } = await import('./error-of.ts');
        const { site = '', uid = '' } = { ...(input as object), ...place };
        throw errorOf(parseJsonObject(answer.text) ?? {}, { site, uid }, outdated) ?? explain(answer);
      }
      await pause(clock, pauseMs(attempt, answer));
    }
  };
  return call as Call;
}

/** Throws UnavailableError if another program answered. */
function answerIn(text: string, id: OperationId, where: string): unknown {
  const answer = parseJsonObject(text);
  const problem = shapeProblem(id, answer);
  if (problem === undefined) return answer;
  throw new UnavailableError(
    `What answered "${id}" is not ${where}: ${problem}. Does another program listen there?`,
  );
}

/** `Retry-After` may be a date, which counts as absent. */
function pauseMs(attempt: number, { retryAfter = '' }: WireAnswer): number {
  const askedMs = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : 0;
  return Math.min(Math.max(attempt * PAUSE_MS, askedMs), LONGEST_PAUSE_MS);
}
