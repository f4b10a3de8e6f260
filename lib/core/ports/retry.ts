/** Repeated calls with pauses in between. There is one call more than there are delays, which are in milliseconds. */
import { type Clock, pause } from './clock.ts';

/** The result of the first call that does not throw. Throws an error that is not retryable, and that of the last call. */
export async function retry<Result>(
  clock: Clock,
  delays: readonly number[],
  call: () => Promise<Result>,
  isRetryable: (error: unknown) => boolean,
): Promise<Result> {
  for (const delay of delays) {
    try {
      return await call();
    } catch (error) {
      if (!isRetryable(error)) throw error;
    }
    await pause(clock, delay);
  }
  return await call();
}

/** The first result that is not undefined; undefined if no call has one. An error of a call is thrown at once. */
export async function retryUntilDefined<Result>(
  clock: Clock,
  delays: readonly number[],
  call: () => Promise<Result | undefined>,
): Promise<Result | undefined> {
  for (const delay of delays) {
    const result = await call();
    if (result !== undefined) return result;
    await pause(clock, delay);
  }
  return await call();
}
