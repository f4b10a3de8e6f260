import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runnerFiles, runnerKey } from '../../lib/runners/runner-files.ts';
import { tempFolder } from '../support/temp-folder.ts';

function folderWith(...files: readonly string[]): string {
  const folder = tempFolder();
  for (const file of files) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

it('Each file of the folder is a runner of its name, and each file in the folder of a site is one of that site alone', () => {
  const folder = folderWith('report.ts', 'my-job.js', 'shop/report.mts', 'shop/Sale_2.mjs');
  expect(runnerFiles(folder)).toEqual([
    { name: 'my-job', file: join(folder, 'my-job.js') },
    { name: 'report', file: join(folder, 'report.ts') },
    { name: 'Sale_2', site: 'shop', file: join(folder, 'shop/Sale_2.mjs') },
    { name: 'report', site: 'shop', file: join(folder, 'shop/report.mts') },
  ]);
});

it('Tests, type declarations, helpers and folders that are no sites contain no runners', () => {
  const folder = folderWith(
    'a.test.ts',
    'a.d.ts',
    '_shared.ts',
    'notes.md',
    '_lib/b.ts',
    'Lib/c.ts',
    'shop/deep/d.ts',
  );
  expect(runnerFiles(folder)).toEqual([]);
});

it('A compiled file counts only without its source, and a site may be a link to a folder', () => {
  const folder = folderWith('a.js', 'a.ts', 'shop/b.js');
  symlinkSync(join(folder, 'shop'), join(folder, 'other'));
  expect(runnerFiles(folder).map((one) => [runnerKey(one), one.file.slice(folder.length)])).toEqual([
    ['a', '/a.ts'],
    ['other/b', '/other/b.js'],
    ['shop/b', '/shop/b.js'],
  ]);
});

it('A folder that does not exist has no runners', () => {
  expect(runnerFiles(join(tempFolder(), 'absent'))).toEqual([]);
});
