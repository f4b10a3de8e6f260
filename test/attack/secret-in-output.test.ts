// cspell:ignore quot
/** The author of a cron or of a runner, or a server that a cron calls, who wants to read a secret in the output of a run. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { childPrograms } from '../../lib/adapters/child-programs.ts';
import { ModuleFunctions } from '../../lib/adapters/local/module-functions.ts';
import { logLine } from '../../lib/adapters/log-line.ts';
import { printingToRun } from '../../lib/adapters/run-console.ts';
import { sweep } from '../../lib/core/engine/sweep.ts';
import { CommandRunner } from '../../lib/runners/command.ts';
import { LambdaRunner } from '../../lib/runners/lambda.ts';
import { MINUTE, NOON } from '../support/jobs.ts';
import { runContext } from '../support/run-context.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { makeWorld, type World } from '../support/world.ts';

const SECRET = 'correct-horse/battery+staple?';

/** What a word of the secret looks like, in base64 at each place that it may have in a group of three bytes. */
const WORD = 'se/battery+sta';
const PIECES = [
  'battery',
  'BATTERY',
  Buffer.from(WORD).toString('hex'),
  ...[0, 1, 2].map((at) => Buffer.from(WORD.slice(at, at + 12)).toString('base64')),
];

let world: World;
beforeEach(async () => {
  world = makeWorld();
  world.secrets.set('key', SECRET);
  await world.save('a', { name: 'task', periodicity: '0 * * * *', environ: { key: { $secret: 'key' } } });
  await world.clock.advanceTo(NOON);
});
afterEach(() => world.close());

/** All that a run leaves: its record, its events and its log lines, as they are written. */
async function traces(): Promise<string> {
  const lines = world.logger.lines.map(({ message, fields }) => logLine(NOON, 'info', message, fields));
  return JSON.stringify([await world.records('a'), world.events, lines]);
}

/** The output of that line of shell with the secret in the variable KEY. */
async function outputOf(command: string, key = SECRET): Promise<string> {
  const { context, logger } = runContext({
    environ: { command, env: { KEY: key } },
    secrets: [key],
    tools: {
      programs: childPrograms,
      limits: { allowedHosts: [], allowedFunctions: [], allowedUsers: [], allowCommands: true },
    },
  });
  await new CommandRunner(context).run();
  return logger.messages().join('\n');
}

describe('The author of a cron does not read a secret', () => {
  it.each([
    ['encoded in base64', 'printf %s "$KEY" | base64'],
    ['as the password of Basic authorization', 'printf %s "user:$KEY" | base64 -w 0'],
    ['in the middle of other bytes in base64', 'printf %s "bytes before $KEY and behind" | base64 -w 0'],
    ['encoded in hexadecimal', 'printf %s "$KEY" | od -An -v -tx1 | tr -d " \\n"'],
    ['in capitals', 'printf %s "$KEY" | tr a-z A-Z'],
    [
      'in two pieces, with a pause between',
      'printf %s "correct-hor"; sleep 0.1; printf %s "se/battery+staple?"',
    ],
    ['in its name and value', 'env | grep KEY'],
  ])('%s', async (_, command) => {
    const shown = await outputOf(command);
    expect(shown).toContain('[secret]');
    for (const piece of PIECES) expect(shown).not.toContain(piece);
  });

  it('encoded in base64 for URLs', async () => {
    const shown = await outputOf('printf %s "$KEY" | base64 | tr +/ -_', '>>>???>>>???');
    expect(shown).toBe('[secret]');
  });

  it.each<[string, (key: string) => string]>([
    ['written as in a URL', encodeURIComponent],
    [
      'written as in a URL with lower-case digits',
      (key) => encodeURIComponent(key).replace(/%../g, (byte) => byte.toLowerCase()),
    ],
    ['written as in a form', (key) => new URLSearchParams({ '': key }).toString().slice(1)],
    ['written as in a path', encodeURI],
    ['written as in JSON', (key) => JSON.stringify(key).slice(1, -1)],
    [
      'written as in HTML',
      (key) => key.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
    ],
    ['with its accents apart', (key) => key.normalize('NFD')],
  ])('%s', async (_, written) => {
    const key = 'a/b c&d<e"f \u00e9g';
    expect(await outputOf(`printf %s '${written(key)}'`, key)).toBe('[secret]');
  });

  it('of several lines', async () => {
    const shown = await outputOf('printf %s "$KEY"', 'a\nb\nc\nd\ne');
    expect(shown).toBe('[secret]');
  });
});

describe('The author of a runner does not read a secret', () => {
  it.each([
    ['in an error', () => new Error(`no ${SECRET}`)],
    ['in the cause of an error', () => new Error('no', { cause: new Error(SECRET) })],
    ['in the name of an error', () => Object.assign(new Error('no'), { name: SECRET })],
    ['in a field of an error', () => Object.assign(new Error('no'), { [SECRET]: SECRET })],
    [
      'in an error that cannot be described',
      () =>
        Object.defineProperty(new Error(SECRET), 'message', {
          get: () => {
            throw new Error(SECRET);
          },
        }),
    ],
    [
      'in an error that is its own cause',
      () =>
        Object.defineProperty(new Error(SECRET), 'cause', {
          get() {
            return this;
          },
        }),
    ],
    ['in a value without a prototype', () => Object.assign(Object.create(null), { SECRET })],
  ])('%s, and the run ends', async (_, make) => {
    world.task = (runner) => {
      const error = make();
      Reflect.get(runner, 'log').error('it failed', { error });
      throw error;
    };
    await world.run({ uid: 'a', plannedAt: NOON });
    expect(await world.records('a')).toMatchObject([{ status: 'FAILURE' }]);
    expect((await world.job('a'))?.leases).toEqual([]);
    expect(await traces()).not.toContain('battery');
  });

  it('in the error of its own redaction, if it is very long', async () => {
    const bundle = Array.from({ length: 2_000 }, (_, line) => `${line}-(?[${SECRET}`).join('\n');
    world.secrets.set('key', bundle);
    world.task = () => {
      throw new Error(`no ${bundle}`);
    };
    await world.run({ uid: 'a', plannedAt: NOON });
    expect(await world.records('a')).toMatchObject([{ status: 'FAILURE', messages: ['no [secret]'] }]);
    expect(await traces()).not.toContain('battery');
  });
});

it('The author of a runner on AWS does not read a secret by printing it, during the run or after it', async () => {
  const original = { ...console };
  const shown: unknown[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => shown.push(text) > 0);
  }
  try {
    const runners = { ...world.ports.runners, ...printingToRun(world.ports.runners) };
    const later = Promise.withResolvers<void>();
    let printedLater: Promise<void> | undefined;
    world.task = () => {
      for (const method of ['log', 'info', 'warn', 'error', 'dir', 'dirxml'] as const)
        console[method]({ [method]: SECRET });
      for (const piece of [SECRET.slice(0, 9), SECRET.slice(9), '\n']) process.stdout.write(piece);
      process.stderr.write(SECRET);
      printedLater = later.promise.then(() => {
        console.log(SECRET);
        process.stdout.write(`${SECRET}\n`);
      });
    };
    await world.run({ uid: 'a', plannedAt: NOON }, { runners });
    // Another run has begun meanwhile, which knows no secret.
    await world.save('b', { name: 'task', periodicity: '0 * * * *' });
    world.task = async () => {
      later.resolve();
      await printedLater;
    };
    await world.run({ uid: 'b', plannedAt: NOON, forced: 'request' }, { runners });
  } finally {
    Object.assign(console, original);
    vi.restoreAllMocks();
  }
  expect(shown.join('')).not.toContain('battery');
  expect(world.logger.lines.filter(({ message }) => message.includes('[secret]'))).toHaveLength(10);
  expect(await traces()).not.toContain('battery');
});

it('The author of a function in a folder does not read a secret by printing it', async () => {
  const folder = tempFolder();
  const body =
    'console.log(key.slice(0, 9)); process.stdout.write(key.slice(0, 9)); process.stderr.write(key);';
  writeFileSync(
    join(folder, 'evil.mjs'),
    `export const handler = ({ environ: { key } }) => { ${body} process.stdout.write(key.slice(9)); };`,
  );
  const { context, logger } = runContext({
    cron: { name: 'lambda:evil' },
    environ: { key: SECRET },
    secrets: [SECRET],
    tools: {
      functions: new ModuleFunctions(folder),
      limits: { allowedHosts: [], allowedFunctions: ['evil'], allowedUsers: [] },
    },
  });
  await new LambdaRunner(context).run();
  expect(logger.lines.map(({ message, fields }) => `${fields.stream} ${message}`).sort()).toEqual([
    'stderr [secret]',
    'stdout [secret]',
    `stdout ${SECRET.slice(0, 9)}`,
  ]);
});

it('A part of a secret is not shown from 8 characters on; a shorter one is, unless it is the whole', async () => {
  const shown = (key: string) => outputOf('printf "%s" "four67 eight678 $KEY"', key);
  expect(await shown('{"user":"four67","password":"eight678"}')).toBe('four67 [secret] [secret]');
  expect(await shown('postgres://four67:eight678@db.example/shop')).toBe('four67 [secret] [secret]');
  expect(await shown('four67')).toBe('[secret] eight678 [secret]');
});

it('A run that hangs beyond its timeout does not do so unseen', async () => {
  world.task = () => new Promise(() => {});
  const blocked = { now: () => world.clock.now(), wake: () => () => {}, after: () => () => {} };
  void world.run({ uid: 'a', plannedAt: NOON }, { clock: blocked });
  await world.clock.advance(6 * MINUTE + 1_000);
  await sweep(world.ports);
  expect(world.logger.linesOf('run-overran')).toHaveLength(1);
});
