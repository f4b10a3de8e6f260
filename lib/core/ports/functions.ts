import type { Json, JsonObject } from '../domain/cron.ts';
import type { OutputStream } from './programs.ts';

/** Functions outside the code base, by name. */
export interface Functions {
  /**
   * Calls the function and returns how it ended. A repetition calls it again.
   * Throws NotFoundError if there is no function of that name; UnavailableError if the call failed or its response did not
   * arrive; the signal's reason if the signal is aborted, while the function itself may go on. `onOutput` gets what a function
   * on this computer prints, until the call is over; what others print is in their own log.
   */
  invoke(
    name: string,
    payload: JsonObject,
    signal: AbortSignal,
    onOutput?: (stream: OutputStream, bytes: Uint8Array) => void,
  ): Promise<FunctionEnd>;
}

/** The function returned (nothing counts as null), or failed with a message. */
export type FunctionEnd =
  | { readonly kind: 'returned'; readonly value: Json }
  | { readonly kind: 'failed'; readonly message: string };

/** A function's name: letters, digits, underscores and dashes, at most 64. */
export const FUNCTION_NAME = /^[A-Za-z0-9_-]{1,64}$/;
