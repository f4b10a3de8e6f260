/**
 * What is left out of libraries in the bundles of Lambdas, so that they start fast: two thirds of the SDK's clients
 * describe errors of operations that are never called. test/bundling shows that nothing is missed.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

interface StandIn {
  readonly module: RegExp;
  /** Who gets it when asking for that module: the libraries of jobs of the user's own may well need the real one. */
  readonly importer: RegExp;
  readonly file: string;
}

const STAND_INS: readonly StandIn[] = [
  {
    module: /^@aws-sdk\/credential-provider-node$/,
    importer: /./,
    file: './stand-ins/credentials.ts',
  },
  {
    module: /^@smithy\/core\/event-streams$/,
    importer: /\/(?:@smithy\/core|client-lambda)\/dist-es\//,
    file: './stand-ins/event-streams.ts',
  },
  {
    module: /^@aws-sdk\/signature-v4-multi-region$/,
    importer: /\/client-eventbridge\//,
    file: './stand-ins/multi-region.ts',
  },
  { module: /^\.\/Sha256Js$/, importer: /\/Sha256Node\.js$/, file: './stand-ins/sha256.ts' },
  { module: /^mnemonist\/lru-cache$/, importer: /\/endpoint-cache\//, file: './stand-ins/lru-cache.ts' },
  { module: /^\.\/CronExpression$/, importer: /\/cron-parser\//, file: './stand-ins/cron-expression.ts' },
  { module: /^\.\.\/CronDate$/, importer: /\/cron-parser\//, file: './stand-ins/cron-date.ts' },
];

/** Where the parser of cron-parser is; its other parts are not asked for. */
const PARSER = fileURLToPath(new URL('CronExpressionParser.js', import.meta.resolve('cron-parser')));

/**
 * The clients whose errors are told apart by their names alone. The SDK names an error that it has no description of
 * all the same, as it does with errors that are newer than itself.
 */
const SCHEMAS = /client-(dynamodb|eventbridge|lambda|scheduler|ssm|sts)\/dist-es\/schemas\/schemas_\d+\.js$/;

/** The item that made a condition fail is read by the description of this error. */
const DESCRIBED = 'ConditionalCheckFailedException';

/** A client wants to know its version, and brings all that npm knows of it. */
const PACKAGES = /\/@aws-sdk\/client-[a-z-]+\/package\.json$/;

/** Puts the stand-ins in, and tells esbuild that describing an error has no effect: it drops what nobody asks for. */
export const LEAN: Plugin = {
  name: 'lean',
  setup({ onLoad, onResolve }) {
    for (const { module, importer, file } of STAND_INS) {
      const path = fileURLToPath(new URL(file, import.meta.url));
      onResolve({ filter: module }, (asked) => (importer.test(asked.importer) ? { path } : undefined));
    }
    onResolve({ filter: /^cron-parser$/ }, ({ importer }) =>
      importer.endsWith('/lib/domain/expression.ts') ? { path: PARSER } : undefined,
    );
    onLoad({ filter: SCHEMAS }, async ({ path }) => ({ contents: lean(await readFile(path, 'utf8')) }));
    onLoad({ filter: PACKAGES }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** The same module, with constant keys written out, and the registration of errors marked as pure. */
function lean(module: string): string {
  const constants = new Map(
    [...module.matchAll(/^const (_\w+) = (".*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return module
    .replace(/\[(_\w+)\]:/g, (key, name: string) => `${constants.get(name) ?? key.slice(0, -1)}:`)
    .replace(/^n0_registry\.registerError\((\w+)\$,/gm, (call, error) =>
      error === DESCRIBED ? call : `/* @__PURE__ */ ${call}`,
    );
}
