/** Sends errors between processes, with their causes. */
import { FIXED_WORDS } from '../../../core/domain/describe-error.ts';
import { CloudtabError, StoppedError, TimeoutError } from '../../../core/domain/errors.ts';
import type { SentError } from './messages.ts';

const MAX_CAUSES = 5;

/** The errors whose class means something to the engine or to a runner; others of the family are a CloudtabError. */
const CLASSES = { StoppedError, TimeoutError };

/** An error, or any other value that was thrown. Never throws. */
export function sendError(error: unknown, causes = 0): SentError {
  try {
    return sentError(error, causes);
  } catch {
    return { name: 'CloudtabError', message: FIXED_WORDS };
  }
}

function sentError(error: unknown, causes: number): SentError {
  if (!(error instanceof Error)) return { name: 'CloudtabError', message: String(error) };
  const cause =
    error.cause === undefined || causes === MAX_CAUSES ? undefined : sendError(error.cause, causes + 1);
  const { message, stack } = error;
  const name = error instanceof CloudtabError && !(error.name in CLASSES) ? 'CloudtabError' : error.name;
  return {
    name: String(name),
    message: String(message),
    ...(stack && { stack: String(stack) }),
    ...(cause && { cause }),
  };
}

export function receiveError({ name, message, stack, cause }: SentError): Error {
  const Class = CLASSES[name as keyof typeof CLASSES] ?? (name === 'CloudtabError' ? CloudtabError : Error);
  const error = new Class(message, cause && { cause: receiveError(cause) });
  return Object.assign(error, { ...(Class === Error && { name }), ...(stack !== undefined && { stack }) });
}
