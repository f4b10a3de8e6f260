import { describe, expect, it } from 'vitest';
import { mayBeAlive, newProcessId } from '../../../lib/adapters/local/run-id.ts';

const random = { id: () => '12345678-1234-1234-1234-123456789012' };
/** No process has such a large id. */
const DEAD = 99_999_999;

describe('The ids of a laptop', () => {
  it('An id begins with the process id and the kind of process', () => {
    expect(newProcessId(random, 4711, false)).toBe('p4711-12345678-1234');
    expect(newProcessId(random, 4711, true)).toBe('k4711-12345678-1234');
  });

  it.each([
    ['A live command may hold a lease', newProcessId(random, process.pid, false), false, true],
    ['A command of another user may hold a lease', 'p1-abc', false, true],
    ['A dead command holds no lease', `p${DEAD}-abc`, true, false],
    ['The present scheduler may hold a lease', newProcessId(random, process.pid, true), true, true],
    [
      'An earlier scheduler holds no lease, even if its process id is in use again',
      newProcessId(random, process.pid, true),
      false,
      false,
    ],
    ['A holder of another form may be alive', 'by-hand', false, true],
  ])('%s', (_, holder, isSchedulerAlive, isExpected) => {
    expect(mayBeAlive(holder, isSchedulerAlive)).toBe(isExpected);
  });
});
