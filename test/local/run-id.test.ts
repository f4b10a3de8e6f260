import { describe, expect, it } from 'vitest';
import { mayBeRunning, newRunId } from '../../lib/local/run-id.ts';

const random = { id: () => '12345678-1234-1234-1234-123456789012' };
const GONE = 99_999_999;

describe('the id of a run on a laptop', () => {
  it('begins with its process and whether that keeps the crontab running', () => {
    expect(newRunId(random, 4711, false)).toBe('p4711-12345678-1234');
    expect(newRunId(random, 4711, true)).toBe('k4711-12345678-1234');
  });

  it.each([
    ['of a command that is alive', newRunId(random, process.pid, false), false, true],
    ['of a command of somebody else', 'p1-abc', false, true],
    ['of a command that is gone', `p${GONE}-abc`, true, false],
    ['of the keeper that is there', newRunId(random, process.pid, true), true, true],
    [
      'of an earlier keeper, whoever has its process id by now',
      newRunId(random, process.pid, true),
      false,
      false,
    ],
    ['of another form', 'by-hand', false, true],
  ])('%s tells whether the run may be going on', (_, runId, isKept, expected) => {
    expect(mayBeRunning(runId, isKept)).toBe(expected);
  });
});
