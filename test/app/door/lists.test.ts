import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type * as z from 'zod/mini';
import { makeDoor, type UntypedCall } from '../../../lib/app/door/call.ts';
import type { Operation } from '../../../lib/app/door/operation.ts';
import { OPERATIONS, type OperationId } from '../../../lib/app/door/operations.ts';
import { PublishedRunners } from '../../../lib/runners/published-runners.ts';
import { RunnerTable } from '../../../lib/runners/table.ts';
import { commitJob } from '../../support/commit-job.ts';
import { leaseOf, MINUTE, NOON } from '../../support/jobs.ts';
import { recordOf } from '../../support/run-records.ts';
import { makeWorld, type World } from '../../support/world.ts';

const PAGE_BYTES = 1_000_000;
/** What answers beside a list to go on: where the next page begins, or what is to be asked for again. */
const CONTINUATIONS = ['cursor', 'left'];

/** The lists without pages, and what bounds them. */
const BOUNDED: Partial<Record<OperationId, string>> = {
  checkSteps: 'at most 500 steps in a request, whose reasons are cut',
  draftCron: 'the problems of one parameter, which are cut',
  previewCron: 'the same as preview, and one text',
  preview: 'at most MAX_PREVIEWED times, and the problems of one periodicity',
  readCron: 'fields of one parameter, and the job, which is one item',
  readJob: 'one item of the table',
  readLog: 'one run record, at most 8 KB of messages',
  readRun: 'one run record, and the changes between two parameters',
  readText: 'the problems of one parameter, which are cut',
  runCrons: 'at most 50 uids in a request',
  removeCrons: 'at most 50 uids in a request',
  restoreCrons: 'at most 50 uids in a request',
  switchCrons: 'at most 50 uids in a request',
  whoami: 'the roles of all users are one item of the table',
  why: 'a few facts about one time',
};

const ids = Object.keys(OPERATIONS) as OperationId[];
const operationOf = (id: OperationId): Operation => OPERATIONS[id];
const shapeOf = (id: OperationId) => (operationOf(id).answer() as z.ZodMiniObject).shape;
const listsOf = (id: OperationId) => {
  const isList = (field: z.core.$ZodType) => field._zod.def.type === 'array';
  return Object.entries(shapeOf(id)).flatMap(([name, field]) => (isList(field) ? [name] : []));
};
const hasContinuation = (id: OperationId) => CONTINUATIONS.some((name) => name in shapeOf(id));
const isPaged = (id: OperationId) => 'cursor' in shapeOf(id) && !operationOf(id).isForPages;

it('Each operation that answers a list goes on with a further page, or its list has a bound', () => {
  const unbounded = ids.filter(
    (id) => listsOf(id).length > 0 && !hasContinuation(id) && BOUNDED[id] === undefined,
  );
  expect(unbounded).toEqual([]);
});

describe('the pages of lists', () => {
  const CRONS = 300;
  const VERSIONS = 90;
  const SITES = 1_000;
  const RUNNERS = 400;
  const BUILT_IN = new RunnerTable({}).describe().length;
  const SECRETS = 1_200;
  const large = 'x'.repeat(5_000);
  let world: World;
  let call: UntypedCall;
  const sizes: Partial<Record<OperationId, number>> = {
    siteNames: SITES + 1,
    listSites: SITES + 1,
    listCrons: CRONS,
    listSecrets: SECRETS,
    readSiteHistory: VERSIONS,
    readHistory: VERSIONS,
    readRuns: 1_200 + 1,
    readAllRuns: 1_200 + 1,
    readLogs: 25,
    readOutput: 3_000,
    readTimeline: CRONS,
    listRunners: RUNNERS + BUILT_IN,
    readCatalogue: RUNNERS,
  };

  beforeEach(async () => {
    world = makeWorld();
    const { store } = world.ports;
    for (let n = 0; n < SECRETS; n++) world.secrets.set(`secret-${n}`, 'hunter2-hunter2');
    const lines = Array.from({ length: 3_000 }, (_, n) => ({
      time: NOON,
      level: 'INFO',
      message: `${n}${large}`,
    }));
    const output = {
      read: async (_run: unknown, cursor = '0') => {
        const end = Number(cursor) + 150;
        return { lines: lines.slice(Number(cursor), end), cursor: String(end), hasMore: end < lines.length };
      },
    };
    const described = Array.from({ length: RUNNERS }, (_, n) => ({ name: `runner-${n}`, summary: large }));
    const runners = new PublishedRunners(new RunnerTable({}), described);
    const catalogue = { read: async () => ({ runners: described, limits: {} }) };
    call = makeDoor({ ...world.ports, output, runners, catalogue }).as({}) as UntypedCall;
    for (let n = 0; n < SITES; n++)
      await store.putProjection({ site: `site-${n}` }, { modified: 1, version: 1 });
    const cron = { name: 'task', periodicity: '0 * * * *', environ: { large } };
    for (let n = 0; n < CRONS; n++) await world.edit(`c-${n}`, JSON.stringify(cron));
    for (let n = 1; n < VERSIONS; n++) await world.edit('c-0', JSON.stringify({ ...cron, logsLimit: n }));
    for (let n = 0; n < VERSIONS; n++)
      await world.edit(undefined, JSON.stringify({ activated: n % 2 === 0, large }));
    const records = Array.from({ length: 1_200 }, (_, n) =>
      recordOf(1_200 - n, { uid: 'c-0', messages: [large] }),
    );
    await commitJob(store, 'c-0', { leases: [leaseOf(NOON)] }, records);
  });
  afterEach(() => world.close());

  it('Each has at most 1 MB, and together they have every item once', async () => {
    const paged = ids.filter(isPaged);
    expect(paged.sort()).toEqual(Object.keys(sizes).sort());
    for (const id of paged) {
      const input = id === 'readOutput' ? { id: `${(NOON - MINUTE) / 1_000}` } : {};
      const [list = ''] = listsOf(id);
      const { json = (same: unknown) => same } = operationOf(id);
      const items: string[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        pages++;
        const count = id === 'readRuns' || id === 'readAllRuns' ? { count: 500 } : {};
        const place = { site: 'default', uid: 'c-0' };
        const answer = await call(id, place, { ...input, ...count, ...(cursor && { cursor }) });
        const page = json(answer as never) as { cursor?: string } & Record<string, unknown[]>;
        expect([id, JSON.stringify(page).length <= PAGE_BYTES]).toEqual([id, true]);
        items.push(...(page[list] ?? []).map((item) => JSON.stringify(item)));
        cursor = page.cursor;
      } while (cursor !== undefined && pages < 100);
      expect([id, items.length, new Set(items).size]).toEqual([id, sizes[id], sizes[id]]);
    }
  });
});

describe('several crons in one request', () => {
  let world: World;
  beforeEach(() => {
    world = makeWorld();
  });
  afterEach(() => world.close());

  const bad = (index: number) => ({
    uid: `${'é\u0001'.repeat(64)}${index}`.slice(-128),
    kind: 'add',
    fields: Object.fromEntries(
      Array.from({ length: 25 }, (_, n) => [`${'ü'.repeat(60)}${n}`, 'x'.repeat(60)]),
    ),
  });

  it('The most bad steps get an answer of at most 1 MB, with a reason for each', async () => {
    const call = makeDoor(world.ports).as({});
    const steps = Array.from({ length: 500 }, (_, index) => bad(index) as { uid: string; kind: 'add' });
    const answer = await call('checkSteps', { site: 'default' }, { steps });
    expect(answer.refused).toHaveLength(500);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(PAGE_BYTES);
    expect(answer.refused[499]?.reason).toContain('got');
  });

  it.each([
    ['checkSteps', { steps: [{ uid: 'x'.repeat(200), kind: 'remove' }] }],
    ['removeCrons', { uids: ['x'.repeat(200)] }],
  ] as const)('%s refuses a uid that is longer than any', async (id, input) => {
    const call = makeDoor(world.ports).as({}) as UntypedCall;
    await expect(call(id, { site: 'default' }, input)).rejects.toThrow('at most 128 characters');
  });
});
