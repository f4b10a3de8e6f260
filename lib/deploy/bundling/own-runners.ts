/** Puts the runners of a project into the bundles, in the place of those beside this code. */
import type { Plugin } from 'esbuild';

/** `file` is the module that exports `runners`; nothing: those beside this code. */
export function ownRunners(file: string | undefined): Plugin {
  return {
    name: 'own-runners',
    setup({ onResolve }) {
      if (!file) return;
      onResolve({ filter: /^\.\/runners\/index\.ts$/ }, ({ importer }) =>
        /\/lambdas\/\w+\.ts$/.test(importer) ? { path: file } : undefined,
      );
    },
  };
}
