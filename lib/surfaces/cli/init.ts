/** `cloudtab init NAME`: writes a runner with its test into a project. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ConfigurationError, InvalidError } from '../../core/domain/errors.ts';
import { formatValue } from '../../core/domain/problem.ts';
import { isBuiltIn } from '../../runners/table.ts';
import { refuseName } from './new-name.ts';
import { runnerText, testText } from './runner-template.ts';
import { runnersFolder } from './runners-folder.ts';

export interface InitOptions {
  /** The folder of the project. */
  readonly cwd: string;
  /** The folder of the crontab that is going to use the runner. */
  readonly dir: string;
  readonly env: { readonly CLOUDTAB_RUNNERS?: string };
}

/**
 * Writes the files into the project and returns the message to print. Writes nothing and throws
 * InvalidError when the name is not valid, and ConfigurationError when it is taken.
 */
export function init(name: string, { cwd, dir, env }: InitOptions): string {
  refuseName(name, 'my-job');
  if (isBuiltIn(name)) {
    const wanted = 'a name that no built-in runner has';
    const fix = `Choose another, such as my-${name}.`;
    throw new InvalidError([{ where: 'NAME', got: formatValue(name), wanted, fix }]);
  }
  const { name: project, scripts } = packageOf(cwd);
  const isOwn = project === 'cloudtab';
  const hasStart = /\bcloudtab(?:\.ts)? start\b/.test(scripts?.start ?? '');
  const folder = relative(cwd, resolve(cwd, runnersFolder(env, cwd)));
  const runner = join(folder, `${name}.ts`);
  const test = join('test', folder, `${name}.test.ts`);
  for (const file of [runner, test]) {
    if (existsSync(join(cwd, file)))
      throw new ConfigurationError(`${file} already exists. Choose another name.`);
  }
  const from = (file: string, to: string) => relative(join(cwd, dirname(file)), join(cwd, to));
  // Each run loads the runner: the module of the base class alone takes a fifth of the time of the whole package.
  writeNew(
    join(cwd, runner),
    runnerText(name, isOwn ? from(runner, 'lib/runners/runner.ts') : 'cloudtab/runner'),
  );
  const tryRunner = isOwn ? from(test, 'lib/client/try-runner.ts') : 'cloudtab';
  writeNew(join(cwd, test), testText(name, { isOwn, runner: from(test, runner), tryRunner }));
  return [
    `Wrote ${runner} and ${test}.`,
    `Test it: ${isOwn ? 'npx vitest run' : 'node --test'} ${test}`,
    ...(existsSync(resolve(cwd, dir))
      ? []
      : [`Start the crontab: ${hasStart ? 'npm start' : 'npx cloudtab start'}`]),
    `Use it: npx cloudtab add ${name} '*/5 * * * *'`,
  ].join('\n');
}

interface Manifest {
  readonly name?: string;
  readonly scripts?: { readonly start?: string };
}

/** Empty without a readable package.json. */
function packageOf(cwd: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  } catch {
    return {};
  }
}

/** Creates the folders of the file, too. */
export function writeNew(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
