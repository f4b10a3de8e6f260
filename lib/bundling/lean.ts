/**
 * What the bundles of Lambdas leave out of libraries, so that they load fast: the search for credentials and luxon.
 * Users' runners get every library whole, apart from these stand-ins.
 */
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

interface StandIn {
  readonly module: RegExp;
  /** The importers that get the stand-in. */
  readonly importer: RegExp;
  readonly file: string;
}

const STAND_INS: readonly StandIn[] = [
  { module: /^@aws-sdk\/credential-provider-node$/, importer: /./, file: './stand-ins/credentials.ts' },
  { module: /^\.\/CronExpression$/, importer: /\/cron-parser\//, file: './stand-ins/cron-expression.ts' },
  { module: /^\.\.\/CronDate$/, importer: /\/cron-parser\//, file: './stand-ins/cron-date.ts' },
];

/** The one module of cron-parser that cloudtab needs. */
const PARSER = fileURLToPath(new URL('CronExpressionParser.js', import.meta.resolve('cron-parser')));

/** Replaces the modules in STAND_INS, and cron-parser in cloudtab's own code by its parser. */
export const LEAN: Plugin = {
  name: 'lean',
  setup({ onResolve }) {
    for (const { module, importer, file } of STAND_INS) {
      const path = fileURLToPath(new URL(file, import.meta.url));
      onResolve({ filter: module }, (request) => (importer.test(request.importer) ? { path } : undefined));
    }
    onResolve({ filter: /^cron-parser$/ }, ({ importer }) =>
      importer.endsWith('/lib/domain/expression.ts') ? { path: PARSER } : undefined,
    );
  },
};
