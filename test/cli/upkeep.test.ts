import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Asked, completionScript, completions } from '../../lib/cli/completion.ts';
import { doctor } from '../../lib/cli/doctor.ts';
import { init } from '../../lib/cli/init.ts';
import { main } from '../../lib/cli/main.ts';
import { ownRunners } from '../../lib/cli/own-runners.ts';
import { makeProgram } from '../../lib/cli/program.ts';
import { indexWith, newIndex } from '../../lib/cli/runner-template.ts';
import { chosen, openTarget } from '../../lib/cli/target.ts';
import { ConfigurationError } from '../../lib/domain/errors.ts';
import { folderOf } from '../../lib/local/folder.ts';
import { openFolderPlace } from '../../lib/places/folder.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { typing } from './typed.ts';

const t = typing();
const DAILY = { name: 'heartbeat', periodicity: '@daily' };

describe('cloudtab doctor', () => {
  it('says that nobody keeps a folder, and what was rejected, and what to do', async () => {
    t.write('a', { name: 'heartbeat', periodicity: 'never' });
    expect(await t.cloudtab('doctor')).toBe(1);
    expect(t.out).toMatch(/^✗ Nobody keeps this crontab running\n {2}Run: cloudtab start --dir /);
    expect(t.out).toContain('Mend it: cloudtab edit a --site default');
    expect(t.out).toContain(`2 findings in ${t.dir}.\n`);
    const { findings } = JSON.parse(await t.printed('doctor', '--json'));
    expect(findings).toMatchObject([{ code: 'place' }, { code: 'rejected', key: { uid: 'a' } }]);
  });

  it('tells of one crontab alone when a site is named, and which sites there are', async () => {
    t.write('a', { name: 'heartbeat', periodicity: 'never' });
    const { findings } = JSON.parse(await t.printed('doctor', '--site', 'default', '--json'));
    expect(findings.map(({ code }: { code: string }) => code)).toEqual(['place', 'rejected']);
    expect(await t.cloudtab('doctor', '--site', 'shop')).toBe(1);
    expect(t.err).toBe(`cloudtab: There is no site "shop" in ${t.dir}. It has: default.\n`);
  });

  it('finds a folder that cannot be written', async () => {
    const place = await openFolderPlace(t.dir, { runners: {}, log: new MemoryLogger(), keep: true });
    expect(await doctor(place, {})).toEqual({ text: `✓ ${t.dir} is well.`, well: true });
    rmSync(folderOf(t.dir).parameters, { recursive: true });
    const { text } = await doctor(place, {});
    expect(text).toContain('cannot be read and written by you.');
    await place[Symbol.asyncDispose]();
  });

  it('mends with --fix what can be mended, and tells what it did', async () => {
    await using kept = await openFolderPlace(t.dir, { runners: {}, log: new MemoryLogger(), keep: true });
    const { ports, upkeep } = kept;
    const at = Date.now() + 86_400_000;
    const timer = { site: 'default', uid: 'x', at: Math.floor(at / 1000) * 1000 };
    let timers = [timer];
    const patient = {
      ...kept,
      upkeep: {
        ...upkeep,
        async *timers() {
          yield* timers;
        },
        deadLetters: { count: async () => timers.length, take: async () => ['about x'] },
        async heal(log: MemoryLogger) {
          log.warn('Removed a timer that belongs to no job', { code: 'timer-surplus' });
          timers = [];
        },
      },
      ports,
    } as typeof kept;
    const { text, well } = await doctor(patient, { fix: true });
    expect(well).toBe(true);
    expect(text).toContain('2 can be mended with --fix.');
    expect(text).toContain('  + Removed a timer that belongs to no job\n  taken out: about x\n');
    expect(text).toContain(`✓ ${t.dir} is well.`);
    timers = [timer];
    expect(JSON.parse((await doctor(patient, { fix: true, json: true })).text)).toMatchObject({
      findings: [],
      before: [{ code: 'timer-surplus' }, { code: 'dead-letters' }],
      deadLetters: ['about x'],
    });
  });

  it('of a folder that another process keeps projects, synchronises, and leaves the timers to that', async () => {
    await using kept = await openFolderPlace(t.dir, { runners: {}, log: new MemoryLogger(), keep: true });
    await using beside = await openFolderPlace(t.dir, { runners: {}, log: new MemoryLogger() });
    expect(beside.note).toBeUndefined();
    await beside.ports.registry.write({ site: 'default', uid: 'a' }, JSON.stringify(DAILY));
    const log = new MemoryLogger();
    await beside.upkeep.heal(log);
    expect((await kept.ports.store.read('default', 'a')).job?.armed).toBeDefined();
    expect(await doctor(beside, {})).toMatchObject({ well: true });
  });
});

describe('what prints a text', () => {
  it('prints JSON for programs', async () => {
    expect(await main(['completion', 'fish', '--json'])).toBe(0);
    expect(JSON.parse(t.out)).toEqual({ shell: 'fish', script: completionScript('fish') });
    elsewhere();
    t.out = '';
    expect(await main(['init', 'my-job', '--json'])).toBe(0);
    const { name, message } = JSON.parse(t.out);
    expect(name).toBe('my-job');
    expect(message).toContain('registered it as "my-job"');
  });
});

describe('cloudtab init', () => {
  it('writes a runner with its test, and registers it, in a project of its own', () => {
    const cwd = tempFolder();
    expect(init('my-job', cwd)).toBe(
      'Wrote lambdas/runners/my-job.ts and test/lambdas/runners/my-job.test.ts, and registered it as "my-job" in lambdas/runners/index.ts.\n' +
        "Try it: cloudtab add my-job '*/5 * * * *'",
    );
    init('report', cwd);
    const read = (file: string) => readFileSync(join(cwd, file), 'utf8');
    expect(read('lambdas/runners/index.ts')).toBe(
      `/** Your own runners, by the name that a cron gives. */
import type { RunnerClass } from 'cloudtab';
import { MyJob } from './my-job.ts';
import { Report } from './report.ts';

export const runners: Readonly<Record<string, RunnerClass>> = { 'my-job': MyJob, report: Report };
`,
    );
    expect(read('lambdas/runners/my-job.ts')).toContain('export class MyJob extends Runner');
    expect(read('test/lambdas/runners/my-job.test.ts')).toContain("from 'node:test'");
    expect(() => init('my-job', cwd)).toThrow(
      'lambdas/runners/my-job.ts exists already. Choose another name.',
    );
  });

  it('in a checkout of this project uses what is beside it', () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'package.json'), '{"name": "cloudtab"}');
    init('my-job', cwd);
    const runner = readFileSync(join(cwd, 'lambdas/runners/my-job.ts'), 'utf8');
    expect(runner).toContain("from '../../lib/runners/runner.ts'");
    expect(readFileSync(join(cwd, 'test/lambdas/runners/my-job.test.ts'), 'utf8')).toContain("from 'vitest'");
  });

  it('refuses a name that cannot be one, and a list that is not as it was made, and writes nothing', () => {
    const cwd = tempFolder();
    expect(() => init('MyJob', cwd)).toThrow('NAME: got "MyJob", wanted lower-case letters and digits');
    mkdirSync(join(cwd, 'lambdas/runners'), { recursive: true });
    writeFileSync(join(cwd, 'lambdas/runners/index.ts'), 'export default {};\n');
    expect(() => init('my-job', cwd)).toThrow('found no "runners = { … }" to add \'my-job\': MyJob to.');
    expect(existsSync(join(cwd, 'lambdas/runners/my-job.ts'))).toBe(false);
  });

  it.each([
    ['index', 'a name that is not that of the list, lambdas/runners/index.ts'],
    ['http', 'a name that no runner has yet: that one ships'],
    ['heartbeat', 'a name that no runner has yet: that one ships'],
  ])('refuses %s, and writes nothing', (name, wanted) => {
    const cwd = tempFolder();
    expect(() => init(name, cwd)).toThrow(
      new ConfigurationError(`NAME: got "${name}", wanted ${wanted}. Choose another, such as my-${name}.`),
    );
    expect(existsSync(join(cwd, 'lambdas'))).toBe(false);
  });

  it('refuses what the list has already: a name, or the class that a name would get', () => {
    const cwd = tempFolder();
    init('step-2', cwd);
    expect(() => init('step2', cwd)).toThrow(
      'NAME: got "step2", whose class Step2 is in lambdas/runners/index.ts already. Choose another name.',
    );
    const index = join(cwd, 'lambdas/runners/index.ts');
    writeFileSync(index, "import { A } from './a.ts';\nexport const runners = { report: A };\n");
    expect(() => init('report', cwd)).toThrow(
      'NAME: got "report", which is in lambdas/runners/index.ts already. Choose another name.',
    );
    expect(existsSync(join(cwd, 'lambdas/runners/report.ts'))).toBe(false);
  });

  it.each([
    ['runner', 'RunnerRunner'],
    ['runner-class', 'RunnerClassRunner'],
    ['environ-fields', 'EnvironFieldsRunner'],
    ['record', 'RecordRunner'],
    ['object', 'ObjectRunner'],
    ['report', 'Report'],
  ])('gives the class of %s a name that nothing else in its file has', (name, className) => {
    const cwd = tempFolder();
    init(name, cwd);
    const read = (file: string) => readFileSync(join(cwd, file), 'utf8');
    expect(read(`lambdas/runners/${name}.ts`)).toContain(`export class ${className} extends Runner`);
    expect(read('lambdas/runners/index.ts')).toContain(`import { ${className} } from './${name}.ts';`);
    expect(read(`test/lambdas/runners/${name}.test.ts`)).toContain(`import { ${className} } from`);
  });

  it('keeps a list that has a line for each', () => {
    const text = newIndex(false).replace('{}', '{\n  a: A,\n}');
    expect(indexWith(text, 'b')).toContain('{\n  a: A,\n  b: B,\n}');
    expect(indexWith('export const runners = {};', 'b')).toBe(
      "import { B } from './b.ts';\nexport const runners = { b: B };",
    );
  });

  it('is a command', async () => {
    expect(await main(['init', 'My Job'])).toBe(1);
    expect(t.err).toContain('cloudtab: NAME: got "My Job"');
  });
});

describe('own runners', () => {
  it('are those of the folder that the command is typed in', async () => {
    const cwd = tempFolder();
    expect(Object.keys(await ownRunners({}, cwd))).toContain('hello');
    mkdirSync(join(cwd, 'lambdas/runners'), { recursive: true });
    const file = join(cwd, 'lambdas/runners/index.ts');
    writeFileSync(file, 'export const runners = { mine: class {} };\n');
    expect(Object.keys(await ownRunners({}, cwd))).toEqual(['mine']);
  });

  it('that cannot be loaded are explained', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'a.ts'), 'export const runners = 7;\n');
    await expect(ownRunners({ CLOUDTAB_RUNNERS: 'a.ts' }, cwd)).rejects.toThrow('a.ts exports no "runners"');
    await expect(ownRunners({ CLOUDTAB_RUNNERS: 'b.ts' }, cwd)).rejects.toThrow(/b\.ts cannot be loaded: /);
  });
});

/** Goes to a new folder until the end of the test, and returns it. */
function elsewhere(): string {
  const cwd = process.cwd();
  const folder = tempFolder();
  process.chdir(folder);
  onTestFinished(() => {
    process.chdir(cwd);
    vi.unstubAllEnvs();
  });
  return folder;
}

describe('the target', () => {
  it.each([
    ['what is typed', { dir: 'a' }, { CLOUDTAB_STACK: 'X' }, { dir: 'a' }],
    ['what is typed', { stack: 'S' }, { CLOUDTAB_DIR: 'd' }, { dir: '.cloudtab', stack: 'S' }],
    ['the environment', {}, { CLOUDTAB_DIR: 'd' }, { dir: 'd' }],
    ['the environment', {}, { CLOUDTAB_STACK: 'S' }, { dir: '.cloudtab', stack: 'S' }],
    ['the folder', {}, { HOME: '/nowhere' }, { dir: '.cloudtab' }],
  ])('is chosen by %s: %o %o', (_, options, env, expected) => {
    expect(chosen(options, env)).toEqual(expected);
  });

  it('is the default deployment for somebody who is signed in to AWS and has no folder', () => {
    const home = elsewhere();
    const deployment = { dir: '.cloudtab', stack: 'Cloudtab', isGuess: true };
    expect(chosen({}, { AWS_PROFILE: 'me' })).toEqual(deployment);
    expect(chosen({}, { HOME: home })).toEqual({ dir: '.cloudtab' });
    mkdirSync(join(home, '.aws'));
    writeFileSync(join(home, '.aws/credentials'), '[default]');
    expect(chosen({}, { HOME: home })).toEqual(deployment);
    mkdirSync('.cloudtab');
    expect(chosen({}, { AWS_PROFILE: 'me' })).toEqual({ dir: '.cloudtab' });
  });

  it('that was only guessed, and is not there, is told with what else could be', async () => {
    elsewhere();
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
    await expect(openTarget({}, { AWS_PROFILE: 'me' })).rejects.toThrow(
      /^There is no folder \.cloudtab\. Make a crontab there .* The stack Cloudtab was tried: Cannot read the outputs/,
    );
  });

  it('is not guessed when two are said', async () => {
    const both = { CLOUDTAB_DIR: 'a', CLOUDTAB_STACK: 'b' };
    await expect(openTarget({}, both)).rejects.toThrow(
      'CLOUDTAB_DIR and CLOUDTAB_STACK are both set: unset one, or say --dir or --stack.',
    );
  });
});

describe('completion', () => {
  const asked: Asked[] = [];
  const there = {
    uid: ['nightly', 'weekly'],
    version: ['1', '2'],
    site: ['default', 'shop'],
    runner: ['http'],
  };
  const ask = async (one: Asked) => {
    asked.push(one);
    return there[one.kind];
  };
  const complete = (...words: string[]) => completions(makeProgram({ code: 0 }), words, ask);

  it('knows commands, options, uids and choices', async () => {
    expect(await complete('he')).toEqual(['help']);
    expect(await complete('')).toContain('doctor');
    expect(await complete('')).not.toContain('__complete');
    expect(await complete('show', 'n')).toEqual(['nightly']);
    expect(await complete('rm', 'nightly', '')).toEqual(['weekly']);
    expect(await complete('show', 'nightly', '')).toEqual([]);
    expect(await complete('ls', '--s')).toEqual(['--site', '--stack']);
    expect(await complete('ls', '--dir', '')).toEqual([]);
    expect(await complete('ls', '')).toEqual([]);
    expect(await complete('--v')).toEqual(['--version']);
    expect(await complete('help', 'do')).toEqual(['doctor']);
    expect(await complete('completion', '')).toEqual(['bash', 'fish', 'zsh']);
    expect(await complete('export', '--format', 'x')).toEqual(['xml']);
    expect(await complete('plan', 'a', '--format=j')).toEqual(['--format=json']);
    expect(await complete('add', 'http', '@daily', '--overlap', '')).toEqual(['allow', 'buffer', 'skip']);
    expect(await complete('edit', 'a', '--missed', 's')).toEqual(['skip']);
    expect(await complete('next', 'n')).toEqual([]);
    expect(await complete('nothing', '')).toEqual([]);
  });

  it('knows of which crontab names are wanted, and where each stands', async () => {
    expect(await complete('rollback', '--json', 'nightly', '')).toEqual(['1', '2']);
    expect(asked.at(-1)).toEqual({ kind: 'version', uid: 'nightly', options: {} });
    expect(await complete('show', '--site=shop', '--dir', 'd', '--nothing=1', 'w')).toEqual(['weekly']);
    expect(asked.at(-1)?.options).toEqual({ site: 'shop', dir: 'd' });
    expect(await complete('ls', '--site', '')).toEqual(['default', 'shop']);
    expect(await complete('ls', '--site=s')).toEqual(['--site=shop']);
    expect(await complete('add', '')).toEqual(['http']);
    expect(await complete('edit', 'nightly', '--name', 'h')).toEqual(['http']);
    expect(await complete('apply', 'f', '--runner', '')).toEqual(['http']);
    expect(await complete('add', '--set', 'a=1', 'b=2', '')).toEqual([]);
    expect(await complete('add', '--set', 'a=1', '--ov')).toEqual(['--overlap']);
  });

  it('takes what bash makes of --site=shop', async () => {
    expect(await complete('ls', '--site', '=')).toEqual(['default', 'shop']);
    expect(await complete('ls', '--site', '=', 's')).toEqual(['shop']);
    expect(await complete('show', '--site', '=', 'shop', 'n')).toEqual(['nightly']);
    expect(asked.at(-1)?.options).toEqual({ site: 'shop' });
  });

  it('asks the crontab at hand', async () => {
    t.write('nightly', DAILY);
    expect(await main(['__complete', '--', 'show', '--dir', t.dir, 'ni'])).toBe(0);
    expect(t.out).toBe('nightly\n');
    const completed = async (...words: string[]) => {
      t.out = '';
      await main(['__complete', '--', ...words]);
      return t.out.trim().split('\n');
    };
    expect(await completed('ls', '--dir', t.dir, '--site', '')).toEqual(['default']);
    expect(await completed('show', `--dir=${t.dir}`, '--site=shop', '')).toEqual(['']);
    expect(await completed('rollback', '--dir', t.dir, 'nightly', '')).toEqual(['1']);
    expect(await completed('add', '--dir', t.dir, 'h')).toEqual(['heartbeat', 'hello', 'http']);
    expect(await completed('add', '--dir', t.dir, 'lambda')).toEqual(['']);
    t.out = '';
    expect(await main(['__complete', '--', 'show', '--dir', '/nowhere', ''])).toBe(0);
    expect(t.out).toBe('\n');
  });

  it.each(['bash', 'zsh', 'fish'])('has a script for %s', async (shell) => {
    expect(await main(['completion', shell])).toBe(0);
    expect(t.out).toContain('cloudtab __complete --');
  });

  it('has none for other shells', async () => {
    expect(await main(['completion', 'tcsh'])).toBe(2);
    expect(() => completionScript('tcsh')).toThrow('SHELL: got "tcsh", wanted bash, zsh, fish.');
  });
});

describe('cloudtab open', () => {
  it('says where the dashboard of a folder is', async () => {
    expect(await t.cloudtab('open')).toBe(1);
    expect(t.err).toBe(
      `cloudtab: ${t.dir} is a folder: its dashboard is where "cloudtab start" says. For a deployment, say --stack.\n`,
    );
  });
});
