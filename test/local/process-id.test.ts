import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { becomeKeeper, keeper, mayBeRunning, processRandom } from '../../lib/local/process-id.ts';
import { sequenceRandom } from '../support/sequence-random.ts';
import { tempFolder } from '../support/temp-folder.ts';

const GONE = 99_999_999;

describe('the id of a run on a laptop', () => {
  it('begins with its process and fits a run id', () => {
    const id = processRandom({ id: () => '12345678-1234-1234-1234-123456789012' }, 4711).id();
    expect(id).toBe('p4711-12345678-1234');
  });

  it.each([
    ['of a living process', processRandom(sequenceRandom(), process.pid).id(), true],
    ['of a process of somebody else', 'p1-abc', true],
    ['of a process that is gone', `p${GONE}-abc`, false],
    ['of another form', 'by-hand', true],
  ])('%s tells whether the run may be going on', (_, runId, expected) => {
    expect(mayBeRunning(runId)).toBe(expected);
  });
});

describe('the keeper of a folder', () => {
  it('is whoever became it, until it gives it back', () => {
    const file = join(tempFolder(), 'state', 'pid');
    const giveBack = becomeKeeper(file, process.pid);
    expect(keeper(file)).toBe(process.pid);
    giveBack();
    expect(keeper(file)).toBeUndefined();
  });

  it.each([
    ['a process that is gone', String(GONE)],
    ['nonsense', 'abc'],
    ['nothing', ''],
  ])('is nobody when the file names %s', (_, text) => {
    const file = join(tempFolder(), 'pid');
    writeFileSync(file, text);
    expect(keeper(file)).toBeUndefined();
    becomeKeeper(file, process.pid);
    expect(keeper(file)).toBe(process.pid);
  });
});
