/** `cloudtab new NAME`: writes a project with a runner, its test, a profile and a CDK app. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { DEFAULT_DIR } from '../../client/chosen-target.ts';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { init, writeNew } from './init.ts';
import { refuseName } from './new-name.ts';
import { type ProjectVersions, projectFiles } from './project-template.ts';

export interface NewProjectOptions {
  /** The folder in which the folder of the project is created. */
  readonly cwd: string;
  /** The IANA time zone of the crontab. */
  readonly timezone: string;
  /** The folder of the package cloudtab. If it contains a package that `npm pack` wrote, the project depends on that. */
  readonly home?: string;
}

const HOME = dirname(createRequire(import.meta.url).resolve('cloudtab/package.json'));
const RUNNER = 'hello';

/**
 * Writes the files and returns the message to print. Throws ConfigurationError, and writes nothing, when the name is not valid
 * or its folder contains files.
 */
export function newProject(name: string, { cwd, timezone, home = HOME }: NewProjectOptions): string {
  refuseName(name, 'my-crons');
  const folder = join(cwd, name);
  const versions = projectVersions(home, folder);
  if (name in versions.dependencies || name in versions.devDependencies) {
    throw new ConfigurationError(
      `NAME: got "${name}", wanted a name that none of its packages has. Choose another, such as my-${name}.`,
    );
  }
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new ConfigurationError(`${name} already exists. Choose another name.`);
  const files = projectFiles({ name, runner: RUNNER, timezone, versions });
  for (const [file, text] of Object.entries(files)) writeNew(join(folder, file), text);
  init(RUNNER, { cwd: folder, dir: DEFAULT_DIR, env: {} });
  return [
    `Wrote a project into ${name}.`,
    `Run its crontab: cd ${name} && npm install && npm start`,
    'Deploy it: npx cdk deploy',
  ].join('\n');
}

/** The versions with which this version of cloudtab was tested. */
function projectVersions(home: string, folder: string): ProjectVersions {
  const manifest: Manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const { version, engines, peerDependencies, devDependencies } = manifest;
  const packed = join(home, `cloudtab-${version}.tgz`);
  const cloudtab = existsSync(packed) ? `file:${relative(folder, packed)}` : `^${version}`;
  const tested = (name: string) => [name, `^${devDependencies[name]}`];
  return {
    dependencies: { cloudtab, ...peerDependencies },
    devDependencies: Object.fromEntries(['@types/node', 'aws-cdk', 'typescript'].map(tested)),
    node: engines.node,
  };
}

interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
