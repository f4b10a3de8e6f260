import { mkdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { LogFolder } from '../../../lib/adapters/local/log-folder.ts';
import { NOON } from '../../support/jobs.ts';
import { tempFolder } from '../../support/temp-folder.ts';

function make() {
  const dir = join(tempFolder(), 'logs');
  const warnings: string[] = [];
  const folder = new LogFolder(dir, (text) => warnings.push(text));
  return { dir, folder, warnings, file: join(dir, '2026-03-02.jsonl') };
}

describe('LogFolder', () => {
  it('A line that cannot be written stops nothing and is reported once', () => {
    const { dir, folder, warnings, file } = make();
    mkdirSync(file);
    folder.append(NOON, 'one');
    folder.append(NOON, 'two');
    expect(warnings).toEqual([
      `Cannot write to the log folder ${dir}: EISDIR: illegal operation on a directory, open '${file}'. Crons go on, and ` +
        'their log lines are lost until it can be written again. Free disk space, or make the folder writable.\n',
    ]);
  });

  it('The warning goes to stderr unless another place is given', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const dir = join(tempFolder(), 'logs');
    mkdirSync(join(dir, '2026-03-02.jsonl'), { recursive: true });
    new LogFolder(dir).append(NOON, 'one');
    expect(write).toHaveBeenCalledWith(expect.stringContaining('Cannot write to the log folder'));
    write.mockRestore();
  });

  it('The number of lost lines precedes the first line that can be written again', () => {
    const { folder, warnings, file } = make();
    mkdirSync(file);
    folder.append(NOON, 'one');
    folder.append(NOON, 'two');
    rmdirSync(file);
    folder.append(NOON, 'three');
    folder.append(NOON, 'four');
    const [loss = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(loss)).toMatchObject({ level: 'WARN', code: 'log-lines-lost', count: 2 });
    expect(lines).toEqual(['three', 'four']);
    mkdirSync(join(file, '..', '2026-03-03.jsonl'));
    folder.append(NOON + 86_400_000, 'five');
    expect(warnings).toHaveLength(2);
  });

  it('A folder that was removed is created again', () => {
    const { dir, folder, warnings, file } = make();
    rmSync(dir, { recursive: true });
    folder.append(NOON, 'one');
    expect(readFileSync(file, 'utf8')).toBe('one\n');
    expect(warnings).toEqual([]);
  });
});
