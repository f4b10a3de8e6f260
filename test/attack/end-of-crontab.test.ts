/**
 * Ways to end or to block the one process that runs all crons of a folder: by a function, by requests, by a file. The flood of
 * connections needs a process with few file descriptors of its own: test/chaos/troubles.ts.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acceptRun } from '../../lib/adapters/local/accept-run.ts';
import { folderLimits } from '../../lib/adapters/local/folder-limits.ts';
import { LocalScheduler } from '../../lib/adapters/local/local-scheduler.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system-random.ts';
import { makeDoor } from '../../lib/app/door/call.ts';
import { readProfile } from '../../lib/app/profiles/formats.ts';
import { Runner } from '../../lib/runners/runner.ts';
import { makeApp } from '../../lib/surfaces/web/app.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { tempFolder } from '../support/temp-folder.ts';

const YEARLY = { periodicity: '@yearly' };

let dir: string;
let laptop: LocalScheduler;
let end: () => void;

beforeEach(async () => {
  dir = tempFolder();
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  class Waiting extends Runner {
    async run() {
      await ended;
    }
  }
  laptop = new LocalScheduler({
    dir,
    clock: systemClock,
    random: systemRandom,
    logger: new MemoryLogger(),
    runners: { waiting: Waiting },
    limits: folderLimits(dir),
  });
  await laptop.start();
});
afterEach(async () => {
  end();
  await laptop.stop();
});

/** Writes the cron as an editor of its site does, and waits until it is in force. */
async function save(uid: string, cron: object): Promise<void> {
  await makeDoor(laptop.ports).as({})('addCron', { site: 'default' }, { ...YEARLY, ...cron, uid } as never);
  await laptop.idle();
}

const resultOf = async (uid: string) =>
  (await laptop.ports.store.records('default', uid, { limit: 1 })).records[0];

describe('a function in the folder', () => {
  it.each([
    [
      'leaves a rejection unhandled',
      'Promise.reject(new Error("stray")); await new Promise((r) => setTimeout(r, 60_000));',
    ],
    [
      'throws in a callback',
      'setImmediate(() => { throw new Error("stray"); }); await new Promise((r) => setTimeout(r, 60_000));',
    ],
    ['ends its process', 'process.exit(1);'],
    ['loops for ever', 'for (;;);'],
    ['takes all memory', 'const all = []; for (;;) all.push(Array(100_000).fill(1.5));'],
    ['takes all memory in small pieces', 'const all = []; for (;;) all.push(Array(1_000).fill(1.5));'],
  ])('One that %s fails its own run, and another cron runs', async (_, body) => {
    mkdirSync(laptop.folder.functions, { recursive: true });
    writeFileSync(
      join(laptop.folder.functions, 'evil.mjs'),
      `export const handler = async () => { ${body} };`,
    );
    await save('evil', { name: 'lambda:evil', timeout: 3 });
    await save('good', { name: 'heartbeat' });
    laptop.force('default', 'evil');
    laptop.force('default', 'good');
    await laptop.idle();
    expect(await resultOf('evil')).toMatchObject({ status: 'FAILURE' });
    expect(await resultOf('good')).toMatchObject({ status: 'OK' });
  });
});

it('Of 320 requested runs that do not end, 200 are accepted and the others answered with 429 and a time to wait', async () => {
  const uids = Array.from({ length: 107 }, (_, number) => `cron-${number}`);
  for (const uid of uids) await save(uid, { name: 'waiting', overlap: 'allow' });
  const queue = { deliver: (delivery: Parameters<typeof acceptRun>[1]) => acceptRun(laptop, delivery) };
  const app = makeApp(makeDoor({ ...laptop.ports, queue }));
  const answers: Response[] = [];
  for (let round = 0; round < 3; round++) {
    for (const uid of uids) {
      const init = { method: 'POST', headers: { 'x-cloudtab': '1' } };
      answers.push(await app.request(`/api/sites/default/crons/${uid}/run`, init));
    }
  }
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(answers.length - 200);
  expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(laptop.requested).toBe(200);
  end();
  await laptop.idle();
  expect(laptop.requested).toBe(0);
});

describe('a file of others', () => {
  const keys = Array.from({ length: 25_000 }, (_, number) => `k${number}`);

  it.each([
    ['yaml', `crons:\n  - uid: a\n    environ:\n${keys.map((key) => `      ${key}: 1\n`).join('')}`],
    ['yaml', keys.map((key) => `${key}: 1\n`).join('')],
    ['json', JSON.stringify({ crons: [{ uid: 'a', ...Object.fromEntries(keys.map((key) => [key, 1])) }] })],
    [
      'xml',
      `<crons><cron uid="a"><environ>${JSON.stringify(Object.fromEntries(keys.map((key) => [key, 1])))}</environ></cron></crons>`,
    ],
  ])('25,000 keys of an object in %s are one problem, within seconds', (format, text) => {
    const startedAt = performance.now();
    const { problems } = readProfile(text, { format: format as 'yaml' });
    expect(problems).toMatchObject([{ got: expect.stringMatching(/^2500[01] keys$/) }]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('25,000 attributes of an element in XML are one problem, within seconds', () => {
    const attributes = keys.map((key) => `${key}="1"`).join(' ');
    const startedAt = performance.now();
    const { problems } = readProfile(`<crons><cron uid="a" ${attributes}/></crons>`, { format: 'xml' });
    expect(problems).toMatchObject([{ got: '25001 attributes' }]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('A text of open brackets does not make a problem as long as itself', () => {
    const { problems } = readProfile(
      `<crons><cron uid="a"><environ>${'['.repeat(100_000)}</environ></cron></crons>`,
      {
        format: 'xml',
      },
    );
    expect(JSON.stringify(problems).length).toBeLessThan(1_000);
  });

  it.each([
    ['yaml', `crons: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['json', `{"crons": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['yaml', `crons: ${'['.repeat(70)}${']'.repeat(70)}`],
  ])('Many levels in %s are one problem', (format, text) => {
    expect(readProfile(text, { format: format as 'yaml' }).problems).toMatchObject([
      { got: 'too many nested levels' },
    ]);
  });

  it('A body with 8,000 unknown keys is refused with one problem', async () => {
    const body = JSON.stringify({
      ...YEARLY,
      name: 'heartbeat',
      ...Object.fromEntries(keys.slice(0, 5_000).map((key) => [key, 1])),
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const response = await makeApp(makeDoor(laptop.ports)).request('/api/sites/default/crons', init);
    expect(await response.json()).toMatchObject({ status: 422, problems: [{ got: '5000 unknown keys' }] });
  });
});
