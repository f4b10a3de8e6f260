/**
 * `npm run mutants`: shows that the suites can fail. Applies each mutant to a copy of the source tree, lets the
 * suites that are expected to kill it search for a kill, and prints the table of docs/simulation.md. Exit status: 0
 * when each mutant was killed, otherwise 1.
 */
import { parseArgs } from 'node:util';
import { explorationSuite } from '../exhaustive/mutant-suite.ts';
import { simulationSuite } from '../simulation/mutant-suite.ts';
import { withMutant } from './apply-mutant.ts';
import { MUTANTS } from './mutants.ts';
import type { Suite, SuiteName } from './suite.ts';

const SUITES: Readonly<Record<SuiteName, Suite>> = {
  simulation: simulationSuite,
  exploration: explorationSuite,
};

const USAGE = `npm run mutants -- [options]
  --only TEXT    only mutants whose name contains TEXT
  --suite NAME   only this suite: ${Object.keys(SUITES).join(', ')}`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    suite: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  if (values.suite !== undefined && !Object.hasOwn(SUITES, values.suite))
    throw new Error(`Unknown suite: ${values.suite}.\n${USAGE}`);
  const trials = MUTANTS.filter(({ name }) => name.includes(values.only)).flatMap((mutant) =>
    mutant.killedBy
      .filter((suite) => values.suite === undefined || suite === values.suite)
      .map((suite) => ({ mutant, suite })),
  );
  if (trials.length === 0) throw new Error(`No mutant matches these options.\n${USAGE}`);
  console.log('| mutant | killed by | after | violated invariant |\n|---|---|---|---|');
  let killed = 0;
  for (const [index, { mutant, suite }] of trials.entries()) {
    const startedAt = performance.now();
    const kill = await withMutant(mutant, (root) => SUITES[suite].findKill(root, mutant.likely));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const number = `${index + 1} of ${trials.length}`;
    console.error(`${number}: "${mutant.name}" ${kill ? 'was killed' : 'survived'} after ${seconds} s`);
    if (kill) killed += 1;
    console.log(
      kill
        ? `| ${mutant.name} | ${suite}, ${kill.run} | ${kill.progress} | ${kill.violatedInvariant} |`
        : `| ${mutant.name} | **survived ${suite}** | | |`,
    );
  }
  console.error(`${killed} of ${trials.length} were killed.`);
  return killed === trials.length ? 0 : 1;
}
