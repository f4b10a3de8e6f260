/** Describes what a runner has thrown: anything, also a value that throws when it is looked at. */
import { CloudtabError, StoppedError, TimeoutError } from './errors.ts';

export interface DescribedError {
  /** The message with those of its causes: "fetch failed: connect ECONNREFUSED …". */
  readonly message: string;
  /** Present if the error is a defect of the code that threw it. */
  readonly stack?: string;
  readonly reason?: 'timeout' | 'stopped';
}

/** In place of a description that cannot be had. */
export const FIXED_WORDS = 'It threw a value that cannot be shown as text.';

const MAX_CAUSES = 5;

/** Never throws. */
export function describeError(error: unknown): DescribedError {
  try {
    const isDefect = error instanceof Error && !(error instanceof CloudtabError);
    const reason = reasonOf(error);
    return {
      message: messageOf(error),
      ...(isDefect && { stack: String(error.stack) }),
      ...(reason && { reason }),
    };
  } catch {
    return { message: FIXED_WORDS };
  }
}

function reasonOf(error: unknown): DescribedError['reason'] {
  if (error instanceof TimeoutError) return 'timeout';
  return error instanceof StoppedError ? 'stopped' : undefined;
}

function messageOf(error: unknown, outer: readonly unknown[] = []): string {
  if (!(error instanceof Error)) return String(error);
  const own = String(error.message || error.name);
  const { cause } = error;
  const chain = [...outer, error];
  return cause === undefined || chain.length > MAX_CAUSES || chain.includes(cause)
    ? own
    : `${own.replace(/\.$/, '')}: ${messageOf(cause, chain)}`;
}
