/**
 * Loads the modules of Node by `require` instead of `import`. An import reads every export of such a module, also those that
 * Node would load on first use: that of `node:http` alone loads an HTTP client and WebSockets, a quarter of a cold start.
 */
import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'cloudtab-builtin';

export const BUILTINS: Plugin = {
  name: 'builtins',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^(node:)?[a-z_]+(\/[a-z_]+)?$/ }, ({ path, namespace, kind }) => {
      if (!isBuiltin(path)) return undefined;
      if (namespace === NAMESPACE) return { path, external: true };
      return kind === 'import-statement' ? { path, namespace: NAMESPACE, sideEffects: false } : undefined;
    });
    onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};
