import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileLogger } from '../../../lib/adapters/local/file-logger.ts';
import { FileRunOutput } from '../../../lib/adapters/local/file-run-output.ts';
import { LogFolder } from '../../../lib/adapters/local/log-folder.ts';
import { NOON } from '../../support/jobs.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const DAY = 86_400_000;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cloudtab-lines-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Reads the output of a run. */
const read = async (runId: string, from = NOON, to = NOON + 1000) =>
  (await new FileRunOutput(dir).read({ runId, from, to })).lines;

describe('FileRunOutput', () => {
  it('The output of a run is what the logger wrote for it, with its fields', async () => {
    const logger = fileLogger(new LogFolder(dir, () => {}), new VirtualClock(NOON), new MemoryLogger());
    const run = logger.with({ site: 'default', uid: 'a', runId: 'r1' });
    run.info('Collecting', { rows: 2 });
    logger.with({ runId: 'r2' }).info('Something else about r1');
    run.error('Failed');
    expect(await read('r1')).toEqual([
      { time: NOON, level: 'INFO', message: 'Collecting', fields: { rows: 2 } },
      { time: NOON, level: 'ERROR', message: 'Failed' },
    ]);
  });

  it('The output of a run that passes midnight comes from both files', async () => {
    const clock = new VirtualClock(NOON);
    const logger = fileLogger(new LogFolder(dir, () => {}), clock, new MemoryLogger()).with({ runId: 'r1' });
    logger.info('before');
    await clock.advance(DAY);
    logger.info('after');
    expect((await read('r1', NOON, NOON + DAY)).map(({ message }) => message)).toEqual(['before', 'after']);
  });

  it('A run has no output when the file is missing or holds other text', async () => {
    expect(await read('r1')).toEqual([]);
    writeFileSync(join(dir, '2026-03-02.jsonl'), 'r1\n"r1"\n{"runId":"r1"\n');
    expect(await read('r1')).toEqual([]);
  });

  it('A reader follows a run past midnight, and sees each line once it is whole', async () => {
    const output = new FileRunOutput(dir);
    const follow = async (cursor: string | undefined, to: number) => {
      const page = await output.read({ runId: 'r1', from: NOON, to }, cursor);
      return [page.lines.map(({ message }) => message), page.cursor] as const;
    };
    const text = (message: string) => JSON.stringify({ level: 'INFO', message, runId: 'r1' });
    const [today, tomorrow] = ['2026-03-02.jsonl', '2026-03-03.jsonl'].map((name) => join(dir, name));
    const none = await follow(undefined, NOON);
    expect(none[0]).toEqual([]);
    writeFileSync(today ?? '', `${text('dé')}\n${text('half').slice(0, 9)}`);
    const first = await follow(none[1], NOON);
    expect(first[0]).toEqual(['dé']);
    writeFileSync(today ?? '', `${text('dé')}\n${text('half')}\n`);
    writeFileSync(tomorrow ?? '', `${text('x').replace('r1', 'r2')}\n${text('next day')}\n`);
    const second = await follow(first[1], NOON + DAY);
    expect(second[0]).toEqual(['half', 'next day']);
    expect((await follow(second[1], NOON + DAY))[0]).toEqual([]);
    expect((await follow('nonsense', NOON + DAY))[0]).toEqual(['dé', 'half', 'next day']);
  });

  it('A page of long lines ends before it exceeds 1 MB, and the next one has the others', async () => {
    const line = JSON.stringify({ level: 'INFO', message: 'x'.repeat(100_000), runId: 'r1' });
    writeFileSync(join(dir, '2026-03-02.jsonl'), `${line}\n`.repeat(12));
    const output = new FileRunOutput(dir);
    const first = await output.read({ runId: 'r1', from: NOON, to: NOON });
    const second = await output.read({ runId: 'r1', from: NOON, to: NOON }, first.cursor);
    expect([first.lines.length, first.hasMore]).toEqual([8, true]);
    expect([second.lines.length, second.hasMore]).toEqual([4, false]);
  });

  it('A page has at most a thousand lines, and the next one has the others', async () => {
    const line = JSON.stringify({
      timestamp: '2026-03-02T12:00:00Z',
      level: 'INFO',
      message: 'x',
      runId: 'r1',
    });
    writeFileSync(join(dir, '2026-03-02.jsonl'), `${line}\n`.repeat(1200));
    const output = new FileRunOutput(dir);
    const run = { runId: 'r1', from: NOON, to: NOON };
    const first = await output.read(run);
    expect([first.lines.length, first.hasMore]).toEqual([1000, true]);
    const second = await output.read(run, first.cursor);
    expect([second.lines.length, second.hasMore]).toEqual([200, false]);
  });

  it('Reading output from a folder that is a file fails', async () => {
    writeFileSync(join(dir, 'x'), '');
    await expect(
      new FileRunOutput(join(dir, 'x')).read({ runId: 'r1', from: NOON, to: NOON }),
    ).rejects.toThrow('ENOTDIR');
  });
});
