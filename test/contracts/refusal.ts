/** What every port promises of a medium that refuses a call (throttled, locked, away): it says so, and goes on. */
import { describe, expect, test } from 'vitest';
import { UnavailableError } from '../../lib/domain/errors.ts';

export interface RefusedPort {
  /** Calls of the port, by what they do; each may be made twice. */
  readonly calls: Readonly<Record<string, () => Promise<unknown>>>;
  /** From now on the medium refuses. */
  refuse(): void;
  /** From now on it answers again. */
  answer(): void;
  close(): Promise<void>;
}

/** The suite of refusals: `names` are the names of `calls`. */
export function refusalContract(name: string, names: readonly string[], make: () => Promise<RefusedPort>) {
  describe(`${name}, when its medium refuses`, () => {
    test.each(names)('to %s, throws UnavailableError, and does it when asked again', async (call) => {
      const port = await make();
      try {
        port.refuse();
        await expect(port.calls[call]?.()).rejects.toBeInstanceOf(UnavailableError);
        port.answer();
        await port.calls[call]?.();
      } finally {
        await port.close();
      }
    });
  });
}
