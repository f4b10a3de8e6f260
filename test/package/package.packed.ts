/** The package as users install it: packed, installed into a project that its command wrote, and used there. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Hello } from '../../lambdas/runners/hello.ts';
import { packedProject } from './packed-project.ts';

let folder: string;
let project: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudtab-project-'));
  project = await packedProject(folder);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { ...process.env, NO_COLOR: '1', CDK_DISABLE_CLI_TELEMETRY: 'true' };

function run(program: string, ...args: string[]) {
  return spawnSync(program, args, { cwd: project, encoding: 'utf8', env });
}
const node = (...args: string[]) => run(process.execPath, ...args);
const command = (...args: string[]) => node('node_modules/cloudtab/bin/cloudtab.js', ...args);

it('npm test passes in a new project, and its types are correct', () => {
  const tested = run('npm', 'test');
  expect(tested.status, tested.stdout).toBe(0);
  expect(tested.stdout).toMatch(/pass 2$/m);
  const compiled = run('npm', 'run', 'types');
  expect(compiled.status, compiled.stdout).toBe(0);
});

it('npm start runs the crons of the profile in a new project, and Ctrl-C stops it', async () => {
  // A process group of its own, to which the terminal would send Ctrl-C.
  const started = spawn('npm', ['start', '--', '--port', '0'], { cwd: project, env, detached: true });
  const ended = once(started, 'close');
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (data: Buffer) => {
      output += data;
      if (output.includes('Dashboard:')) resolve();
    };
    started.stdout.on('data', read);
    started.stderr.on('data', read);
    started.once('exit', () => reject(new Error(output)));
  });
  expect(output).toContain('It has written the crons of profiles/default.yaml.');
  const { status, stdout } = command('run', 'hello', '--json');
  process.kill(-(started.pid ?? 0), 'SIGINT');
  await ended;
  expect(status, stdout).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ uid: 'hello', log: { status: 'OK' } });
  expect(output).toContain('Stopped.');
}, 60_000);

it('cloudtab init writes a runner into a new project, and the commands that it names succeed', () => {
  const { status, stdout } = command('init', 'my-job');
  expect(status).toBe(0);
  const named = [...stdout.matchAll(/^(?:Test|Use) it: (.+)$/gm)].map(([, line = '']) => line);
  expect(named).toHaveLength(2);
  for (const line of named) {
    const { status, stdout, stderr } = run('bash', '-c', line);
    expect(status, `${line}\n${stdout}${stderr}`).toBe(0);
  }
}, 60_000);

it('A program compiles against the types of the package with node16 and bundler resolution, and runs', () => {
  writeFileSync(
    join(project, 'program.ts'),
    `import { type Log, openFolder, Runner } from 'cloudtab';
import type { CloudtabProps } from 'cloudtab/cdk';
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
// @ts-expect-error: there is no such property
export const props: CloudtabProps = { nothing: 1 };
console.log(log.status, log.messages[0]);
`,
  );
  for (const [module, resolution] of [
    ['node16', 'node16'],
    ['preserve', 'bundler'],
  ] as const) {
    const compiled = run('node_modules/.bin/tsc', '--module', module, '--moduleResolution', resolution);
    expect(compiled.stdout, resolution).toBe('');
  }
  const { stdout, stderr } = node('program.ts');
  expect(stdout, stderr).toBe('WARN from the project\n');
}, 120_000);

it('The command of the package prints its version', () => {
  expect(command('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('The package contains the JSON schema of profiles, and its command needs no CDK', () => {
  const schema = join(project, 'node_modules/cloudtab/lib/app/profiles/profile.schema.json');
  expect(JSON.parse(readFileSync(schema, 'utf8'))).toHaveProperty('$schema');
  const modules = ['aws-cdk-lib', 'constructs'].map((name) => join(project, 'node_modules', name));
  for (const module of modules) renameSync(module, `${module}-aside`);
  try {
    expect(command('next', '@daily', '--timezone', 'UTC').stdout).toContain('00:00');
  } finally {
    for (const module of modules) renameSync(`${module}-aside`, module);
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

it('cdk synth of a new project puts the runners of the project alone into the bundles', () => {
  const { status, stderr } = run('node_modules/.bin/cdk', 'synth', '--quiet', '--no-notices');
  expect(status, stderr).toBe(0);
  const runner = readFileSync(join(project, 'runners/my-job.ts'), 'utf8');
  const [, summary = ''] = /static readonly summary = '(.+)';/.exec(runner) ?? [];
  expect(summary).not.toBe('');
  const bundles = run('grep', '-rlF', summary, '--include=index.mjs', 'cdk.out/bundles').stdout;
  const names = new Set([...bundles.matchAll(/bundles\/(\w+)/g)].map(([, name]) => name));
  expect([...names].sort()).toEqual(['admin', 'registry', 'run', 'setup', 'sync']);
  expect(run('grep', '-rlF', Hello.summary, 'cdk.out/bundles').status).toBe(1);
}, 180_000);
