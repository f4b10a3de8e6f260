/** Predictable ids: run-1, run-2 and so on. */
import type { Random } from '../../lib/core/ports/random.ts';

export function sequenceRandom(prefix = 'run'): Random {
  let count = 0;
  return {
    id() {
      count += 1;
      return `${prefix}-${count}`;
    },
  };
}
