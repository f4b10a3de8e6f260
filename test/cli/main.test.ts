import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../lib/cli/main.ts';
import { makeProgram } from '../../lib/cli/program.ts';
import { NotFoundError } from '../../lib/domain/errors.ts';
import { folderOf } from '../../lib/local/folder.ts';
import { tempFolder } from '../support/temp-folder.ts';

const COMMAND = join(import.meta.dirname, '../../bin/cloudtab.js');

let dir: string;
let out: string;
let err: string;

beforeEach(() => {
  dir = tempFolder();
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += stripVTControlCharacters(String(text));
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += stripVTControlCharacters(String(text));
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

function write(uid: string, value: unknown): void {
  const crons = join(folderOf(dir).parameters, 'default', 'crons');
  mkdirSync(crons, { recursive: true });
  writeFileSync(join(crons, `${uid}.json`), JSON.stringify(value));
}

/** Types the command, for the folder of this test. */
const cloudtab = (...args: string[]) => main([...args, '--dir', dir]);

describe('cloudtab', () => {
  it('has help for every command, with examples', async () => {
    expect(await main(['--help'])).toBe(0);
    expect(out).toContain('Exit codes: 0 done');
    const commands = makeProgram({ code: 0 }).commands.map((command) => command.name());
    expect(commands.length).toBeGreaterThan(20);
    for (const command of commands.filter((name) => name !== '__complete')) {
      expect(out).toContain(`  ${command} `);
      out = '';
      expect(await main([command, '--help'])).toBe(0);
      expect(out).toContain('Examples:');
      await main(['--help']);
    }
  });

  it('says to programs, in JSON and on standard output, what went wrong', async () => {
    expect(await main(['lss', '--json'])).toBe(2);
    expect(JSON.parse(out)).toEqual({
      error: { message: expect.stringMatching(/^unknown command 'lss'\n/) },
    });
    out = '';
    expect(await cloudtab('show', 'nobody', '--json')).toBe(1);
    expect(JSON.parse(out).error.message).toContain('There is no cron "nobody"');
    out = '';
    expect(await cloudtab('add', 'heartbeat', '61 * * * *', '--overlap', 'maybe', '--json')).toBe(1);
    const { error } = JSON.parse(out);
    expect(error.problems.map(({ where }: { where: string }) => where)).toEqual(['periodicity', 'overlap']);
    expect(error.message.split('\n')).toHaveLength(2);
    expect(err).toBe('');
  });

  it('says which version it is', async () => {
    expect(await main(['--version'])).toBe(0);
    expect(out).toBe(
      `${JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')).version}\n`,
    );
  });

  it.each([
    ['a command that does not exist', ['lss'], "error: unknown command 'lss'"],
    ['an option that does not exist', ['ls', '--sight', 'x'], "error: unknown option '--sight'"],
    ['a missing uid', ['logs'], "error: missing required argument 'uid'"],
  ])('says what is wrong with %s, and exits with 2', async (_, args, message) => {
    expect(await main(args)).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('--help');
  });

  it.each([
    [
      ['ls', '--dir', '/nowhere/at-all'],
      'cloudtab: There is no folder /nowhere/at-all. Make a crontab there with "cloudtab start --dir /nowhere/at-all", or name another folder with --dir or a deployment with --stack.\n',
    ],
    [
      ['ls', '--dir', 'a', '--stack', 'b'],
      'cloudtab: --dir is a folder, --stack a deployment: give one of them.\n',
    ],
  ])('explains why %s cannot work, and exits with 1', async (args, message) => {
    expect(await main(args)).toBe(1);
    expect(err).toBe(message);
  });
});

describe('what went wrong', () => {
  const fail = (error: unknown) =>
    vi.spyOn(process, 'cwd').mockImplementation(() => {
      throw error;
    });

  it('tells each of several failures that a person can mend, without a stack trace', async () => {
    fail(new AggregateError([new NotFoundError('One is gone.'), new NotFoundError('Two is gone.')], 'both'));
    expect(await main(['init', 'x'])).toBe(1);
    expect(err).toBe('cloudtab: One is gone.\ncloudtab: Two is gone.\n');
  });

  it('hides no defect', async () => {
    fail(new TypeError('a defect'));
    await expect(main(['init', 'x'])).rejects.toThrow('a defect');
    fail(new AggregateError([new NotFoundError('One is gone.'), new TypeError('a defect')], 'both'));
    await expect(main(['init', 'x'])).rejects.toThrow('both');
  });
});

describe('cloudtab ls', () => {
  it('lists crons, what is off, and what was rejected and why', async () => {
    write('a', { name: 'heartbeat', periodicity: '@daily' });
    write('b', { name: 'heartbeat', periodicity: '0 * * * *', activated: false });
    write('c', { name: 'heartbeat', periodicity: '0 * * *' });
    expect(await cloudtab('ls')).toBe(0);
    const [note, summary, head, ...rows] = out.split('\n');
    expect(note).toBe(`Nobody keeps this crontab running. Do it with: cloudtab start --dir ${dir}`);
    expect(summary).toMatch(/^default \(UTC\): 3 crons, 1 active, next run in .+ \(a\)$/);
    expect(head).toMatch(/^STATUS +UID {2}RUNNER +SCHEDULE +NEXT +LAST$/);
    expect(rows.slice(0, 3)).toEqual([
      expect.stringMatching(/^· new +a +heartbeat +@daily +in .+$/),
      '– off     b    heartbeat  0 * * * *',
      '✗ broken  c',
    ]);
    expect(rows[3]).toMatch(
      /^! c was edited and is not valid; what held before is in force\. periodicity: got 4 fields/,
    );
  });

  it('is in colours on terminals alone', async () => {
    write('a', { name: 'heartbeat', periodicity: '@daily', activated: false });
    const typed = (env: NodeJS.ProcessEnv) =>
      spawnSync(process.execPath, [COMMAND, 'ls', '--dir', dir], { encoding: 'utf8', env }).stdout;
    const { FORCE_COLOR: _, NO_COLOR: __, ...env } = process.env;
    expect(typed(env)).toContain('– off');
    expect(typed(env)).not.toContain('\u001b');
    expect(typed({ ...env, FORCE_COLOR: '1' })).toContain('\u001b[');
  });

  it('prints JSON for programs', async () => {
    write('a', { name: 'heartbeat', periodicity: '@daily' });
    expect(await cloudtab('ls', '--json')).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      site: 'default',
      activated: true,
      crons: [
        {
          uid: 'a',
          periodicity: '@daily',
          health: 'new',
          problems: [],
          running: 0,
          last: null,
          words: 'At 00:00',
        },
      ],
    });
  });

  it('says that the crontab is off', async () => {
    write('a', { name: 'heartbeat', periodicity: '@daily' });
    writeFileSync(join(folderOf(dir).parameters, 'default', 'crontab.json'), '{"activated": false}');
    await cloudtab('ls');
    expect(out).toMatch(/^default \(UTC\): switched off: nothing runs, 1 cron, 0 active$/m);
    expect(out).toMatch(/– off +a +heartbeat +@daily$/m);
  });

  it('names the sites when there is none of that name', async () => {
    write('a', { name: 'heartbeat', periodicity: '@daily' });
    expect(await cloudtab('ls', '--site', 'shop')).toBe(1);
    expect(err).toBe(`cloudtab: There is no site "shop" in ${dir}. It has: default.\n`);
    err = '';
    expect(await cloudtab('ls', '--site', 'defualt')).toBe(1);
    expect(err).toBe(`cloudtab: There is no site "defualt" in ${dir}. Did you mean "default"?\n`);
  });
});

describe('cloudtab run and logs', () => {
  it('run a cron, say how it ended, and show its log', async () => {
    write('a', { name: 'heartbeat', periodicity: '@daily', environ: { warn: 'disk is filling' } });
    expect(await cloudtab('run', 'a')).toBe(0);
    expect(out).toMatch(/^! WARN in \d+ m?s: default\/a, run p\d+-\S+\ndisk is filling\n$/);
    out = '';
    expect(await cloudtab('logs', 'a')).toBe(0);
    expect(out).toMatch(/^1\/5 last logs of default\/a\nSTATUS +PLANNED +TOOK +RUN +MESSAGES\n/);
    expect(out).toMatch(/! WARN +\S+ m?s ago +\d+ m?s +p\d+-\S+ +disk is filling\n$/);
    out = '';
    expect(await cloudtab('logs', 'a', '--json')).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      uid: 'a',
      logs: [{ status: 'WARN', messages: ['disk is filling'] }],
    });
    out = '';
    await cloudtab('ls');
    expect(out).toMatch(/^! warning .+ ago +disk is filling\n$/m);
  });

  it('exit with 3 when the run failed', async () => {
    write('a', { name: 'heartbeat', periodicity: '@daily', environ: { fail: 'no route' } });
    expect(await cloudtab('run', 'a', '--json')).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ log: { status: 'FAILURE', messages: ['no route'] } });
  });

  it('need not wait', async () => {
    write('a', { name: 'heartbeat', periodicity: '@daily' });
    expect(await cloudtab('run', 'a', '--no-wait')).toBe(0);
    expect(out).toMatch(
      /^Asked for a run of "a" of "default": p\d+-\S+\. Its log appears when it has ended\.\n$/,
    );
    out = '';
    expect(await cloudtab('run', 'a', '--no-wait', '--json')).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ site: 'default', uid: 'a' });
  });

  it('say that a cron has not run yet, and which crons there are', async () => {
    write('a', { name: 'heartbeat', periodicity: '@daily' });
    await cloudtab('logs', 'a');
    expect(out).toBe('default/a has not run yet.\n');
    expect(await cloudtab('run', 'other')).toBe(1);
    expect(err).toBe(
      `cloudtab: There is no cron "other" on the site "default" in ${dir}. The site has: a.\n`,
    );
  });
});
