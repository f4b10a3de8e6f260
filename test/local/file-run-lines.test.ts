import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileLogger } from '../../lib/local/file-logger.ts';
import { FileRunLines } from '../../lib/local/file-run-lines.ts';
import { NOON } from '../support/jobs.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const DAY = 86_400_000;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cloudtab-lines-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const read = (runId: string, from = NOON, to = NOON + 1000) =>
  new FileRunLines(dir).read({ runId, from, to });

describe('the lines of a run', () => {
  it('are those that the logger wrote for it, with what else they say', async () => {
    const log = new FileLogger(dir, new VirtualClock(NOON), new MemoryLogger());
    const run = log.with({ site: 'default', uid: 'a', runId: 'r1' });
    run.info('Collecting', { rows: 2 });
    log.with({ runId: 'r2' }).info('Something else about r1');
    run.error('Failed');
    expect(await read('r1')).toEqual([
      { at: NOON, level: 'INFO', message: 'Collecting', fields: '{"rows":2}' },
      { at: NOON, level: 'ERROR', message: 'Failed' },
    ]);
  });

  it('go on after midnight', async () => {
    const clock = new VirtualClock(NOON);
    const log = new FileLogger(dir, clock, new MemoryLogger(), { runId: 'r1' });
    log.info('before');
    await clock.advance(DAY);
    log.info('after');
    expect((await read('r1', NOON, NOON + DAY)).map(({ message }) => message)).toEqual(['before', 'after']);
  });

  it('are none when the file is gone, or holds something else', async () => {
    expect(await read('r1')).toEqual([]);
    writeFileSync(join(dir, '2026-03-02.jsonl'), 'r1\n"r1"\n{"runId":"r1"\n');
    expect(await read('r1')).toEqual([]);
  });

  it('are a thousand at most', async () => {
    const line = JSON.stringify({
      timestamp: '2026-03-02T12:00:00Z',
      level: 'INFO',
      message: 'x',
      runId: 'r1',
    });
    writeFileSync(join(dir, '2026-03-02.jsonl'), `${line}\n`.repeat(1200));
    expect(await read('r1')).toHaveLength(1000);
  });

  it('cannot be read from what is no folder of files', async () => {
    writeFileSync(join(dir, 'x'), '');
    await expect(
      new FileRunLines(join(dir, 'x')).read({ runId: 'r1', from: NOON, to: NOON }),
    ).rejects.toThrow('ENOTDIR');
  });
});
