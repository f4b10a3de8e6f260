/** Calls of operations that another process does: a deployment, or the scheduler of a folder. */
import type { Call, UntypedCall } from '../app/door/call.ts';
import { parseJsonObject } from '../core/domain/json-object.ts';
import { type Clock, pause } from '../core/ports/clock.ts';
import { type ErrorJson, errorOf } from './error-of.ts';

/** Sends the JSON of a call to the path, and returns the answer. Throws UnavailableError if there is none. */
export type Wire = (path: string, json: string) => Promise<WireAnswer>;

export interface WireAnswer {
  readonly status: number;
  readonly text: string;
}

export interface RemoteOptions {
  readonly wire: Wire;
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
const MAX_ATTEMPTS = 6;

/** Calls throw the errors of the operations, as if they were done here. One that was throttled is tried again. */
export function remoteCall({ wire, clock, outdated, explain }: RemoteOptions): Call {
  const call: UntypedCall = async (id, place, input) => {
    const json = JSON.stringify({ ...place, input });
    for (let attempt = 1; ; attempt++) {
      const answer = await wire(pathOfCall(id), json);
      if (answer.status === 200) return JSON.parse(answer.text);
      if (answer.status !== 429 || attempt === MAX_ATTEMPTS) {
        const problem = problemIn(answer.text);
        if (!problem) throw explain(answer);
        const { site = '', uid = '' } = { ...(input as object), ...place };
        throw errorOf(problem, { site, uid }, outdated);
      }
      await pause(clock, attempt * PAUSE_MS);
    }
  };
  return call as Call;
}

function problemIn(text: string): ErrorJson | undefined {
  const json = parseJsonObject(text);
  return json?.code === undefined ? undefined : (json as unknown as ErrorJson);
}
