/**
 * Leaves unused parts of libraries out of the bundles, so that Lambdas start fast. Runners of users are not affected: where
 * they run, they get every class of the SDK and the whole cron-parser.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const CREDENTIALS = standIn('credentials.ts');
/** Replaces the modules of cron-parser whose names match, which load a library for dates. */
export const CRON_PARSER = standIn('cron-parser.ts');
export const CRON_PARSER_PARTS = /\/Cron(Date|Expression)$/;

/** The namespace of the reduced cron-parser that cloudtab itself uses. A runner that imports cron-parser gets the original. */
const OWN_PARSER = 'cloudtab-cron-parser';
export const PARSER_FOLDER = fileURLToPath(new URL('.', import.meta.resolve('cron-parser')));

const SCHEMAS = /\/@aws-sdk\/client-[a-z0-9-]+\/dist-es\/schemas\/schemas_\d+\.js$/;

/** The statements that connect an error of a service with its class, and keep both in the bundle. */
const REGISTRATIONS = /^n\d+_registry\.registerError\(.*\);$/gm;

/** Replaces the cron-parser of cloudtab itself by the part that it uses; the rest loads a library for dates. */
export const OWN_CRON_PARSER: Plugin = {
  name: 'own-cron-parser',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^cron-parser$/ }, ({ importer }) =>
      importer.endsWith('/lib/core/domain/expression.ts')
        ? { path: 'CronExpressionParser.js', namespace: OWN_PARSER }
        : undefined,
    );
    onResolve({ filter: CRON_PARSER_PARTS, namespace: OWN_PARSER }, () => ({ path: CRON_PARSER }));
    onResolve({ filter: /^\./, namespace: OWN_PARSER }, ({ path, importer }) => {
      const file = createRequire(join(PARSER_FOLDER, importer)).resolve(path);
      return { path: relative(PARSER_FOLDER, file), namespace: OWN_PARSER };
    });
    onLoad({ filter: /./, namespace: OWN_PARSER }, async ({ path }) => ({
      contents: await readFile(join(PARSER_FOLDER, path)),
    }));
  },
};

/**
 * Leaves out the parts of the SDK that a Lambda does not use. `hasErrorClasses`: an error of AWS is an instance of its class,
 * as runners of users expect. Otherwise it only has the name and the fields of that class, which is all that cloudtab reads.
 */
export function leanSdk(hasErrorClasses: boolean): Plugin {
  return {
    name: 'lean-sdk',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({ path: CREDENTIALS }));
      onLoad({ filter: SCHEMAS }, async ({ path }) => {
        const module = plainKeys(await readFile(path, 'utf8'));
        return { contents: hasErrorClasses ? module : module.replace(REGISTRATIONS, '') };
      });
    },
  };
}

function standIn(file: string): string {
  return fileURLToPath(new URL(`stand-ins/${file}`, import.meta.url));
}

/**
 * The module with each `[_name]: …` written as `"value": …`. esbuild keeps every schema that has a computed key, because
 * computing it might have a side effect. It drops one with plain keys when no used command refers to it.
 */
function plainKeys(module: string): string {
  const constants = new Map(
    [...module.matchAll(/^const (_\w+) = (".*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return module.replace(/\[(_\w+)\]:/g, (key, name: string) => `${constants.get(name) ?? key.slice(0, -1)}:`);
}
