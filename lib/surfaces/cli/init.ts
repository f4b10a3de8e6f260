/** `cloudtab init NAME`: a runner of one's own with its test, registered. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { RunnerTable } from '../../runners/table.ts';
import { RUNNERS_FILE } from './load-runners.ts';
import { indexWith, listed, names, newIndex, runnerText, testText } from './runner-template.ts';

/**
 * Writes the files into the project of that folder and says which. Throws ConfigurationError, and writes nothing, when
 * the name cannot be one, is taken, or the list of runners is not as it was made.
 */
export function init(name: string, cwd: string): string {
  refuseName(name);
  const isOwn = packageName(cwd) === 'cloudtab';
  const files = {
    runner: `lambdas/runners/${name}.ts`,
    test: `test/lambdas/runners/${name}.test.ts`,
    index: RUNNERS_FILE,
  };
  for (const file of [files.runner, files.test]) {
    if (existsSync(join(cwd, file)))
      throw new ConfigurationError(`${file} exists already. Choose another name.`);
  }
  const index = join(cwd, files.index);
  const present = existsSync(index) ? readFileSync(index, 'utf8') : newIndex(isOwn);
  refuseListed(name, present);
  const registered = indexWith(present, name);
  if (registered === undefined) {
    const { className } = names(name);
    throw new ConfigurationError(
      `${files.index} is not as it was made: found no "runners = { … }" to add '${name}': ${className} to. Nothing was written.`,
    );
  }
  write(join(cwd, files.runner), runnerText(name, isOwn));
  write(join(cwd, files.test), testText(name, isOwn));
  write(index, registered);
  return [
    `Wrote ${files.runner} and ${files.test}, and registered it as "${name}" in ${files.index}.`,
    `Try it: cloudtab add ${name} '*/5 * * * *'`,
  ].join('\n');
}

function refuseName(name: string): void {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > 64) {
    throw new ConfigurationError(
      `NAME: got "${name}", wanted lower-case letters and digits, with dashes between words. For example: my-job`,
    );
  }
  const isList = basename(RUNNERS_FILE) === `${name}.ts`;
  if (!isList && !new RunnerTable({}).has(name)) return;
  const wanted = isList
    ? `a name that is not that of the list, ${RUNNERS_FILE}`
    : 'a name that no runner has yet: that one ships';
  throw new ConfigurationError(`NAME: got "${name}", wanted ${wanted}. Choose another, such as my-${name}.`);
}

function refuseListed(name: string, index: string): void {
  const found = listed(index, name);
  if (!found) return;
  const what = found === 'name' ? 'which' : `whose class ${names(name).className}`;
  throw new ConfigurationError(
    `NAME: got "${name}", ${what} is in ${RUNNERS_FILE} already. Choose another name.`,
  );
}

function packageName(cwd: string): string | undefined {
  try {
    const { name }: { name?: string } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
    return name;
  } catch {
    return undefined;
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
