/** The package as users install it: packed, installed into a project, compiled against and used there. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { Hello } from '../../lambdas/runners/hello.ts';

const ROOT = join(import.meta.dirname, '../..');

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'cloudtab-project-'));
  const packed = join(project, 'packed');
  mkdirSync(packed);
  // Its own `prepack` would build into the checkout, where other processes may work.
  execFileSync(process.execPath, [join(ROOT, 'bin/build.ts'), join(packed, 'dist')]);
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [listing]: { readonly files: readonly { readonly path: string }[] }[] = JSON.parse(listed);
  const wanted = (listing?.files ?? []).map(({ path }) => path).filter((path) => !path.startsWith('dist/'));
  execFileSync('cp', ['--parents', ...wanted, packed], { cwd: ROOT });
  const modules = join(project, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== 'cloudtab') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  execFileSync('cp', ['-R', packed, join(modules, 'cloudtab')]);
  writeFileSync(join(project, 'package.json'), '{"name": "project", "type": "module"}');
}, 180_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

function node(...args: string[]) {
  return spawnSync(process.execPath, args, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
}
const command = (...args: string[]) => node('node_modules/cloudtab/bin/cloudtab.js', ...args);

it('A program compiles against the types of the package and runs', () => {
  writeFileSync(
    join(project, 'program.ts'),
    `import { type Log, openFolder, Runner } from 'cloudtab';
class Mine extends Runner {
  async run() {
    return ['from the project'];
  }
}
await using crontabs = await openFolder('crons', { runners: { mine: Mine } });
const crontab = await crontabs.load();
const cron = crontab.add({ name: 'mine', periodicity: '@daily' });
await crontab.save();
const log: Log = await (await crontab.job(cron.uid).force()).finished();
// @ts-expect-error: there is no such field
log.nothing;
console.log(log.status, log.messages[0]);
`,
  );
  const options = {
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    types: ['node'],
    strict: true,
    noEmit: true,
  };
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, include: ['program.ts'] }),
  );
  expect(node('node_modules/typescript/bin/tsc').stdout).toBe('');
  const { stdout, stderr } = node('program.ts');
  expect(stdout, stderr).toBe('WARN from the project\n');
}, 120_000);

it('The command of the package prints its version', () => {
  expect(command('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('The command of the package writes a runner whose test passes, and runs it in a worker', async () => {
  expect(command('init', 'my-job').status).toBe(0);
  const tested = node('--test', 'test/runners/my-job.test.ts');
  expect(tested.status, tested.stdout).toBe(0);
  const scheduler = spawn(process.execPath, ['node_modules/cloudtab/bin/cloudtab.js', 'start', '--json'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void scheduler.kill());
  for await (const line of createInterface({ input: scheduler.stdout }))
    if (line.includes('"dashboard"')) break;
  expect(command('add', 'my-job', '@daily', '--uid', 'mine').status).toBe(0);
  const { status, stdout } = command('run', 'mine', '--json');
  expect(status, stdout).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ uid: 'mine', log: { status: 'OK' } });
}, 120_000);

it('The package contains the JSON schema of profiles, and its command needs no CDK', () => {
  const schema = join(project, 'node_modules/cloudtab/lib/app/profiles/profile.schema.json');
  expect(JSON.parse(readFileSync(schema, 'utf8'))).toHaveProperty('$schema');
  for (const name of ['aws-cdk-lib', 'constructs']) rmSync(join(project, 'node_modules', name));
  try {
    expect(command('next', '@daily', '--tz', 'UTC').stdout).toContain('00:00');
  } finally {
    for (const name of ['aws-cdk-lib', 'constructs'])
      symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name));
  }
});

it('The command of the package explains to an older Node which version it needs', () => {
  const old = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' });
process.argv.push('ls');
await import('./node_modules/cloudtab/bin/cloudtab.js');`;
  const { status, stderr } = node('--input-type=module', '-e', old);
  expect(status).toBe(1);
  expect(stderr).toBe(
    'cloudtab: got Node 20.20.2, wanted 22.18 or later. Run nvm install 24, or install it from https://nodejs.org.\n',
  );
});

it('A CDK app synthesises the stack with the runners of the project in the bundles', () => {
  writeFileSync(
    join(project, 'app.ts'),
    `import { App } from 'aws-cdk-lib';
import { CloudtabStack } from 'cloudtab/cdk';
const app = new App({ outdir: 'out' });
new CloudtabStack(app, 'Crons', { runners: 'runners' });
app.synth();
`,
  );
  const { status, stderr } = node('app.ts');
  expect(status, stderr).toBe(0);
  const runner = readFileSync(join(project, 'runners/my-job.ts'), 'utf8');
  const [, summary = ''] = /static readonly summary = '(.+)';/.exec(runner) ?? [];
  expect(summary).not.toBe('');
  const bundles = execFileSync('grep', ['-rlF', summary, '--include=index.mjs', 'out/bundles'], {
    cwd: project,
    encoding: 'utf8',
  });
  expect(bundles.trim().split('\n').sort()).toEqual(
    ['admin', 'registry', 'run', 'setup', 'sync'].map((name) => `out/bundles/${name}/index.mjs`),
  );
  const hello = spawnSync('grep', ['-rlF', Hello.summary, 'out/bundles'], { cwd: project });
  expect(hello.status).toBe(1);
}, 180_000);
