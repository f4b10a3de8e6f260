import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunnerFollower } from '../../../lib/adapters/local/runner-follower.ts';
import type { DescribedRunner } from '../../../lib/runners/published-runners.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { RunnerFolder } from '../../support/runner-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const SCHEMA = { type: 'object', properties: { to: { anyOf: [{ type: 'string' }] } }, required: ['to'] };

let folder: RunnerFolder;
let clock: VirtualClock;
let logger: MemoryLogger;
/** What the worker says of each file. */
let describe: (file: string) => { summary: string; settings?: typeof SCHEMA };
let described: string[];
let runners: readonly DescribedRunner[] | undefined;
let follower: RunnerFollower;
beforeEach(() => {
  folder = new RunnerFolder();
  clock = new VirtualClock(0);
  logger = new MemoryLogger();
  describe = () => ({ summary: 'Mine.' });
  described = [];
  runners = undefined;
  follower = new RunnerFollower({
    folder: folder.path,
    workers: {
      describe: async (file) => {
        described.push(file);
        return describe(file);
      },
    },
    clock,
    logger,
    onChange: (all) => {
      runners = all;
    },
  });
});
afterEach(() => follower.close());

const names = () => runners?.map(({ name }) => name);
const lines = () => logger.lines.map(({ message }) => message);

it('A follower describes all files at its start and reports none of them', async () => {
  const file = folder.write('report.ts', '');
  describe = () => ({ summary: 'Mine.', settings: SCHEMA });
  await follower.start();
  expect(runners).toEqual([
    {
      name: 'report',
      file,
      summary: 'Mine.',
      environ: { to: { type: 'string', required: true, meaning: '', example: null } },
    },
  ]);
  expect(lines()).toEqual([]);
});

it('A follower notices within a second a file that appears, changes and disappears, and describes no other file again', async () => {
  folder.write('report.ts', '');
  await follower.start();
  const file = folder.write('shop/sale.ts', '');
  await clock.advance(1_000);
  expect(names()).toEqual(['report', 'sale']);
  expect(lines()).toEqual(['runners: + shop/sale']);
  describe = () => ({ summary: 'Another.' });
  folder.write('shop/sale.ts', '// edited');
  await clock.advance(1_000);
  expect(runners?.[1]).toEqual({ name: 'sale', site: 'shop', file, summary: 'Another.' });
  expect(described).toHaveLength(3);
  rmSync(file);
  await clock.advance(1_000);
  expect(names()).toEqual(['report']);
  expect(lines()).toEqual(['runners: + shop/sale', 'runners: - shop/sale']);
  await clock.advance(60_000);
  expect(described).toHaveLength(3);
});

it('A file counts when two polls have seen it, so that none is read half written', async () => {
  await follower.start();
  folder.write('report.ts', '');
  await clock.advance(250);
  folder.write('report.ts', 'more');
  await clock.advance(250);
  expect(names()).toEqual([]);
  await clock.advance(250);
  expect(names()).toEqual(['report']);
});

it('A file that cannot be loaded keeps its settings, and is reported until it can be loaded again', async () => {
  folder.write('report.ts', '');
  describe = () => ({ summary: 'Mine.', settings: SCHEMA });
  await follower.start();
  describe = (file) => {
    throw new Error(`${file.slice(folder.path.length + 1)}:1:1: no.`);
  };
  folder.write('report.ts', '(');
  await clock.advance(1_000);
  expect(runners).toMatchObject([{ summary: 'Mine.', environ: { to: {} }, broken: 'report.ts:1:1: no.' }]);
  describe = () => {
    throw 'no';
  };
  folder.write('other.ts', '(');
  await clock.advance(1_000);
  expect(runners?.[0]).toMatchObject({ name: 'other', summary: '', broken: 'no' });
  describe = () => ({ summary: '' });
  folder.write('report.ts', '()');
  await clock.advance(1_000);
  expect(runners?.[1]).not.toHaveProperty('broken');
  expect(logger.lines).toMatchObject([
    {
      level: 'warn',
      message: 'runners: report cannot be loaded: report.ts:1:1: no.',
      fields: { code: 'runner-broken' },
    },
    { level: 'info', message: 'runners: + other' },
    { level: 'warn', message: 'runners: other cannot be loaded: no' },
    { level: 'info', message: 'runners: report can be loaded again' },
  ]);
});

it('A file with the name of a built-in runner is reported and never loaded', async () => {
  folder.write('http.ts', '');
  await follower.start();
  expect(described).toEqual([]);
  expect(lines()).toEqual(['runners: http cannot be loaded: "http" is a built-in runner. Rename http.ts.']);
});

it('A follower of a folder that does not exist waits for it, until it is closed', async () => {
  await follower.start();
  expect(names()).toEqual([]);
  follower.close();
  folder.write('report.ts', '');
  await clock.advance(1_000);
  expect(names()).toEqual([]);
});
