import { describe, expect, it } from 'vitest';
import { mayBeRunning, newRunId } from '../../../lib/adapters/local/run-id.ts';

const random = { id: () => '12345678-1234-1234-1234-123456789012' };
/** No process has such a large id. */
const DEAD = 99_999_999;

describe('The run ID of a local run', () => {
  it('A run id begins with the process id and the kind of process', () => {
    expect(newRunId(random, 4711, false)).toBe('p4711-12345678-1234');
    expect(newRunId(random, 4711, true)).toBe('k4711-12345678-1234');
  });

  it.each([
    ['A run of a live command may be in progress', newRunId(random, process.pid, false), false, true],
    ['A run of a command of another user may be in progress', 'p1-abc', false, true],
    ['A run of a dead command is not in progress', `p${DEAD}-abc`, true, false],
    ['A run of the present lock holder may be in progress', newRunId(random, process.pid, true), true, true],
    [
      'A run of an earlier lock holder is not in progress, even when its process id is in use again',
      newRunId(random, process.pid, true),
      false,
      false,
    ],
    ['A run with another form of id may be in progress', 'by-hand', false, true],
  ])('%s', (_, runId, isLockHeld, isExpected) => {
    expect(mayBeRunning(runId, isLockHeld)).toBe(isExpected);
  });
});
