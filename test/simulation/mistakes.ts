/**
 * Proof that the judge can fail: makes each deliberate mistake in a copy of `lib`, plays seeds on it until an invariant
 * is violated that is not violated without the mistake, and prints the table that stands in docs/simulation.md.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DAY } from './definition.ts';
import type { Mistake } from './mistake.ts';
import { MISTAKES_DONE } from './mistakes-list.ts';
import { MISTAKES_TOLD } from './mistakes-told.ts';
import { loadSystem, system } from './system.ts';
import { simulate } from './world.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MOST_SECONDS = 60;
const DAYS = 4;
const CRONS = 6;
const USAGE = `npm run mistakes -- [options]
  --only TEXT  only mistakes whose name holds the text

Each is searched for ${MOST_SECONDS} seconds at most. Ends with 1 when one was not caught.`;

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, help: { type: 'boolean', default: false } },
});

if (values.help) console.log(USAGE);
else process.exitCode = await main(values.only);

async function main(only: string): Promise<number> {
  const chosen = [...MISTAKES_DONE, ...MISTAKES_TOLD].filter(({ name }) => name.includes(only));
  console.log('| mistake | caught by | after | violated |\n|---|---|---|---|');
  let caught = 0;
  for (const [index, mistake] of chosen.entries()) {
    console.error(`${index + 1} of ${chosen.length}: ${mistake.name}`);
    const found = await search(mistake);
    if (found) caught += 1;
    console.log(found ?? `| ${mistake.name} | **nothing** | ${MOST_SECONDS} s | |`);
  }
  console.error(`${caught} of ${chosen.length} were caught.`);
  return caught === chosen.length ? 0 : 1;
}

/** The mistake's line of the table; nothing when no seed catches it. */
async function search(mistake: Mistake): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtab-mistake-'));
  try {
    const mistaken = await loadSystem(copyWith(mistake, folder));
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    for (let seed = 1; seconds() < MOST_SECONDS; seed++) {
      const options = { seed, days: DAYS, crons: CRONS };
      const { violation, start } = await simulate({ ...options, system: mistaken });
      if (!violation) continue;
      const after = `${((violation.time - start) / DAY).toFixed(1)} days, ${seconds().toFixed(1)} s`;
      // What is violated without the mistake as well does not tell of it.
      if ((await simulate({ ...options, system })).violation) continue;
      return `| ${mistake.name} | seed ${seed} | ${after} | ${violation.invariant} |`;
    }
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns where the copy's `lib` is, as a file URL. Throws when the text to replace is not there exactly once. */
function copyWith({ name, changes }: Mistake, folder: string): string {
  cpSync(join(ROOT, 'lib'), join(folder, 'lib'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, from, to } of changes) {
    const path = join(folder, 'lib', file);
    const parts = readFileSync(path, 'utf8').split(from);
    if (parts.length !== 2) {
      throw new Error(
        `The mistake "${name}" wants this once in lib/${file}, and finds it ${parts.length - 1} times: ${from}`,
      );
    }
    writeFileSync(path, parts.join(to));
  }
  return pathToFileURL(`${join(folder, 'lib')}/`).href;
}
