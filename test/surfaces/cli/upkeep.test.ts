// cspell:ignore CWORD
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FileCatalogue } from '../../../lib/adapters/local/file-catalogue.ts';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { FolderDoor } from '../../../lib/adapters/local/folder-door.ts';
import { openFolderTarget } from '../../../lib/adapters/local/folder-target.ts';
import { acquireLock } from '../../../lib/adapters/local/instance-lock.ts';
import { chosen, openClient } from '../../../lib/client/chosen-target.ts';
import { doctorOf } from '../../../lib/client/doctor.ts';
import { version } from '../../../lib/client/version.ts';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import type { Finding } from '../../../lib/core/domain/finding.ts';
import { siteNotFound } from '../../../lib/core/domain/not-found.ts';
import { COMPLETION_SCRIPTS, completions, type NameRequest } from '../../../lib/surfaces/cli/completion.ts';
import { doctor } from '../../../lib/surfaces/cli/doctor.ts';
import { init } from '../../../lib/surfaces/cli/init.ts';
import { main } from '../../../lib/surfaces/cli/main.ts';
import { makeProgram } from '../../../lib/surfaces/cli/program.ts';
import { describedStack } from '../../support/described-deployment.ts';
import { answerAtFunctionUrl } from '../../support/function-url.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { runFolder } from '../../support/running-folder.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { makeWorld } from '../../support/world.ts';
import { commandLine } from './command-line.ts';

const t = commandLine();
const DAILY = { name: 'heartbeat', periodicity: '@daily' };

describe('cloudtab doctor', () => {
  it('cloudtab doctor reports a folder that is not running and a rejected edit, each with its fix', async () => {
    t.write('a', { name: 'heartbeat', periodicity: 'never' });
    const { findings } = await t.jsonOf('doctor');
    expect(findings).toMatchObject([
      { code: 'place', fix: `Run: cloudtab start --dir ${t.dir}` },
      {
        code: 'rejected',
        key: { uid: 'a' },
        what: expect.stringContaining('periodicity: got '),
        fix: expect.stringContaining('cloudtab edit a --site default'),
      },
    ]);
    t.out = '';
    expect(await t.cloudtab('doctor')).toBe(1);
    const lines = findings.map(({ what, fix }: Finding) => `✗ ${what}\n  ${fix}\n`);
    expect(t.out).toBe(`${lines.join('')}2 problems found in ${t.dir}.\n`);
  });

  it('cloudtab doctor --site examines one crontab, and lists the existing sites for an unknown one', async () => {
    t.write('a', { name: 'heartbeat', periodicity: 'never' });
    const { findings } = await t.jsonOf('doctor', '--site', 'default');
    expect(findings.map(({ code }: Finding) => code)).toEqual(['place', 'rejected']);
    expect(await t.cloudtab('doctor', '--site', 'shop')).toBe(1);
    expect(t.err).toBe(`cloudtab: ${siteNotFound('shop', ['default'], t.dir).message}\n`);
  });

  it('cloudtab doctor reports no finding for a folder without problems, and one for a folder that cannot be written', async () => {
    await using _running = await runFolder(t.dir);
    await using target = await openFolderTarget(t.dir, { logger: new MemoryLogger() });
    expect(await doctor(doctorOf(target), {})).toEqual({ text: `✓ No problems found in ${t.dir}.`, code: 0 });
    const { parameters } = folderOf(t.dir);
    rmSync(parameters, { recursive: true });
    expect(JSON.parse((await doctor(doctorOf(target), { json: true })).text).findings).toContainEqual({
      code: 'place',
      what: `You cannot read and write the folder ${parameters}.`,
      fix: `Run: chmod u+rwx ${parameters}`,
      fixable: false,
    });
  });

  it('cloudtab doctor reports a scheduler of another version', async () => {
    const door = new FolderDoor(t.dir);
    onTestFinished(acquireLock(folderOf(t.dir).pid, process.ppid));
    onTestFinished(door.open({ address: 'http://127.0.0.1:1', version: '0.0.1', pid: process.ppid }));
    const { findings } = await t.jsonOf('doctor');
    expect(findings).toMatchObject([
      {
        code: 'place',
        what: expect.stringMatching(
          /^The scheduler, process \d+, runs version 0\.0\.1 of cloudtab, and this command /,
        ),
        fix: 'Stop "cloudtab start" and start it again.',
      },
    ]);
    door.open({ address: 'http://127.0.0.1:1', version: version(), pid: process.ppid });
    expect((await t.jsonOf('doctor')).findings).toEqual([]);
  });

  it('cloudtab doctor reports the file of a runner that the scheduler has not read since it was changed', async () => {
    const file = join(t.dir, 'report.ts');
    writeFileSync(file, '');
    const catalogue = new FileCatalogue(folderOf(t.dir).catalogue);
    await catalogue.publish({
      runners: [
        { name: 'report', summary: '', file },
        { name: 'gone', summary: '', file: `${file}.gone` },
      ],
      limits: {},
    });
    const touch = (path: string, secondsAgo: number) =>
      utimesSync(path, new Date(), new Date(Date.now() - secondsAgo * 1000));
    touch(folderOf(t.dir).catalogue, 60);
    touch(file, 30);
    expect((await t.jsonOf('doctor')).findings).toHaveLength(1);
    onTestFinished(acquireLock(folderOf(t.dir).pid, process.ppid));
    expect((await t.jsonOf('doctor')).findings).toMatchObject([
      {
        code: 'place',
        what: expect.stringContaining(`${file} was changed, and the scheduler has not read it since`),
      },
    ]);
    touch(file, 90);
    expect((await t.jsonOf('doctor')).findings).toEqual([]);
  });

  it('cloudtab doctor --fix repairs the fixable findings and reports what it did', async () => {
    await using _running = await runFolder(t.dir);
    await using folder = await openFolderTarget(t.dir, { logger: new MemoryLogger() });
    const { ports, maintenance } = folder;
    const plannedAt = Date.now() + 86_400_000;
    const timer = { site: 'default', uid: 'x', plannedAt: Math.floor(plannedAt / 1000) * 1000 };
    let timers = [timer];
    const target = {
      ...folder,
      maintenance: {
        ...maintenance,
        async *timers() {
          yield* timers;
        },
        deadLetters: { count: async () => timers.length, take: async () => ['about x'] },
        async repair(logger: MemoryLogger) {
          logger.debug('The timer of x belongs to no cron');
          logger.with({ site: 'default' }).warn('Removed the timer of x', { code: 'timer-surplus' });
          timers = [];
        },
      },
      ports,
    } as typeof folder;
    const { text, code } = await doctor(doctorOf(target), { fix: true });
    expect(code).toBe(0);
    expect(text).toContain('Run with --fix to fix 2 of them.');
    expect(text).toContain('\n\n  + Removed the timer of x\n  removed dead letter: about x\n\n');
    expect(text.split('\n').at(-1)).toBe((await doctor(doctorOf(target), {})).text);
    timers = [timer];
    expect(JSON.parse((await doctor(doctorOf(target), { fix: true, json: true })).text)).toMatchObject({
      findings: [],
      before: [{ code: 'timer-surplus' }, { code: 'dead-letters' }],
      deadLetters: ['about x'],
    });
  });

  it('A fix in a folder that another process keeps running arms its crons and leaves the timers to that process', async () => {
    await using keeper = await runFolder(t.dir);
    await using other = await openFolderTarget(t.dir, { runners: {}, logger: new MemoryLogger() });
    expect(other.note).toBeUndefined();
    await other.ports.registry.write({ site: 'default', uid: 'a' }, JSON.stringify(DAILY));
    await other.maintenance.repair(new MemoryLogger());
    expect((await keeper.ports.store.read('default', 'a')).job?.armedAt).toBeDefined();
    expect(await doctor(doctorOf(other), {})).toMatchObject({ code: 0 });
  });
});

it('cloudtab completion, init and new print JSON with --json', async () => {
  expect(await main(['completion', 'fish', '--json'])).toBe(0);
  expect(JSON.parse(t.out)).toEqual({ shell: 'fish', script: COMPLETION_SCRIPTS.fish });
  enterEmptyFolder();
  t.out = '';
  expect(await main(['init', 'my-job', '--json'])).toBe(0);
  expect(JSON.parse(t.out)).toEqual({
    name: 'my-job',
    message: expect.stringContaining('Wrote runners/my-job.ts'),
  });
  t.out = '';
  expect(await main(['new', 'my-crons', '--json'])).toBe(0);
  expect(JSON.parse(t.out)).toEqual({
    name: 'my-crons',
    message: expect.stringContaining('Wrote a project into my-crons.'),
  });
});

/** Runs the command in that project. */
function initIn(cwd: string, name: string): string {
  return init(name, { cwd, dir: '.cloudtab', env: {} });
}

describe('cloudtab init', () => {
  it('cloudtab init writes a runner and its test into a project, and names commands that succeed next', () => {
    const cwd = tempFolder();
    expect(initIn(cwd, 'my-job')).toBe(
      [
        'Wrote runners/my-job.ts and test/runners/my-job.test.ts.',
        'Test it: node --test test/runners/my-job.test.ts',
        'Start the crontab: npx cloudtab start',
        "Use it: npx cloudtab add my-job '*/5 * * * *'",
      ].join('\n'),
    );
    mkdirSync(join(cwd, '.cloudtab'));
    expect(initIn(cwd, 'report')).not.toContain('Start');
    const read = (file: string) => readFileSync(join(cwd, file), 'utf8');
    expect(read('runners/my-job.ts')).toContain('export class MyJob extends Runner');
    expect(read('runners/my-job.ts')).toContain("from 'cloudtab/runner'");
    expect(read('test/runners/my-job.test.ts')).toContain("from 'node:test'");
    expect(read('test/runners/my-job.test.ts')).toContain("import { MyJob } from '../../runners/my-job.ts';");
    expect(() => initIn(cwd, 'my-job')).toThrow('runners/my-job.ts already exists. Choose another name.');
  });

  it.each(['cloudtab start --profile crons.yaml', 'node bin/cloudtab.ts start'])(
    'cloudtab init names npm start where that runs "%s"',
    (start) => {
      const cwd = tempFolder();
      writeFileSync(join(cwd, 'package.json'), JSON.stringify({ scripts: { start } }));
      expect(initIn(cwd, 'my-job')).toContain('\nStart the crontab: npm start\n');
    },
  );

  it('cloudtab init imports the library by relative paths in a checkout of cloudtab itself', () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'package.json'), '{"name": "cloudtab"}');
    mkdirSync(join(cwd, 'lambdas/runners'), { recursive: true });
    const test = 'test/lambdas/runners/my-job.test.ts';
    expect(initIn(cwd, 'my-job')).toContain(`Test it: npx vitest run ${test}`);
    const runner = readFileSync(join(cwd, 'lambdas/runners/my-job.ts'), 'utf8');
    expect(runner).toContain("from '../../lib/runners/runner.ts'");
    const text = readFileSync(join(cwd, test), 'utf8');
    expect(text).toContain("from 'vitest'");
    expect(text).toContain("from '../../../lib/client/try-runner.ts'");
    expect(text).toContain("from '../../../lambdas/runners/my-job.ts'");
  });

  it('cloudtab init writes into the folder that CLOUDTAB_RUNNERS names', () => {
    const cwd = tempFolder();
    init('my-job', { cwd, dir: '.cloudtab', env: { CLOUDTAB_RUNNERS: join(cwd, 'jobs') } });
    expect(existsSync(join(cwd, 'jobs/my-job.ts'))).toBe(true);
    expect(existsSync(join(cwd, 'test/jobs/my-job.test.ts'))).toBe(true);
  });

  it('cloudtab init rejects a name that is not valid', () => {
    expect(() => initIn(tempFolder(), 'MyJob')).toThrow(
      'NAME: got "MyJob", wanted lower-case letters and digits, with dashes between words. Choose a name such as my-job.',
    );
  });

  it.each(['http', 'heartbeat'])('cloudtab init rejects the name %s and writes nothing', (name) => {
    const cwd = tempFolder();
    expect(() => initIn(cwd, name)).toThrow(
      `NAME: got "${name}", wanted a name that no built-in runner has. Choose another, such as my-${name}.`,
    );
    expect(readdirSync(cwd)).toEqual([]);
  });

  it.each([
    ['runner', 'RunnerRunner'],
    ['environ-fields', 'EnvironFieldsRunner'],
    ['object', 'ObjectRunner'],
    ['report', 'Report'],
  ])('cloudtab init gives the runner %s the class %s', (name, className) => {
    const cwd = tempFolder();
    initIn(cwd, name);
    const read = (file: string) => readFileSync(join(cwd, file), 'utf8');
    expect(read(`runners/${name}.ts`)).toContain(`export class ${className} extends Runner`);
    expect(read(`test/runners/${name}.test.ts`)).toContain(`import { ${className} } from`);
  });

  it('cloudtab init exits with 2 for a name that is not valid', async () => {
    expect(await main(['init', 'My Job'])).toBe(2);
    expect(t.err).toContain('cloudtab: NAME: got "My Job"');
  });
});

/** Makes a new folder the current directory until the end of the test, and returns it. */
function enterEmptyFolder(): string {
  const cwd = process.cwd();
  const folder = tempFolder();
  process.chdir(folder);
  onTestFinished(() => {
    process.chdir(cwd);
    vi.unstubAllEnvs();
  });
  return folder;
}

describe('the target of a command', () => {
  it.each([
    ['the option --dir', { dir: 'a' }, { CLOUDTAB_STACK: 'X' }, { dir: 'a' }],
    ['the option --stack', { stack: 'S' }, { CLOUDTAB_DIR: 'd' }, { dir: '.cloudtab', stack: 'S' }],
    ['the variable CLOUDTAB_DIR', {}, { CLOUDTAB_DIR: 'd' }, { dir: 'd' }],
    ['the variable CLOUDTAB_STACK', {}, { CLOUDTAB_STACK: 'S' }, { dir: '.cloudtab', stack: 'S' }],
    ['the default folder', {}, { HOME: '/nowhere' }, { dir: '.cloudtab' }],
  ])(
    'The target of a command is chosen by %s for the options %o and the environment %o',
    (_, options, env, expected) => {
      expect(chosen(options, env)).toEqual(expected);
    },
  );

  it('The target is the default deployment when AWS credentials exist and the default folder does not', () => {
    const home = enterEmptyFolder();
    const deployment = { dir: '.cloudtab', stack: 'Cloudtab', isGuess: true };
    expect(chosen({}, { AWS_PROFILE: 'me' })).toEqual(deployment);
    expect(chosen({}, { HOME: home })).toEqual({ dir: '.cloudtab' });
    mkdirSync(join(home, '.aws'));
    writeFileSync(join(home, '.aws/credentials'), '[default]');
    expect(chosen({}, { HOME: home })).toEqual(deployment);
    mkdirSync('.cloudtab');
    expect(chosen({}, { AWS_PROFILE: 'me' })).toEqual({ dir: '.cloudtab' });
  });

  it('A default deployment that cannot be opened is explained together with the missing folder', async () => {
    enterEmptyFolder();
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
    const noFolder: Error = await openClient({ dir: '.cloudtab' }).catch((error) => error);
    const error: Error = await openClient({}, { AWS_PROFILE: 'me' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConfigurationError);
    const { message: reason } = error.cause as UnavailableError;
    expect(error.cause).toBeInstanceOf(UnavailableError);
    expect(error.message).toBe(`${noFolder.message} The stack Cloudtab cannot be opened either: ${reason}`);
  });

  it('A root chooses between the deployments of a stack, by option or by variable, and not in a folder', async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    onTestFinished(() => {
      vi.unstubAllEnvs();
      cloudFormation.restore();
    });
    const cloudFormation = mockClient(CloudFormationClient);
    cloudFormation.on(DescribeStacksCommand).resolves(describedStack());
    const wanted = 'root "shop" not found in the stack S. It has: the Root.';
    await expect(openClient({ stack: 'S', root: 'shop' }, {})).rejects.toThrow(wanted);
    await expect(openClient({ stack: 'S' }, { CLOUDTAB_ROOT: 'shop' })).rejects.toThrow(wanted);
    await expect(openClient({ dir: '.', root: 'shop' }, {})).rejects.toThrow(
      '--root: got the folder ., wanted a deployment, to which the option belongs. Use it with --stack.',
    );
  });

  it('The options --region and --profile count more than the environment, and not in a folder', async () => {
    const config = join(tempFolder(), 'config');
    writeFileSync(
      config,
      '[profile ops]\naws_access_key_id = ops-key\naws_secret_access_key = secret\nregion = eu-north-1\n',
    );
    vi.stubEnv('AWS_CONFIG_FILE', config);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials');
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_PROFILE', undefined);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
      vi.stubEnv(name, 'of-the-environment');
    const cloudFormation = mockClient(CloudFormationClient);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      cloudFormation.restore();
    });
    cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [] });
    const options = { stack: 'S', region: 'eu-south-1', profile: 'ops' };
    await expect(openClient(options, {})).rejects.toThrow('The stack S has no output');
    const used = (
      cloudFormation.commandCalls(DescribeStacksCommand)[0]?.thisValue as CloudFormationClient | undefined
    )?.config;
    expect(await used?.region()).toBe('eu-south-1');
    expect(await used?.credentials()).toMatchObject({ accessKeyId: 'ops-key' });
    for (const name of ['region', 'profile']) {
      await expect(openClient({ dir: '.', [name]: 'x' }, {})).rejects.toThrow(
        `--${name}: got the folder ., wanted a deployment, to which the option belongs. Use it with --stack.`,
      );
    }
  });

  it('The region of AWS_DEFAULT_REGION counts as it does for the AWS CLI', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', 'sa-east-1');
    const cloudFormation = mockClient(CloudFormationClient);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      cloudFormation.restore();
    });
    cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [] });
    await expect(openClient({ stack: 'S' }, {})).rejects.toThrow('The stack S has no output');
    const used = (
      cloudFormation.commandCalls(DescribeStacksCommand)[0]?.thisValue as CloudFormationClient | undefined
    )?.config;
    expect(await used?.region()).toBe('sa-east-1');
  });

  it('A command that changes something first names its target, unless an option or a variable did', async () => {
    enterEmptyFolder();
    vi.stubEnv('CLOUDTAB_DIR', undefined);
    mkdirSync('.cloudtab');
    const named = async (...args: string[]) => {
      t.err = '';
      await main(args);
      return t.err.startsWith('→ folder .cloudtab\n');
    };
    expect(await named('add', 'heartbeat', '@daily', '--uid', 'a')).toBe(true);
    for (const args of ['edit a --periodicity @hourly', 'edit --timezone UTC', 'off a', 'on --all', 'run a'])
      expect(await named(...args.split(' ')), args).toBe(true);
    for (const args of ['runs a --delete all', 'doctor --fix', 'rollback a 1', 'rm a', 'apply nowhere.yaml'])
      expect(await named(...args.split(' ')), args).toBe(true);
    for (const args of [
      'ls',
      'logs a',
      'doctor',
      'export',
      'simulate',
      'on --all --json',
      'on --all --dir .cloudtab',
    ])
      expect(await named(...args.split(' ')), args).toBe(false);
    vi.stubEnv('CLOUDTAB_DIR', '.cloudtab');
    expect(await named('on', '--all')).toBe(false);
  });

  it('A command that changes a deployment that was not named names its stack, its region and its account', async () => {
    enterEmptyFolder();
    vi.stubEnv('CLOUDTAB_DIR', undefined);
    const cloudFormation = mockClient(CloudFormationClient);
    cloudFormation.on(DescribeStacksCommand).resolves(describedStack());
    const world = makeWorld();
    answerAtFunctionUrl(world.ports);
    onTestFinished(() => {
      world.close();
      cloudFormation.restore();
      vi.unstubAllGlobals();
    });
    const printed = async (...args: string[]) => {
      t.err = '';
      await main(args);
      return t.err;
    };
    const line = '→ stack Cloudtab, eu-west-1, 123456789012\n';
    expect(await printed('add', 'heartbeat', '@daily', '--uid', 'a')).toBe(line);
    expect(await printed('rm', 'a')).toBe(line);
    expect(await printed('ls')).toBe('');
    expect(await printed('off', '--all', '--stack', 'Cloudtab')).toBe('');
  });

  it('Two targets in the environment are rejected', async () => {
    const both = { CLOUDTAB_DIR: 'a', CLOUDTAB_STACK: 'b' };
    await expect(openClient({}, both)).rejects.toThrow(
      'CLOUDTAB_DIR and CLOUDTAB_STACK are both set: unset one, or use --dir or --stack.',
    );
  });
});

describe('completion', () => {
  const requests: NameRequest[] = [];
  const names = {
    uid: ['nightly', 'weekly'],
    version: ['1', '2'],
    site: ['default', 'shop'],
    runner: ['http'],
  };
  const ask = async (request: NameRequest) => {
    requests.push(request);
    return names[request.kind];
  };
  const complete = (...words: string[]) => completions(makeProgram({ code: 0 }), words, ask);

  it('Completion offers commands, options, uids and choices', async () => {
    expect(await complete('he')).toEqual(['help']);
    expect(await complete('')).toContain('doctor');
    expect(await complete('')).not.toContain('__complete');
    expect(await complete('show', 'n')).toEqual(['nightly']);
    expect(await complete('rm', 'nightly', '')).toEqual(['weekly']);
    expect(await complete('show', 'nightly', '')).toEqual([]);
    expect(await complete('ls', '--s')).toEqual(['--site', '--sort', '--stack']);
    expect(await complete('ls', '--dir', '')).toEqual([]);
    expect(await complete('ls', '')).toEqual([]);
    expect(await complete('--v')).toEqual(['--version']);
    expect(await complete('help', 'doc')).toEqual(['doctor']);
    expect(await complete('completion', '')).toEqual(['bash', 'fish', 'zsh']);
    expect(await complete('export', '--format', 'x')).toEqual(['xml']);
    expect(await complete('plan', 'a', '--format=j')).toEqual(['--format=json']);
    expect(await complete('simulate', '--pr')).toEqual(['--profile', '--prune']);
    expect(await complete('simulate', 'a', '--format', 'c')).toEqual(['crontab']);
    expect(await complete('add', 'http', '@daily', '--overlap', '')).toEqual(['allow', 'buffer', 'skip']);
    expect(await complete('edit', 'a', '--missed', 's')).toEqual(['skip']);
    expect(await complete('next', 'n')).toEqual([]);
    expect(await complete('nothing', '')).toEqual([]);
  });

  it('Completion looks names up in the crontab that the options choose, and offers each at its position', async () => {
    expect(await complete('rollback', '--json', 'nightly', '')).toEqual(['1', '2']);
    expect(requests.at(-1)).toEqual({ kind: 'version', uid: 'nightly', options: {} });
    expect(await complete('show', '--site=shop', '--dir', 'd', '--nothing=1', 'w')).toEqual(['weekly']);
    expect(requests.at(-1)?.options).toEqual({ site: 'shop', dir: 'd' });
    expect(await complete('ls', '--site', '')).toEqual(['default', 'shop']);
    expect(await complete('ls', '--site=s')).toEqual(['--site=shop']);
    expect(await complete('add', '')).toEqual(['http']);
    expect(await complete('edit', 'nightly', '--name', 'h')).toEqual(['http']);
    expect(await complete('apply', 'f', '--runner', '')).toEqual(['http']);
    expect(await complete('add', '--set', 'a=1', 'b=2', '')).toEqual([]);
    expect(await complete('add', '--set', 'a=1', '--ov')).toEqual(['--overlap']);
  });

  it('Completion accepts --site=shop as the three words that bash splits it into', async () => {
    expect(await complete('ls', '--site', '=')).toEqual(['default', 'shop']);
    expect(await complete('ls', '--site', '=', 's')).toEqual(['shop']);
    expect(await complete('show', '--site', '=', 'shop', 'n')).toEqual(['nightly']);
    expect(requests.at(-1)?.options).toEqual({ site: 'shop' });
  });

  it('Completion reads the names from the target', async () => {
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
    expect(await completed('add', '--dir', t.dir, 'h')).toEqual(['heartbeat', 'http']);
    expect(await completed('add', '--dir', t.dir, 'lambda')).toEqual(['']);
    t.out = '';
    expect(await main(['__complete', '--', 'show', '--dir', '/nowhere', ''])).toBe(0);
    expect(t.out).toBe('\n');
  });

  it.each(['bash', 'zsh', 'fish'])('Completion has a script for %s', async (shell) => {
    expect(await main(['completion', shell])).toBe(0);
    expect(t.out).toContain(' __complete --');
  });

  it.each([
    ['cloudtab', 'cloudtab show x', 'cloudtab: __complete -- show x'],
    ['cloudtab', 'npx cloudtab show x', 'cloudtab: __complete -- show x'],
    ['npx', 'npx cloudtab show x', 'npx: --no-install cloudtab __complete -- show x'],
    ['npx', 'cloudtab show x', 'npx: --no-install cloudtab __complete -- show x'],
    ['npx', 'npx vitest x', ''],
  ])('Where only %s is on the PATH, bash completes "%s"', (program, line, request) => {
    const bin = tempFolder();
    writeFileSync(join(bin, program), `#!/bin/bash\necho "${program}: $*"\n`, { mode: 0o755 });
    const script = `${COMPLETION_SCRIPTS.bash}
COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _cloudtab; echo "\${COMPREPLY[*]}"`;
    const output = execFileSync('/bin/bash', ['-c', script], { env: { PATH: bin }, encoding: 'utf8' });
    expect(output.trim()).toBe(request);
  });

  it('Completion leaves the file of a profile to the shell', async () => {
    expect(await complete('plan', '')).toEqual([]);
    expect(await complete('simulate', '')).toEqual([]);
    for (const program of ['cloudtab', 'npx']) {
      const rule = new RegExp(`^complete -c ${program} -n '.*_from plan apply simulate start' -F$`, 'm');
      expect(COMPLETION_SCRIPTS.fish).toMatch(rule);
    }
  });

  it('Completion rejects another shell', async () => {
    expect(await main(['completion', 'csh'])).toBe(2);
  });
});

describe('cloudtab open', () => {
  it('cloudtab open explains where the dashboard of a folder is', async () => {
    expect(await t.cloudtab('open')).toBe(1);
    expect(t.err).toBe(
      `cloudtab: ${t.dir} is a folder: "cloudtab door" prints the address of its dashboard. For a deployment, use --stack.\n`,
    );
  });
});
