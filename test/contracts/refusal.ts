/** The contract of every port whose medium refuses a call, because it throttles, is locked or is away. */
import { describe, expect, test } from 'vitest';
import { UnavailableError } from '../../lib/core/domain/errors.ts';

export interface RefusedPort {
  /** Calls of the port by method; each may be repeated. */
  readonly calls: Readonly<Record<string, () => Promise<unknown>>>;
  /** Makes the medium refuse every call from now on. */
  refuse(): void;
  /** Makes the medium answer again. */
  answer(): void;
  close(): Promise<void>;
}

/** The contract of refused calls: `names` are the names of `calls`. */
export function refusalContract(name: string, names: readonly string[], make: () => Promise<RefusedPort>) {
  describe(`${name}, while its medium refuses calls`, () => {
    test.each(names)(
      'A refused call to %s throws UnavailableError and succeeds when it is repeated',
      async (call) => {
        const port = await make();
        try {
          port.refuse();
          await expect(port.calls[call]?.()).rejects.toBeInstanceOf(UnavailableError);
          port.answer();
          await port.calls[call]?.();
        } finally {
          await port.close();
        }
      },
    );
  });
}
