/**
 * Puts Powertools into a module of its own beside a bundle that imports it dynamically, so that a function loads it only to
 * write metrics of crons. A runner that imports it statically has it in the bundle.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { BUILTINS } from './builtins.ts';

const LIBRARY = '@aws-lambda-powertools/metrics';
export const METRICS_FILE = './powertools-metrics.mjs';

export const LAZY_METRICS: Plugin = {
  name: 'lazy-metrics',
  setup({ esbuild, initialOptions, onEnd, onResolve }) {
    const { outfile = '', ...options } = initialOptions;
    initialOptions.metafile = true;
    onResolve({ filter: /^@aws-lambda-powertools\/metrics$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: METRICS_FILE, external: true } : undefined,
    );
    onEnd(async ({ metafile }) => {
      const outputs = Object.values(metafile?.outputs ?? {});
      if (!outputs.some(({ imports }) => imports.some(({ path }) => path === METRICS_FILE))) return;
      await esbuild.build({
        ...options,
        entryPoints: [fileURLToPath(import.meta.resolve(LIBRARY))],
        outfile: join(dirname(outfile), METRICS_FILE),
        plugins: [BUILTINS],
      });
    });
  },
};
