/** Calls with latency, under quotas: a call that is throttled is repeated with backoff, as the SDK does. */
import type { EventLoop } from './event-loop.ts';
import type { Call } from './memory-ports.ts';
import type { Prng } from './prng.ts';
import type { TokenBucket } from './quotas.ts';

export interface ThrottledCallsOptions {
  readonly loop: EventLoop;
  readonly prng: Prng;
  /** By the name of the call; others are not limited. */
  readonly buckets: Readonly<Record<string, TokenBucket>>;
  /** The error of a call whose last attempt was throttled. */
  readonly error: (message: string) => Error;
  /** Receives the name of each attempt, and of each that was throttled. */
  readonly count: (name: string) => void;
}

/** The latency of a call in milliseconds. */
export const LATENCY = { low: 2, high: 42 };

/** The attempts of the SDK (lib/adapters/aws/clients.ts). */
const ATTEMPTS = { queue: 5, registry: 8 };

export function throttledCalls({ loop, prng, buckets, error, count }: ThrottledCallsOptions): Call {
  return (name, _key, effect) =>
    new Promise((resolve, reject) => {
      const bucket = buckets[name];
      const attempts = name.startsWith('registry.') ? ATTEMPTS.registry : ATTEMPTS.queue;
      const attempt = (number: number) => {
        loop.after(prng.integer(LATENCY.low, LATENCY.high), () => {
          count(name);
          if (!bucket || bucket.take()) return resolve(effect(undefined));
          count(`${name}, throttled`);
          if (number === attempts) return reject(error(`${name} was throttled`));
          const delay = Math.floor(prng.fraction() * Math.min(20_000, 500 * 2 ** (number - 1)));
          loop.after(delay, () => attempt(number + 1));
        });
      };
      attempt(1);
    });
}
