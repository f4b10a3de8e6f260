/**
 * What is left out of libraries in the bundles of Lambdas, so that they start fast: two thirds of the SDK's clients
 * describe errors of operations that are never called. test/bundling shows that nothing is missed.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/** A library, and what stands in for it. */
export const STAND_INS = { '@aws-sdk/credential-provider-node': besideThis('./credentials.ts') };

/**
 * The clients whose errors are told apart by their names alone. The SDK names an error that it has no description of
 * all the same, as it does with errors that are newer than itself. DynamoDB is not among them: the item that made a
 * condition fail is read by its error's description.
 */
const SCHEMAS = /client-(eventbridge|lambda|scheduler|ssm|sts)\/dist-es\/schemas\/schemas_\d+\.js$/;

/** Tells esbuild that describing an error has no effect, so that it drops what nobody asks for; and has no luxon. */
export const LEAN: Plugin = {
  name: 'lean',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: SCHEMAS }, async ({ path }) => ({ contents: lean(await readFile(path, 'utf8')) }));
    // For cron-parser alone: a job of the user's own may well need the real one.
    onResolve({ filter: /^luxon$/ }, ({ importer }) =>
      importer.includes('/cron-parser/') ? { path: besideThis('./luxon.ts') } : undefined,
    );
  },
};

/** The same module, with constant keys written out, and the registration of errors marked as pure. */
function lean(module: string): string {
  const constants = new Map(
    [...module.matchAll(/^const (_\w+) = (".*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return module
    .replace(/\[(_\w+)\]:/g, (key, name: string) => `${constants.get(name) ?? key.slice(0, -1)}:`)
    .replace(/^n0_registry\.registerError\(/gm, '/* @__PURE__ */ $&');
}

function besideThis(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
