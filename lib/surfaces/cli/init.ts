/** `cloudtab init NAME`: writes a runner with its test into a project and registers it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { RunnerTable } from '../../runners/table.ts';
import { RUNNERS_FILE } from './load-runners.ts';
import { indexWith, listed, names, newIndex, runnerText, testText } from './runner-template.ts';

/**
 * Writes the files into the project in `cwd` and returns the message to print. Throws ConfigurationError, and writes
 * nothing, when the name is not valid or taken, or the list of runners has an unknown form.
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
      throw new ConfigurationError(`${file} already exists. Choose another name.`);
  }
  const index = join(cwd, files.index);
  const present = existsSync(index) ? readFileSync(index, 'utf8') : newIndex(isOwn);
  refuseListed(name, present);
  const registered = indexWith(present, name);
  if (registered === undefined) {
    const { className } = names(name);
    throw new ConfigurationError(
      `Nothing was written: ${files.index} has no "runners = { … }". Add '${name}': ${className} to it yourself.`,
    );
  }
  write(join(cwd, files.runner), runnerText(name, isOwn));
  write(join(cwd, files.test), testText(name, isOwn));
  write(index, registered);
  return [
    `Wrote ${files.runner} and ${files.test}, and registered "${name}" in ${files.index}.`,
    `Try it: cloudtab add ${name} '*/5 * * * *'`,
  ].join('\n');
}

function refuseName(name: string): void {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > 64) {
    throw new ConfigurationError(
      `NAME: got "${name}", wanted lower-case letters and digits, with dashes between words. Choose a name such as my-job.`,
    );
  }
  const isList = basename(RUNNERS_FILE) === `${name}.ts`;
  if (!isList && !new RunnerTable({}).has(name)) return;
  const wanted = isList
    ? `another name than that of the list, ${RUNNERS_FILE}`
    : 'a name that no built-in runner has';
  throw new ConfigurationError(`NAME: got "${name}", wanted ${wanted}. Choose another, such as my-${name}.`);
}

function refuseListed(name: string, index: string): void {
  const found = listed(index, name);
  if (!found) return;
  const entry = found === 'name' ? 'which' : `whose class ${names(name).className}`;
  throw new ConfigurationError(
    `NAME: got "${name}", ${entry} is already in ${RUNNERS_FILE}. Choose another name.`,
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
