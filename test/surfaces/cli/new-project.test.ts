import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readProfile } from '../../../lib/app/profiles/formats.ts';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';
import { newProject } from '../../../lib/surfaces/cli/new-project.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const timezone = 'Europe/Paris';

const manifest = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');

/** A checkout in which npm pack has not run. */
function unpacked(): string {
  const home = tempFolder();
  writeFileSync(join(home, 'package.json'), manifest);
  return home;
}

/** Writes a project; `read` returns the text of one of its files. */
function project(name: string) {
  const cwd = tempFolder();
  const message = newProject(name, { cwd, timezone, home: unpacked() });
  return { cwd, message, read: (file: string) => readFileSync(join(cwd, name, file), 'utf8') };
}

it('cloudtab new writes a project and names the commands that run and deploy it', () => {
  const { cwd, message } = project('my-crons');
  expect(message).toBe(
    [
      'Wrote a project into my-crons.',
      'Run its crontab: cd my-crons && npm install && npm start',
      'Deploy it: npx cdk deploy',
    ].join('\n'),
  );
  const files = readdirSync(join(cwd, 'my-crons'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(cwd, 'my-crons').length + 1));
  expect(files.sort()).toEqual([
    '.gitignore',
    'README.md',
    'app.ts',
    'cdk.json',
    'package.json',
    'profiles/default.yaml',
    'runners/hello.ts',
    'test/runners/hello.test.ts',
    'tsconfig.json',
  ]);
});

it('A new project depends on this version of cloudtab and on the versions that it was tested with', () => {
  const own = JSON.parse(manifest);
  const { name, dependencies, devDependencies, engines } = JSON.parse(
    project('my-crons').read('package.json'),
  );
  expect(name).toBe('my-crons');
  expect(dependencies).toEqual({ cloudtab: `^${own.version}`, ...own.peerDependencies });
  expect(devDependencies['aws-cdk']).toBe(`^${own.devDependencies['aws-cdk']}`);
  expect(engines).toEqual(own.engines);
});

it('A new project depends on the package that npm pack wrote into a checkout, if there is one', () => {
  const cwd = unpacked();
  const { version } = JSON.parse(manifest);
  writeFileSync(join(cwd, `cloudtab-${version}.tgz`), '');
  newProject('my-crons', { cwd, timezone, home: cwd });
  const { dependencies } = JSON.parse(readFileSync(join(cwd, 'my-crons/package.json'), 'utf8'));
  expect(dependencies.cloudtab).toBe(`file:../cloudtab-${version}.tgz`);
});

it('The profile of a new project is valid, and has a cron for its runner in the time zone of this computer', () => {
  const { profile, problems } = readProfile(project('my-crons').read('profiles/default.yaml'), {
    name: 'default.yaml',
  });
  expect(problems).toEqual([]);
  expect(profile?.settings).toEqual({ timezone });
  expect(profile?.elements).toMatchObject([{ uid: 'hello', given: { name: 'hello' } }]);
});

it('The app of a new project has ten lines, and its stack is named after the project', () => {
  const { read } = project('my-crons');
  expect(read('app.ts').trimEnd().split('\n').length).toBeLessThanOrEqual(10);
  expect(read('app.ts')).toContain("new CloudtabStack(app, 'MyCrons', {");
  expect(read('README.md')).toContain('npx cloudtab ls --stack MyCrons');
});

it('cloudtab new accepts an empty folder, and refuses one with files', () => {
  const cwd = tempFolder();
  mkdirSync(join(cwd, 'my-crons'));
  newProject('my-crons', { cwd, timezone });
  mkdirSync(join(cwd, 'other'));
  writeFileSync(join(cwd, 'other/notes.txt'), '');
  expect(() => newProject('other', { cwd, timezone })).toThrow(
    new ConfigurationError('other already exists. Choose another name.'),
  );
  expect(readdirSync(join(cwd, 'other'))).toEqual(['notes.txt']);
});

it('cloudtab new rejects a name that is not valid and the name of one of its packages, and writes nothing', () => {
  const cwd = tempFolder();
  expect(() => newProject('My Crons', { cwd, timezone })).toThrow(
    'NAME: got "My Crons", wanted lower-case letters and digits, with dashes between words. Choose a name such as my-crons.',
  );
  for (const name of ['cloudtab', 'typescript']) {
    expect(() => newProject(name, { cwd, timezone })).toThrow(
      new ConfigurationError(
        `NAME: got "${name}", wanted a name that none of its packages has. Choose another, such as my-${name}.`,
      ),
    );
  }
  expect(readdirSync(cwd)).toEqual([]);
});
