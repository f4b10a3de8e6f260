import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../../lib/core/domain/errors.ts';
import { recordId } from '../../../../lib/core/domain/run-record.ts';
import type { OutputLine, RunOutput } from '../../../../lib/core/ports/run-output.ts';
import { commitJob } from '../../../support/commit-job.ts';
import { leaseOf, MINUTE, NOON } from '../../../support/jobs.ts';
import { notRunRecordOf, recordOf } from '../../../support/run-records.ts';
import { attributes, flash, has, hidden, texts, Visitor } from '../../../support/visitor.ts';
import { makeWorld, type World } from '../../../support/world.ts';

const CRON = '/sites/default/crons/a';
const FAILED = recordOf(30, {
  status: 'FAILURE',
  messages: ['The disk is full.'],
  codeVersion: 'two',
  definitionVersion: 2,
  deliveredAt: NOON - 29 * MINUTE,
  claimedAt: NOON - 29 * MINUTE,
  startedAt: NOON - 29 * MINUTE,
  endedAt: NOON - 28 * MINUTE,
});
const runPage = (record: { readonly plannedAt: number; readonly forced?: string }) =>
  `${CRON}/runs/${recordId(record)}`;

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.saveEarly('a', { name: 'task', periodicity: '0 * * * *', environ: { rows: 1 } });
  await world.saveEarly('a', { name: 'task', periodicity: '0 * * * *', environ: { rows: 2 }, timeout: 60 });
});
afterEach(() => world.close());

const reader = (output?: RunOutput, hasRole = true) =>
  new Visitor(
    { ...world.ports, ...(output && { output }) },
    hasRole ? {} : { access: { grants: async () => [{ principal: '*', role: 'viewer' }] } },
  );
const outputOf = (...messages: string[]): RunOutput => ({
  read: async (_run, cursor) => ({
    lines: cursor === undefined ? messages.map((message) => ({ time: NOON, level: 'INFO', message })) : [],
    cursor: 'c1',
    hasMore: false,
  }),
});

describe('the page of a run', () => {
  it('A failed run shows its message, its timeline with causes, and what was changed since the last good run', async () => {
    const good = recordOf(90, { codeVersion: 'one' });
    await commitJob(world.ports.store, 'a', {}, [good, FAILED, recordOf(10)]);
    const page = await reader().get(runPage(FAILED));
    expect(texts(page, 'h1')).toEqual(['a, 11:30 UTC Failed']);
    expect(texts(page, '#title p')).toEqual(['task · planned · took 1 min, usually 1.5 s']);
    expect(texts(page, '#messages')).toEqual(['The disk is full.']);
    expect(texts(page, '.timeline li')).toEqual([
      'Planned now 11:30 UTC',
      'Timer fired 11:31:00.000 +1 min A timer fires within a minute of its time.',
      'Claimed 11:31:00.000 +0 ms',
      'Started 11:31:00.000 +0 ms',
      'Ended 11:32:00.000 +1 min',
      'Next planned in 20 minutes 11:50 UTC',
    ]);
    expect(texts(page, '.changes li')).toEqual([
      'code: one two',
      'definition: version 1 version 2',
      'environ.rows changed',
      'timeout set 60',
    ]);
    expect(texts(page, '.environ tr')).toEqual(['Setting Value', 'rows 2']);
    expect(attributes(page, '.neighbours a', 'href')).toEqual([runPage(good), runPage(recordOf(10))]);
    expect(attributes(page, '#with dd a', 'href')[0]).toBe(`${CRON}/history#version-2`);
    expect(has(page, '#lines')).toBe(false);
    expect((await reader().get(`${CRON}/runs/1`)).status).toBe(404);
  });

  it('A run with hundreds of failures before it says how many were searched for a good one', async () => {
    const failures = Array.from({ length: 600 }, (_, n) => recordOf(600 - n, { status: 'FAILURE' }));
    await commitJob(world.ports.store, 'a', {}, [recordOf(601), ...failures]);
    const page = await reader().get(runPage(recordOf(1)));
    expect(texts(page, '#with dd').slice(0, 2)).toEqual(['version 1', 'none among the 499 runs before']);
  });

  it('A run names its versions, and those that the last good one had as well, as far as they are known', async () => {
    const code = { codeVersion: 'abc' };
    const [good, same] = [recordOf(90, code), recordOf(60, code)];
    const { definitionVersion: _, ...old } = recordOf(30, { runner: '' });
    await commitJob(world.ports.store, 'a', {}, [good, same, old]);
    expect(texts(await reader().get(runPage(same)), '#with dd').slice(0, 3)).toEqual([
      'version 1',
      'abc',
      '10:30 UTC , with the same definition and code',
    ]);
    const page = await reader().get(runPage(old));
    expect(texts(page, '#with dd').slice(0, 1)).toEqual(['11:00 UTC']);
    expect(texts(page, '#with .none').at(-1)).toBe('That version is not known any more.');
  });

  it('An occurrence that did not run shows the reason, and neither output nor what it ran with', async () => {
    const missed = notRunRecordOf(30, {
      reason: 'missed',
      messages: ['It was missed.'],
      covers: { from: NOON - 90 * MINUTE, count: 3 },
    });
    await commitJob(world.ports.store, 'a', {}, [missed]);
    const page = await reader(outputOf()).get(runPage(missed));
    expect(texts(page, '#title p')).toEqual(['task · planned · covers 3 planned times']);
    expect(texts(page, '#messages')).toEqual(['It was missed.']);
    expect([has(page, '#with'), has(page, '#lines')]).toEqual([false, false]);
    expect(texts(page, '.actions button')).toEqual(['Run now']);
  });

  it('A run in progress shows for how long, is refreshed, and its output is followed', async () => {
    const lease = {
      ...leaseOf(NOON - 33 * MINUTE),
      forced: 'x',
      runId: 'x',
      requestedBy: 'ada',
      stop: 'ana',
    };
    await commitJob(world.ports.store, 'a', { leases: [lease] });
    const page = await reader(outputOf('hello')).get(runPage(lease));
    expect(texts(page, 'h1 .badge')).toEqual(['Running']);
    expect(texts(page, '#title p')).toEqual(['task · requested by ada · running for 3 min · ana stops it']);
    expect(texts(page, '.timeline strong')).toEqual(['Requested', 'Delivered', 'Claimed', 'Started']);
    expect(texts(page, '.timeline .is-started')[0]).toMatch(
      /^Started after its claim The exact time is recorded when the run ends\./,
    );
    expect(attributes(page, '#main', 'data-refresh')).toEqual(['2']);
    expect(attributes(page, '#lines', 'data-cursor')).toEqual(['c1']);
    expect(texts(page, '#lines li')).toEqual(['12:00:00.000 INFO hello']);
    const [path = ''] = attributes(page, '#lines', 'data-follow');
    const more = await reader(outputOf('hello')).get(`${path}?cursor=c1`);
    expect([texts(more, '#lines li'), attributes(more, '#lines', 'data-cursor')]).toEqual([[], ['c1']]);
    expect(texts(page, '.actions button')).toEqual(['Stop']);
    expect(has(await reader(undefined, false).get(runPage(lease)), '.actions button')).toBe(false);
  });

  it('A run in progress shows how much of its usual duration has passed', async () => {
    const slow = (minutes: number) => recordOf(minutes, { endedAt: NOON - minutes * MINUTE + 600_000 });
    await commitJob(world.ports.store, 'a', { leases: [leaseOf(NOON - 33 * MINUTE)] }, [slow(90)]);
    const progressOf = async () => {
      const page = await reader().get(runPage(leaseOf(NOON - 33 * MINUTE)));
      return attributes(page, '#title progress', 'value').concat(attributes(page, '#title progress', 'max'));
    };
    const [value, max] = await progressOf();
    expect([Number(value) < Number(max), max]).toEqual([true, '600000']);
    await world.clock.advance(30 * MINUTE);
    expect(await progressOf()).toEqual([max, max]);
  });

  it('A run that was just requested waits for its output', async () => {
    const id = recordId({ plannedAt: world.clock.now(), forced: 'x' });
    const page = await reader(outputOf('hello')).get(`${CRON}/runs/${id}`);
    expect(texts(page, 'h1 .badge')).toEqual(['Waiting']);
    expect(texts(page, '#title p')).toEqual(['task · requested by hand']);
    expect(texts(page, '#with .none').at(-1)).toBe('It has not started yet.');
    expect(attributes(page, '#lines', 'data-follow')).toEqual([`${CRON}/runs/${id}/output`]);
    expect(attributes(page, '#lines', 'data-more')).toEqual(['yes']);
    const none = await reader(outputOf('hello')).get(`${CRON}/runs/${id}/output`);
    expect([none.status, texts(none, '#lines li')]).toEqual([200, []]);
  });

  it('A user runs it again, and is led to the page of the new run', async () => {
    await commitJob(world.ports.store, 'a', {}, [FAILED]);
    const visitor = reader();
    const page = await visitor.get(runPage(FAILED));
    expect(texts(page, '.actions button')).toEqual(['Run again']);
    const again = await visitor.post(`${CRON}/do`, { do: 'run', to: 'run' });
    expect(flash(again)?.kind).toBe('done');
    expect(again.path).toMatch(/^\/sites\/default\/crons\/a\/runs\/\d+-/);
    expect(texts(again, 'h1 .badge')).toEqual(['Waiting']);
    expect(has(await reader(undefined, false).get(runPage(FAILED)), '.actions button')).toBe(false);
  });
});

describe('a run that a user stops', () => {
  it('The button stops the run, and the page says who does it', async () => {
    const lease = leaseOf(NOON - 33 * MINUTE);
    await commitJob(world.ports.store, 'a', { leases: [lease] });
    const visitor = new Visitor({ ...world.ports, by: 'ana' });
    const page = await visitor.get(runPage(lease));
    expect(texts(page, '.actions button')).toEqual(['Stop']);
    const stopping = await visitor.post(`${CRON}/do`, { do: 'stop', id: hidden(page, 'id') });
    expect([stopping.path, flash(stopping)?.kind]).toEqual([runPage(lease), 'done']);
    expect(texts(stopping, '#title p')).toEqual(['task · planned · running for 3 min · ana stops it']);
    expect(has(stopping, '.actions button[disabled]')).toBe(true);
    expect((await world.job('a'))?.leases).toMatchObject([{ stop: 'ana' }]);
    const late = await visitor.post(`${CRON}/do`, { do: 'stop', id: '1' });
    expect(flash(late)?.kind).toBe('refused');
  });
});

describe('the output of a run', () => {
  beforeEach(async () => {
    world.clock.set(NOON);
    await commitJob(world.ports.store, 'a', {}, [FAILED]);
  });

  it('The lines have their fields, and stack traces are folded', async () => {
    const lines: OutputLine[] = [
      { time: NOON, level: 'INFO', message: '<b>', fields: { rows: 2 } },
      { time: NOON, level: 'ERROR', message: 'failed', fields: { code: 'x', stack: 'Error\n at y' } },
      { time: NOON, level: 'ERROR', message: 'again', fields: { stack: 'Error\n at z' } },
    ];
    const read = async () => ({ lines, cursor: 'c', hasMore: false });
    const page = await reader({ read }).get(runPage(FAILED));
    expect(texts(page, '#lines li')).toEqual([
      '12:00:00.000 INFO <b> rows=2',
      '12:00:00.000 ERROR failed code=x Stack trace Error at y',
      '12:00:00.000 ERROR again Stack trace Error at z',
    ]);
    expect(texts(page, '#lines summary')).toHaveLength(2);
  });

  it('The frames that a program writes as lines are folded into the line of their error', async () => {
    const line = (message: string): OutputLine => ({
      time: NOON,
      level: 'INFO',
      message,
      fields: { stream: 'stderr' },
    });
    const lines = [
      '    at early',
      '    at later',
      'Error: 1',
      '    at x (a.js:1)',
      '\tat y (b.js:2)',
      'Node.js v24',
    ].map(line);
    const page = await reader({ read: async () => ({ lines, cursor: 'c', hasMore: false }) }).get(
      runPage(FAILED),
    );
    expect(texts(page, '#lines li')).toEqual([
      '12:00:00.000 INFO at early stream=stderr Stack trace at later',
      '12:00:00.000 INFO Error: 1 stream=stderr Stack trace at x (a.js:1) at y (b.js:2)',
      '12:00:00.000 INFO Node.js v24 stream=stderr',
    ]);
    expect(attributes(page, '#lines', 'data-more')).toEqual([undefined]);
    expect(texts(page, '[aria-labelledby="output-title"] .head p')).toEqual([
      'from Mon 2 Mar 2026 12:00 UTC',
    ]);
  });

  it('A run without output says so, and one with many lines has a link to the others', async () => {
    expect(texts(await reader(outputOf()).get(runPage(FAILED)), '.card .none')).toContain(
      'This run wrote no output, or its output has expired.',
    );
    const read = async () => ({
      lines: [{ time: NOON, level: 'INFO', message: 'x' }],
      cursor: 'c',
      hasMore: true,
    });
    const page = await reader({ read }).get(runPage(FAILED));
    expect(attributes(page, 'p.no-js a', 'href')).toEqual(['?cursor=c']);
  });

  it('The output is downloaded as text, page by page', async () => {
    const read = async (_run: unknown, cursor = '0') => ({
      lines:
        cursor === '2'
          ? []
          : [
              {
                time: NOON,
                level: 'INFO',
                message: `line ${cursor}`,
                ...(cursor === '1' && { fields: {} }),
              },
            ],
      cursor: String(Number(cursor) + 1),
      hasMore: cursor !== '2',
    });
    const page = await reader({ read }).get(`${runPage(FAILED)}/output.txt`);
    expect(page.html).toBe('2026-03-02T12:00:00.000Z INFO line 0\n2026-03-02T12:00:00.000Z INFO line 1 {}\n');
    expect(page.headers.get('Content-Disposition')).toBe(`attachment; filename="a-${recordId(FAILED)}.txt"`);
  });

  it('A download ends, however many lines there are', async () => {
    const read = async () => ({
      lines: [{ time: NOON, level: 'INFO', message: 'x' }],
      cursor: 'c',
      hasMore: true,
    });
    const page = await reader({ read }).get(`${runPage(FAILED)}/output.txt`);
    expect(page.html.split('\n')).toHaveLength(21);
  });

  it('The output of a deployment has a link to the console', async () => {
    const read = async () => ({ lines: [], cursor: 'c', hasMore: false });
    const address = ({ runId }: { runId: string }) => `https://console.example/${runId}`;
    const page = await reader({ read, address }).get(runPage(FAILED));
    expect(attributes(page, 'a[target="_blank"]', 'href')).toEqual(['https://console.example/r30']);
  });

  it('The page of a run says why its output cannot be read now, and tries again', async () => {
    const read = () => Promise.reject(new UnavailableError('The output cannot be read: too many calls.'));
    const page = await reader({ read }).get(runPage(FAILED));
    expect(page.status).toBe(200);
    expect(page.html).toContain('The output cannot be read: too many calls.');
    expect(page.html).toContain('data-more');
  });

  it('A failure of the output is no missing output', async () => {
    const read = () => Promise.reject(new Error('no disk'));
    expect((await reader({ read }).get(runPage(FAILED))).status).toBe(500);
  });
});
