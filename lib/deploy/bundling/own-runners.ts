/** Puts the runners of a folder into the bundles, so that no table of them needs to be written. */
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'esbuild';
import { runnerFiles, runnerKey } from '../../runners/runner-files.ts';

/** `folder` contains a file for each runner. Default: the folder `runners` beside the Lambdas. */
export function ownRunners(folder?: string): Plugin {
  return {
    name: 'own-runners',
    setup({ onLoad }) {
      onLoad({ filter: /\/lambdas\/own-runners\.ts$/ }, ({ path }) => ({
        contents: tableOf(folder || join(dirname(path), 'runners')),
        resolveDir: dirname(path),
      }));
    },
  };
}

/** A module that exports the class of each file by the key of its runner. */
function tableOf(folder: string): string {
  const files = runnerFiles(folder);
  const imports = files.map(({ file }, index) => `import * as runner${index} from ${JSON.stringify(file)};`);
  const entries = files.map((one, index) => {
    const shown = JSON.stringify(relative(folder, one.file));
    return `  ${JSON.stringify(runnerKey(one))}: runnerClassOf(runner${index}, ${shown}),`;
  });
  return [
    `import { runnerClassOf } from '../lib/runners/runner-module.ts';`,
    ...imports,
    'export const runners = {',
    ...entries,
    '};',
  ].join('\n');
}
