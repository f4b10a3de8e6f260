/**
 * Proof that the judge can fail: makes each deliberate mistake in a copy of `lib`, plays seeds on it until an invariant
 * is violated, and prints the table that stands in docs/simulation.md. `--only TEXT` takes those whose name holds it.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DAY } from './definition.ts';
import { MISTAKES, type Mistake } from './mistakes-list.ts';
import { loadSystem } from './system.ts';
import { simulate } from './world.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MOST_SECONDS = 60;
const DAYS = 4;
const CRONS = 6;

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const chosen = MISTAKES.filter(({ name }) => name.includes(values.only));
console.log('| mistake | caught by | after | violated |\n|---|---|---|---|');
let missed = 0;
for (const mistake of chosen) {
  const caught = await search(mistake);
  if (!caught.includes('| seed')) missed += 1;
  console.log(caught);
}
console.error(`${chosen.length - missed} of ${chosen.length} were caught.`);

/** The mistake's line of the table. */
async function search(mistake: Mistake): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtab-mistake-'));
  try {
    const system = await loadSystem(copyWith(mistake, folder));
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    for (let seed = 1; seconds() < MOST_SECONDS; seed++) {
      const { violation, start } = await simulate({ seed, days: DAYS, crons: CRONS, system });
      if (!violation) continue;
      const after = `${((violation.time - start) / DAY).toFixed(1)} days, ${seconds().toFixed(1)} s`;
      return `| ${mistake.name} | seed ${seed} | ${after} | ${violation.invariant} |`;
    }
    return `| ${mistake.name} | **nothing** | ${MOST_SECONDS} s | |`;
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
