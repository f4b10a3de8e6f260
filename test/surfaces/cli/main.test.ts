// cspell:ignore defualt
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { NotFoundError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import { cronNotFound, siteNotFound } from '../../../lib/core/domain/not-found.ts';
import { main } from '../../../lib/surfaces/cli/main.ts';
import { makeProgram } from '../../../lib/surfaces/cli/program.ts';
import { commandLine } from './command-line.ts';

const COMMAND = join(import.meta.dirname, '../../../bin/cloudtab.js');

const t = commandLine();
const DAILY = { name: 'heartbeat', periodicity: '@daily' };

describe('cloudtab', () => {
  it('Every command has a help text with examples', async () => {
    expect(await main(['--help'])).toBe(0);
    expect(t.out).toContain('Exit codes: 0 success');
    const commands = makeProgram({ code: 0 }).commands.map((command) => command.name());
    expect(commands.length).toBeGreaterThan(20);
    for (const command of commands.filter((name) => name !== '__complete')) {
      expect(t.out).toContain(`  ${command} `);
      t.out = '';
      expect(await main([command, '--help'])).toBe(0);
      expect(t.out).toContain('Examples:');
      await main(['--help']);
    }
  });

  it('The help texts fit a terminal of 80 columns, except for their examples', async () => {
    t.atTerminal(80);
    const commands = makeProgram({ code: 0 }).commands.map((command) => command.name());
    for (const command of commands) await main(['help', command]);
    await main(['help']);
    const lines = t.out.split('\n').filter((line) => !line.startsWith('  $ '));
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('The help of help is that of all commands', async () => {
    expect(await main(['help', 'help'])).toBe(0);
    const shown = t.out;
    t.out = '';
    await main(['help']);
    expect(shown).toBe(t.out);
    expect(shown).toContain('Exit codes: 0 success');
  });

  it('cloudtab start rejects an invalid port before it starts anything', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(await main(['start', '--dir', '/nowhere', '--port', 'http', '--json'])).toBe(2);
    expect(JSON.parse(String(write.mock.calls[0]?.[0])).error.problems).toMatchObject([{ where: '--port' }]);
  });

  it('With --json an error is JSON with a code on standard output, and standard error stays empty', async () => {
    expect(await main(['lss', '--json'])).toBe(2);
    expect(JSON.parse(t.out)).toEqual({
      error: { code: 'usage', message: expect.stringMatching(/^unknown command 'lss'\n/) },
    });
    const { message } = cronNotFound({ site: 'default', uid: 'a' }, [], t.dir);
    t.out = '';
    expect(await t.cloudtab('show', 'a', '--json')).toBe(1);
    expect(JSON.parse(t.out)).toEqual({ error: { code: 'not-found', message } });
    t.out = '';
    expect(await t.cloudtab('add', 'heartbeat', '61 * * * *', '--overlap', 'maybe', '--json')).toBe(2);
    const { error } = JSON.parse(t.out);
    expect(error.code).toBe('invalid');
    expect(error.problems.map(({ where }: { where: string }) => where)).toEqual(['periodicity', 'overlap']);
    expect(error.message.split('\n')).toHaveLength(2);
    expect(t.err).toBe('');
  });

  it('cloudtab --version prints the version of the package', async () => {
    expect(await main(['--version'])).toBe(0);
    expect(t.out).toBe(
      `${JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')).version}\n`,
    );
  });

  it.each([
    ['an unknown command', ['lss'], "error: unknown command 'lss'"],
    ['an unknown option', ['ls', '--sight', 'x'], "error: unknown option '--sight'"],
    ['a missing uid', ['logs'], "error: missing required argument 'uid'"],
  ])('A command line with %s is explained and exits with 2', async (_, args, message) => {
    expect(await main(args)).toBe(2);
    expect(t.err).toContain(message);
    expect(t.err).toContain('--help');
  });

  it.each([
    ['help of an unknown command', ['help', 'lss']],
    ['an unknown command with --help', ['lss', '--help']],
  ])(
    'A command line with %s is explained without the help of all commands and exits with 2',
    async (_, args) => {
      expect(await main(args)).toBe(2);
      expect(t.err).toMatch(/^error: unknown command 'lss'\n\(Did you mean ls\?\)\n/);
      expect(t.err + t.out).not.toContain('Usage:');
    },
  );

  it.each([
    ['secret', 'sett'],
    ['completion', 'powershell'],
  ])('The usage error of an unknown word of cloudtab %s fits the terminal', async (...args) => {
    t.atTerminal(60);
    expect(await main(args)).toBe(2);
    expect(t.err).toMatch(/Allowed\s+choices\s+are\s/);
    expect(t.err.split('\n').filter((line) => line.length > 60)).toEqual([]);
  });

  it.each<[string, number, string[], string]>([
    [
      'a folder that does not exist',
      1,
      ['ls', '--dir', '/nowhere/at-all'],
      'cloudtab: Folder /nowhere/at-all not found. Create a crontab there with "cloudtab start --dir /nowhere/at-all", or choose another folder with --dir or a deployment with --stack.\n',
    ],
    [
      'both a folder and a deployment',
      2,
      ['ls', '--dir', 'a', '--stack', 'b'],
      'cloudtab: --dir: got --stack as well, wanted one of them. Choose a folder or a deployment.\n',
    ],
  ])('A command line with %s is explained and exits with %i', async (_, code, args, message) => {
    expect(await main(args)).toBe(code);
    expect(t.err).toBe(message);
  });
});

describe('errors', () => {
  const fail = (error: unknown) =>
    vi.spyOn(process, 'cwd').mockImplementation(() => {
      throw error;
    });

  it('Each error of an AggregateError is printed on a line of its own, without a stack trace', async () => {
    fail(new AggregateError([new NotFoundError('One is gone.'), new NotFoundError('Two is gone.')], 'both'));
    expect(await main(['init', 'x'])).toBe(1);
    expect(t.err).toBe('cloudtab: One is gone.\ncloudtab: Two is gone.\n');
  });

  it.each([
    ['the code of its errors if they have one in common', 'not-found', new NotFoundError('Two is gone.')],
    ['the code "failed" if they differ', 'failed', new UnavailableError('No answer.')],
  ])('An AggregateError is reported with %s', async (_, code, second) => {
    fail(new AggregateError([new NotFoundError('One is gone.'), new AggregateError([second])], 'both'));
    expect(await main(['init', 'x', '--json'])).toBe(1);
    expect(JSON.parse(t.out).error.code).toBe(code);
  });

  it('An error that is a defect is thrown, also when it is part of an AggregateError', async () => {
    fail(new TypeError('a defect'));
    await expect(main(['init', 'x'])).rejects.toThrow('a defect');
    fail(new AggregateError([new NotFoundError('One is gone.'), new TypeError('a defect')], 'both'));
    await expect(main(['init', 'x'])).rejects.toThrow('both');
  });
});

describe('cloudtab ls', () => {
  it('cloudtab ls lists the crons with their status, and notes rejected edits and a folder that is not running', async () => {
    t.write('a', DAILY);
    t.write('b', { ...DAILY, periodicity: '0 * * * *', activated: false });
    t.write('c', { ...DAILY, periodicity: '0 * * *' });
    expect(await t.cloudtab('ls')).toBe(0);
    const [note, summary, head, ...rows] = t.out.split('\n');
    expect(note).toContain(`cloudtab start --dir ${t.dir}`);
    expect(summary).toMatch(/^default \(UTC\): 3 crons, 1 active, next run in .+ \(a\)$/);
    expect(head).toMatch(/^STATUS +UID {2}RUNNER +SCHEDULE +NEXT +LAST$/);
    expect(rows.slice(0, 3)).toEqual([
      expect.stringMatching(/^· new +a +heartbeat +@daily +in .+$/),
      '– off     b    heartbeat  0 * * * *',
      '✗ broken  c',
    ]);
    expect(rows[3]).toMatch(
      /^! c: the latest edit is not valid; no version has been valid, so nothing runs\. periodicity: got /,
    );
  });

  it('cloudtab ls prints colours only to a terminal', async () => {
    t.write('a', { ...DAILY, activated: false });
    const outputWith = (env: NodeJS.ProcessEnv) =>
      spawnSync(process.execPath, [COMMAND, 'ls', '--dir', t.dir], { encoding: 'utf8', env }).stdout;
    const { FORCE_COLOR: _, NO_COLOR: __, ...env } = process.env;
    expect(outputWith(env)).toContain('– off');
    expect(outputWith(env)).not.toContain('\u001b');
    expect(outputWith({ ...env, FORCE_COLOR: '1' })).toContain('\u001b[');
  });

  it('cloudtab ls --json prints the settings of the site and its crons', async () => {
    t.write('a', DAILY);
    expect(await t.cloudtab('ls', '--json')).toBe(0);
    expect(JSON.parse(t.out)).toMatchObject({
      site: 'default',
      activated: true,
      crons: [
        {
          uid: 'a',
          periodicity: '@daily',
          health: 'new',
          job: { running: false, runs: [] },
          words: 'At 00:00',
        },
      ],
    });
  });

  it('cloudtab ls shows that the crontab is switched off', async () => {
    t.write('a', DAILY);
    t.write(undefined, { activated: false });
    await t.cloudtab('ls');
    expect(t.out).toMatch(/^default \(UTC\): switched off, 1 cron, 0 active$/m);
    expect(t.out).toMatch(/– off +a +heartbeat +@daily$/m);
  });

  it('cloudtab ls lists the existing sites for an unknown one, or suggests the nearest', async () => {
    t.write('a', DAILY);
    expect(await t.cloudtab('ls', '--site', 'shop')).toBe(1);
    expect(t.err).toBe(`cloudtab: ${siteNotFound('shop', ['default'], t.dir).message}\n`);
    t.err = '';
    expect(await t.cloudtab('ls', '--site', 'defualt')).toBe(1);
    expect(t.err).toBe(`cloudtab: ${siteNotFound('defualt', ['default'], t.dir).message}\n`);
  });
});

describe('cloudtab run', () => {
  it('cloudtab run prints the result of the run, and cloudtab runs its run record', async () => {
    t.write('a', { ...DAILY, environ: { warn: 'disk is filling' } });
    expect(await t.cloudtab('run', 'a')).toBe(0);
    expect(t.out).toMatch(/\n! WARN in \d+ m?s, default\/a, run p\d+-\S+: disk is filling\n$/);
    expect(await t.outputOf('runs', 'a')).toMatch(/^STATUS.*\n! WARN +a .* disk is filling\n$/);
    expect(await t.outputOf('ls')).toMatch(/^! warning .*(?:now|seconds? ago) +disk is filling\n$/m);
  });

  it('cloudtab run exits with 3 when the run failed', async () => {
    t.write('a', { ...DAILY, environ: { fail: 'no route' } });
    expect(await t.cloudtab('run', 'a', '--json')).toBe(3);
    expect(JSON.parse(t.out)).toMatchObject({ log: { status: 'FAILURE', messages: ['no route'] } });
  });

  it('cloudtab run --no-wait prints the ids of the run and of its record, and does not wait for its end', async () => {
    t.write('a', DAILY);
    expect(await t.cloudtab('run', 'a', '--no-wait')).toBe(0);
    expect(t.out).toMatch(/^[^\n]*"a"[^\n]*\bp\d+-\w{8}-\w{4}\b[^\n]*\n/);
    expect(t.out).toMatch(
      /\nIts output: cloudtab logs a --run \d+-p\d+-\w{8}-\w{4} --site default --dir \S+\n$/,
    );
    t.out = '';
    expect(await t.cloudtab('run', 'a', '--no-wait', '--json')).toBe(0);
    expect(JSON.parse(t.out)).toEqual({
      site: 'default',
      uid: 'a',
      runId: expect.stringMatching(/^p\d+-\w{8}-\w{4}$/),
      logId: expect.stringMatching(/^\d+-p\d+-\w{8}-\w{4}$/),
    });
  });

  it('cloudtab logs says that a cron has not run yet, and cloudtab run that a cron does not exist', async () => {
    t.write('a', DAILY);
    await t.cloudtab('logs', 'a');
    expect([t.out, t.err]).toEqual(['', 'default/a has not run yet.\n']);
    t.err = '';
    expect(await t.cloudtab('run', 'other')).toBe(1);
    const { message } = cronNotFound({ site: 'default', uid: 'other' }, ['a'], t.dir);
    expect(t.err).toBe(`cloudtab: ${message}\n`);
  });
});
