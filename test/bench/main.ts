/**
 * `npm run bench [-- NAME …]`: prints what cloudtab costs beside named baselines that are measured in the same run, as the
 * table of docs/performance.md. Exit status: 0 when each figure is within its limit, otherwise 1.
 */
import { parseArgs } from 'node:util';
import { compareBundles } from './bundles.ts';
import { compareCommands } from './commands.ts';
import type { Comparison } from './comparison.ts';
import { compareHerd } from './herd.ts';
import { compareIdle } from './idle.ts';
import { compareNextRun } from './next-run.ts';
import { comparePages } from './pages.ts';
import { compareRecords } from './records.ts';

const BENCHMARKS: Readonly<Record<string, () => Promise<Comparison[]>>> = {
  'next-run': compareNextRun,
  bundles: compareBundles,
  commands: compareCommands,
  pages: comparePages,
  herd: compareHerd,
  records: compareRecords,
  idle: compareIdle,
};

const NAMES = Object.keys(BENCHMARKS);

const USAGE = `npm run bench -- [NAME …]
  NAME  one of ${NAMES.join(', ')}; all of them by default`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', default: false } },
});

if (values.help) console.log(USAGE);
else process.exitCode = await main(positionals.length > 0 ? positionals : NAMES);

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !Object.hasOwn(BENCHMARKS, name));
  if (unknown !== undefined) {
    console.error(`got ${unknown}, wanted one of: ${NAMES.join(', ')}`);
    return 2;
  }
  console.log(`Node ${process.version}\n`);
  console.log('| what | measured | baseline | ratio | at most |\n|---|---|---|---|---|');
  const beyond: string[] = [];
  for (const name of names) {
    for (const { what, measured, baseline, ratio, limit, isWithin } of (await BENCHMARKS[name]?.()) ?? []) {
      const cells = [
        what,
        measured,
        baseline,
        ratio === undefined ? '' : `${ratio.toFixed(2)} ×`,
        limit ?? '',
      ];
      console.log(`| ${cells.join(' | ')} |`);
      if (!isWithin) beyond.push(what);
    }
  }
  if (beyond.length > 0) console.log(`\nBeyond the limit: ${beyond.join('; ')}.`);
  return beyond.length === 0 ? 0 : 1;
}
