import type { Json, JsonObject } from '../domain/cron.ts';

/** Functions outside the code base, by name. */
export interface Functions {
  /**
   * Calls the function, waits for its end and says how it ended. Repeating it calls it again.
   * Throws NotFoundError when there is no function of that name; UnavailableError when it could not be called, or its
   * answer did not arrive; the signal's reason when that is aborted, while the function itself may go on.
   */
  invoke(name: string, payload: JsonObject, signal: AbortSignal): Promise<FunctionEnd>;
}

/** It returned (nothing counts as null), or it failed, in its own words. */
export type FunctionEnd =
  | { readonly kind: 'returned'; readonly value: Json }
  | { readonly kind: 'failed'; readonly message: string };

/** A function's name: letters, digits, underscores and dashes, at most 64. */
export const FUNCTION_NAME = /^[A-Za-z0-9_-]{1,64}$/;
