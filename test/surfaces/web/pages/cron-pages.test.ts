import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describePeriodicity } from '../../../../lib/app/operations/describe-periodicity.ts';
import { forceRun } from '../../../../lib/app/operations/force-run.ts';
import { history } from '../../../../lib/app/operations/history.ts';
import { readCron } from '../../../../lib/app/operations/read.ts';
import { removeCron } from '../../../../lib/app/operations/remove-cron.ts';
import { switchCron } from '../../../../lib/app/operations/switch-cron.ts';
import { formatProblem } from '../../../../lib/core/domain/problem.ts';
import { type RunRecord, recordId } from '../../../../lib/core/domain/run-record.ts';
import { commitJob } from '../../../support/commit-job.ts';
import { errorMessage } from '../../../support/error-message.ts';
import { leaseOf, MINUTE, NOON } from '../../../support/jobs.ts';
import { notRunRecordOf, recordOf } from '../../../support/run-records.ts';
import {
  attributes,
  flash,
  has,
  hidden,
  texts,
  type VisitedPage,
  Visitor,
} from '../../../support/visitor.ts';
import { makeWorld, type World } from '../../../support/world.ts';

let world: World;
let visitor: Visitor;
beforeEach(() => {
  world = makeWorld();
  visitor = new Visitor(world.ports);
});
afterEach(() => world.close());

const HOURLY = { name: 'task', periodicity: '0 * * * *' };
const CRON = '/sites/default/crons/a';

const act = (fields: Record<string, string | string[]>) => visitor.post(`${CRON}/do`, fields);

/** Runs the occurrences that are due, then the forced ones. */
async function runAll() {
  await world.clock.advance(0);
  for (const delivery of world.delivered.splice(0)) await world.run(delivery);
}

/** Saves an hourly cron with these run records, oldest last. */
async function saveRecords(...records: RunRecord[]) {
  await world.save('a', { ...HOURLY, logsLimit: 25 });
  await commitJob(world.ports.store, 'a', {}, records.toReversed());
}

/** The id of the log of a run that was planned so many hours before noon. */
const logId = (hours: number) => recordId(recordOf(hours * 60));

/** The terms of a description list with their descriptions. */
const facts = (page: VisitedPage, selector: string) => {
  const descriptions = texts(page, `${selector} dd`);
  return Object.fromEntries(texts(page, `${selector} dt`).map((term, index) => [term, descriptions[index]]));
};

/** The ids of the listed logs, in order. */
const listedLogs = (page: VisitedPage) => attributes(page, '.logs input[name="log"]', 'value');

describe('the page of a cron', () => {
  it('The page of a cron shows its definition, its environ and its next ten runs', async () => {
    const environ = { to: 'ada', pages: 4, list: [1], token: { $secret: 'mail' } };
    await world.save('a', {
      ...HOURLY,
      environ,
      user: 'ada',
      description: 'Sends the report',
      tags: ['eu', 'mail'],
      timeout: 90,
      maxLateness: '2h',
      overlap: 'buffer',
      missed: 'all',
    });
    const page = await visitor.get(CRON);
    expect(attributes(page, '.crumbs a', 'href')).toEqual(['/sites/default']);
    expect(has(page, 'h1 .badge.is-new')).toBe(true);
    expect(texts(page, '#title p')).toEqual(['task as ada', 'Sends the report', 'Tags: eu mail']);
    expect(attributes(page, '#title .tag', 'href')).toEqual([
      '/sites/default?tag=eu',
      '/sites/default?tag=mail',
    ]);
    expect(facts(page, '#glance')).toEqual({
      Schedule: `${describePeriodicity('0 * * * *', 'a')} 0 * * * * UTC`,
      'Next run': 'in 30 minutes 12:00 UTC',
    });
    expect(facts(page, '#definition')).toEqual({
      Runner: 'task',
      User: 'ada',
      'Time zone': 'UTC (the crontab’s)',
      Overlap: 'one run waits until the previous one has ended',
      Missed: 'every missed time runs, oldest first',
      'Latest start': 'at most 2 h late',
      'Time limit': '1 min 30 s',
      'Logs kept': '5',
    });
    expect(texts(page, '.environ tbody tr')).toEqual([
      'to ada',
      'pages 4',
      'list [ 1 ]',
      'token secret mail',
    ]);
    expect(texts(page, '#next .planned li')).toHaveLength(10);
  });

  it('The page of a cron marks the runs that a clock change affects', async () => {
    await world.save('a', { ...HOURLY, periodicity: '30 2 29 3 *', timezone: 'Europe/Paris' });
    const page = await visitor.get(CRON);
    expect(texts(page, '#next .remark')[0]).toMatch(/02:00.*03:00/);
    expect(texts(page, '#definition dd')[1]).toBe('Europe/Paris');
  });

  it('The page of a cron shows why no run is planned', async () => {
    await world.save('a', { ...HOURLY, activated: false });
    expect(texts(await visitor.get(CRON), '#next .none')).toEqual([
      expect.stringMatching(/^It is switched off since .*\.$/),
    ]);
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"activated":false}');
    expect(texts(await visitor.get(CRON), '#next .none')).toEqual([
      expect.stringMatching(/^The crontab is switched off since .*\.$/),
    ]);
  });

  it('The page of a cron without a valid version shows its problems and cannot run it', async () => {
    await world.edit('a', '{"name":"task"}');
    const page = await visitor.get(CRON);
    expect(texts(page, '#banners h2')).toEqual(['The latest edit was rejected']);
    expect(texts(page, '#banners section > p')[0]).toBe('No version has been valid, so nothing runs.');
    expect(texts(page, '#banners .problems code')).toEqual(['periodicity']);
    expect(texts(page, '#next .none')).toEqual(['No version has been valid.']);
    expect(has(page, '#run-now[disabled]')).toBe(true);
  });

  it('The page of a cron that cannot be read shows the reason and the fix, and offers no run', async () => {
    await world.save('a', HOURLY);
    world.damage('job', 'a', '{');
    const page = await visitor.get(CRON);
    const { unreadable } = await readCron(world.ports, 'default', 'a');
    expect(texts(page, '#unreadable .problems')).toEqual([
      `stored state Got ${unreadable?.got}, wanted ${unreadable?.wanted}. ${unreadable?.fix}`,
    ]);
    expect(has(page, 'h1 .badge.is-broken')).toBe(true);
    expect(texts(page, '#next .none')).toEqual(['It cannot be read.']);
    expect(has(page, '#run-now[disabled]')).toBe(true);
    await world.edit('a', '{}');
    expect(texts(await visitor.get(CRON), '#banners section > p')[0]).toBe(
      'The last valid version cannot be read, so nothing runs.',
    );
    world.damage('projection', 'a', '{');
    const unknown = await visitor.get(CRON);
    expect(texts(unknown, '#title p')).toEqual(['It cannot be read.']);
    expect(texts(unknown, '#glance dd')[0]).toBe('nothing in force');
  });

  it('The page of an unknown cron answers 404 with the reason of the operation', async () => {
    const page = await visitor.get('/sites/default/crons/gone');
    expect(page.status).toBe(404);
    expect(page.text).toContain(await errorMessage(readCron(world.ports, 'default', 'gone')));
  });

  it('The pages of a cron escape text of users, runners and parameters', async () => {
    const evil = '<script>alert(1)</script>';
    await world.save('a', { ...HOURLY, user: evil, environ: { [evil]: evil } });
    world.task = () => evil;
    await world.clock.advance(30 * MINUTE);
    await runAll();
    for (const path of [CRON, `${CRON}/edit`, `${CRON}/history`, '/sites/default']) {
      const { html, text } = await visitor.get(path);
      expect(html).not.toContain('<script>');
      expect(text).toContain('<script>');
    }
  });

  it('The page of a cron in a read-only crontab offers a run, but no change', async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"readOnly":true}');
    await commitJob(world.ports.store, 'a', {}, [recordOf(60)]);
    const page = await visitor.get(CRON);
    expect(texts(page, '#banners .is-state')).toEqual([
      'Read only. The dashboard cannot change anything. Runs continue.',
    ]);
    expect(has(page, 'button[name="do"][value="delete"][disabled]')).toBe(true);
    expect(has(page, 'button[name="do"][value="delete-logs"][disabled]')).toBe(true);
    expect(has(page, '#run-now:not([disabled])')).toBe(true);
    expect(has(await visitor.get(`${CRON}/history`), 'button[value="restore"]')).toBe(false);
  });
});

describe('the logs of a cron', () => {
  const logIds = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, n) => logId(from + n));

  it('The page of a cron shows ten logs at a time', async () => {
    await saveRecords(...Array.from({ length: 24 }, (_, n) => recordOf((n + 1) * 60)));
    const first = await visitor.get(CRON);
    expect(texts(first, '#logs .head p')).toEqual(['10/24 last logs']);
    expect(texts(first, '#logs .pager')).toEqual(['Newer 1–10 of 24 Older']);
    expect(listedLogs(first)).toEqual(logIds(1, 10));
    expect(attributes(first, '#logs .pager a', 'href')).toEqual([`${CRON}?offset=10`]);
    const last = await visitor.get(`${CRON}?offset=20`);
    expect(listedLogs(last)).toEqual(logIds(21, 24));
    expect(attributes(last, '#logs .pager a', 'rel')).toEqual(['prev']);
    const middle = await visitor.get(`${CRON}?offset=10`);
    expect(attributes(middle, '#logs .pager a[rel="prev"]', 'href')).toEqual([CRON]);
  });

  it.each(['-1', '99', 'x', '1.5'])(
    'The page of a cron starts with the newest log at the invalid offset "%s"',
    async (offset) => {
      await saveRecords(...Array.from({ length: 12 }, (_, n) => recordOf((n + 1) * 60)));
      expect(listedLogs(await visitor.get(`${CRON}?offset=${offset}`))).toEqual(logIds(1, 10));
    },
  );

  it('Each log shows its status, times and messages', async () => {
    await saveRecords(
      recordOf(60, { status: 'FAILURE', messages: ['no disk'] }),
      notRunRecordOf(120, {
        messages: ['It was too late.'],
        covers: { from: NOON - 9 * 60 * MINUTE, count: 7 },
      }),
      recordOf(180, { forced: 'r180' }),
      recordOf(200, { forced: 'r200', requestedBy: '<ada>' }),
      recordOf(240, { startedAt: NOON - 230 * MINUTE, endedAt: NOON - 229 * MINUTE }),
    );
    const page = await visitor.get(CRON);
    expect(attributes(page, '.logs a', 'href')).toContain(`${CRON}/runs/${logId(1)}`);
    expect(texts(page, '.logs > li')).toEqual([
      'Failed 11:00 UTC 30 minutes ago · took 1.5 s no disk',
      'Not run 10:00 UTC 1 hour ago · covers 7 planned times from 03:00 UTC It was too late.',
      'OK 09:00 UTC 2 hours ago · took 1.5 s · by hand',
      'OK 08:40 UTC 2 hours ago · took 1.5 s · requested by <ada>',
      'OK 08:00 UTC 3 hours ago · took 1 min · started 10 min late',
    ]);
  });

  it('The page of a cron deletes the selected log', async () => {
    await saveRecords(recordOf(60), recordOf(120));
    const page = await act({ do: 'delete-logs', log: logId(1) });
    expect(flash(page)).toEqual({ kind: 'done', message: expect.stringContaining('"a"') });
    expect(listedLogs(page)).toEqual([logId(2)]);
    expect(await world.records('a')).toHaveLength(1);
  });

  it('Deleting logs without a selected log is refused', async () => {
    await saveRecords(recordOf(60));
    expect(flash(await act({ do: 'delete-logs' }))).toEqual({
      kind: 'refused',
      message: 'Select at least one log first.',
    });
  });

  it('The page of a cron deletes all logs after a confirmation', async () => {
    await saveRecords(recordOf(60), recordOf(120));
    expect(texts(await act({ do: 'delete-all-logs' }), 'h1')).toEqual(['Delete all logs of a?']);
    expect(await world.records('a')).toHaveLength(2);
    const page = await act({ do: 'delete-all-logs', sure: 'yes' });
    expect(flash(page)).toEqual({ kind: 'done', message: expect.stringMatching(/\b2\b/) });
    expect(await world.records('a')).toEqual([]);
    expect(texts(page, '#logs .none')).toEqual([
      'No run is recorded. The next one is planned in 30 minutes 12:00 UTC. Why?',
    ]);
  });

  it('The page of a new cron says once that it has no runs, when one is planned, and can run it at once', async () => {
    await world.save('a', HOURLY);
    const page = await visitor.get(CRON);
    expect(page.html.match(/No run|not run yet/g)).toEqual(['No run']);
    expect(texts(page, '#logs .none')[0]).toMatch(/The next one is planned in 30 minutes/);
    expect(attributes(page, '#logs .none a', 'href')).toEqual([`${CRON}/why?time=2026-03-02T11%3A30%3A00Z`]);
    expect(texts(page, '#logs button')).toEqual(['Run it now']);
    await act({ do: 'off' });
    const off = await visitor.get(CRON);
    expect(texts(off, '#logs button')).toEqual(['Run once, stays off']);
    expect(has(off, '#logs input[name="even-off"]')).toBe(true);
  });
});

describe('a forced run', () => {
  it('The page of a cron shows the result of a forced run', async () => {
    await world.save('a', HOURLY);
    const requested = await act({ do: 'run' });
    expect(requested.path).toMatch(/^\/sites\/default\/crons\/a\?watch=/);
    const [, runId = ''] = decodeURIComponent(requested.path).split('~');
    expect(texts(requested, '#watch')).toEqual([
      'Waiting The run of a is about to start Its result appears here.',
    ]);
    await runAll();
    const ended = await visitor.get(requested.path);
    expect(has(ended, '#watch .result.is-OK .badge.is-OK')).toBe(true);
    expect(listedLogs(ended)).toEqual([expect.stringMatching(new RegExp(`-${runId}$`))]);
    expect(has(ended, '.logs > li.is-OK')).toBe(true);
  });

  it('The page of a cron shows that a forced run waits for the run in progress', async () => {
    await world.save('a', { ...HOURLY, overlap: 'buffer' });
    let page: VisitedPage | undefined;
    world.task = async () => {
      world.task = () => undefined;
      const requested = await act({ do: 'run' });
      await runAll();
      page = await visitor.get(requested.path);
      return undefined;
    };
    await world.clock.advance(30 * MINUTE);
    const [delivery] = world.delivered.splice(0);
    if (delivery) await world.run(delivery);
    expect(page && texts(page, '#watch h2')[0]).toMatch(/ waits until the run in progress has ended$/);
  });

  it('The page of a cron leads to the run in progress, and still says when the next one is planned', async () => {
    await world.save('a', { ...HOURLY, overlap: 'buffer' });
    const { store } = world.ports;
    await commitJob(store, 'a', { leases: [{ ...leaseOf(NOON - 32 * MINUTE), requestedBy: 'ben' }] });
    await forceRun(world.ports, 'default', 'a');
    await runAll();
    const page = await visitor.get(CRON);
    expect(facts(page, '#glance')).toMatchObject({
      Running: 'started 2 minutes ago , requested by ben · Show the run',
      Waiting: '1 run for its turn',
      'Next run': 'in 30 minutes 12:00 UTC',
    });
    const run = `${CRON}/runs/${(NOON - 32 * MINUTE) / 1000}`;
    expect(attributes(page, '#glance a', 'href')).toEqual([run]);
    expect(attributes(page, '#bars a', 'href')).toEqual([run]);
    expect(texts(page, '#logs .none')).toEqual(['No run has ended yet. Why?']);
    expect(has(page, '#logs button')).toBe(false);
  });

  it('The page of a cron does not follow a run of another cron', async () => {
    await world.save('a', HOURLY);
    const page = await visitor.get(`${CRON}?watch=b~x`);
    expect(has(page, '#watch')).toBe(true);
    expect(has(page, '#watch .result')).toBe(false);
  });

  it('The page of a cron that is off runs it once, and says that it stays off', async () => {
    await world.save('a', { ...HOURLY, activated: false });
    const page = await visitor.get(CRON);
    expect(texts(page, '#run-now')).toEqual(['Run once, stays off']);
    expect(texts(page, '#next .none')[0]).toMatch(/^It is switched off since .*\.$/);
    await act({ do: 'run', 'even-off': hidden(page, 'even-off') });
    await world.clock.advance(0);
    expect(world.delivered).toMatchObject([{ uid: 'a', evenOff: true }]);
  });

  it('A forced run of a cron without a valid version is refused with the reason of the operation', async () => {
    await world.edit('a', '{}');
    expect(flash(await act({ do: 'run' }))).toEqual({
      kind: 'refused',
      message: await errorMessage(forceRun(world.ports, 'default', 'a')),
    });
  });
});

describe('the actions of a cron', () => {
  beforeEach(() => world.save('a', HOURLY));

  it('The page of a cron switches it off and on, and shows the message of the operation', async () => {
    const switchTo = async (activated: boolean) =>
      (await switchCron(world.ports, 'default', 'a', { activated })).message;
    const messages = [await switchTo(false), await switchTo(false), await switchTo(true)];
    expect(new Set(messages).size).toBe(3);
    expect(flash(await act({ do: 'off' }))).toEqual({ kind: 'done', message: messages[0] });
    expect(flash(await act({ do: 'off' }))).toEqual({ kind: 'done', message: messages[1] });
    const page = await act({ do: 'on' });
    expect(flash(page)).toEqual({ kind: 'done', message: messages[2] });
    expect(attributes(page, '#glance time[data-ago]', 'datetime')).toEqual(['2026-03-02T12:00:00Z']);
  });

  it('The page of a cron that was switched off with a note shows the note', async () => {
    expect(has(await visitor.get(CRON), 'input[name="note"]')).toBe(true);
    const page = await act({ do: 'off', note: ' until the database has moved ' });
    expect(texts(page, '#next .none')[0]).toMatch(/: until the database has moved\.$/);
    expect(texts(page, '#next bdi').at(-1)).toBe('until the database has moved');
    expect(has(page, 'input[name="note"]')).toBe(false);
  });

  it('The page of a cron refuses a note that is too long, and the cron stays on', async () => {
    expect(flash(await act({ do: 'off', note: 'x'.repeat(201) }))?.kind).toBe('refused');
    expect((await readCron(world.ports, 'default', 'a')).definition?.activated).toBe(true);
  });

  it('The actions of a cron end with its deletion, and are not beside the form of an edit', async () => {
    expect(texts(await visitor.get(CRON), '#title .actions :is(button, a)')).toEqual([
      'Run now',
      'Duplicate',
      'Switch off',
      'Delete',
    ]);
    expect(texts(await visitor.get(`${CRON}/edit`), '#title .actions :is(button, a)')).toEqual(['Duplicate']);
  });

  it('The page of a cron deletes it after a confirmation', async () => {
    const question = await act({ do: 'delete', tag: hidden(await visitor.get(CRON), 'tag') });
    expect(texts(question, 'h1')).toEqual(['Delete a?']);
    expect(texts(question, 'section > p')[0]).toBe(
      'This deletes its parameter, so it does not run any more. It can be restored for 90 days, and its run records are kept until they expire.',
    );
    expect(await world.ports.registry.read({ site: 'default', uid: 'a' })).toBeDefined();
    const page = await act({ do: 'delete', tag: hidden(question, 'tag'), sure: 'yes' });
    expect(page.path).toBe('/sites/default');
    expect(flash(page)).toEqual({ kind: 'done', message: expect.stringContaining('"a"') });
    expect(has(page, 'section.empty')).toBe(true);
  });

  it('A cron that was deleted comes back by Undo, which the next page offers', async () => {
    const before = await world.ports.registry.read({ site: 'default', uid: 'a' });
    const page = await act({ do: 'delete', sure: 'yes' });
    expect(texts(page, '#flash form button')).toEqual(['Undo the deletion of 1 cron']);
    expect(attributes(page, '#flash form', 'action')).toEqual(['/sites/default/do']);
    const restored = await visitor.post('/sites/default/do', { do: 'undo-delete', uids: 'a' });
    expect(restored.path).toBe('/sites/default');
    expect(flash(restored)).toEqual({
      kind: 'done',
      message: expect.stringMatching(/^Restored "a" .* It runs next at /),
    });
    expect(has(restored, '#flash form')).toBe(false);
    const after = await world.ports.registry.read({ site: 'default', uid: 'a' });
    expect(JSON.parse(after?.value ?? '')).toMatchObject(JSON.parse(before?.value ?? ''));
  });

  it('Undo returns to the list with its search, order and page', async () => {
    await world.save('b', HOURLY);
    const back = '/sites/default?q=task&show=on&sort=-next';
    const deleted = await visitor.post('/sites/default/do', { do: 'delete', uid: 'a', sure: 'yes', back });
    expect(attributes(deleted, '#flash [name="back"]', 'value')).toEqual([back]);
    const restored = await visitor.post('/sites/default/do', { do: 'undo-delete', uids: 'a', back });
    expect(restored.path).toBe(back);
  });

  it('The page of a cron does not delete a cron that was changed in the meantime', async () => {
    const tag = hidden(await visitor.get(CRON), 'tag');
    await world.save('a', { ...HOURLY, user: 'ben' });
    const page = await act({ do: 'delete', tag, sure: 'yes' });
    expect(page.path).toBe(CRON);
    const removal = removeCron(world.ports, 'default', 'a', { expected: [tag] });
    expect(flash(page)).toEqual({ kind: 'refused', message: await errorMessage(removal) });
  });

  it('The page of a cron refuses an unknown action', async () => {
    expect(flash(await act({ do: 'explode' }))).toEqual({
      kind: 'refused',
      message: 'Unknown action "explode".',
    });
    expect(flash(await act({}))?.kind).toBe('refused');
  });
});

describe('the history of a cron', () => {
  const KEY = { site: 'default', uid: 'a' };

  beforeEach(async () => {
    await world.ports.registry.write(KEY, JSON.stringify({ ...HOURLY, environ: { x: 0 } }), 'ada');
    await world.save('a', { ...HOURLY, periodicity: '@daily', environ: { x: 1 } });
    await world.edit('a', '{"name":"task"}');
  });

  it('The history shows who changed which fields, and which versions are not valid', async () => {
    const page = await visitor.get(`${CRON}/history`);
    const version = (n: number) => `.versions > li:nth-child(${4 - n})`;
    expect(texts(page, '.versions .version > p')).toEqual([
      expect.stringMatching(/^Version 3 current not valid by \S.*, \S/),
      expect.stringMatching(/^Version 2 by \S.*, \S/),
      expect.stringMatching(/^Version 1 by ada, \S/),
    ]);
    expect(texts(page, `${version(3)} .changes code`)).toEqual(['environ.x', 'periodicity']);
    expect(texts(page, `${version(3)} .changes li`)).toEqual([
      'environ.x removed',
      'periodicity removed "@daily"',
    ]);
    expect(texts(page, `${version(3)} .problems code`)).toEqual(['periodicity']);
    expect(texts(page, `${version(2)} .changes li`)).toEqual([
      'environ.x changed',
      'periodicity changed "0 * * * *" "@daily"',
    ]);
    expect(texts(page, `${version(1)} .changes li`)).toEqual([
      'environ.x set',
      'name set "task"',
      'periodicity set "0 * * * *"',
    ]);
    expect(texts(page, `${version(1)} summary`)).toEqual(['Definition of version 1']);
  });

  it('The history restores an earlier version after a confirmation', async () => {
    const page = await visitor.get(`${CRON}/history`);
    const question = await act({ do: 'restore', version: '1', tag: hidden(page, 'tag') });
    expect(texts(question, 'h1')).toEqual(['Restore version 1 of a?']);
    expect(texts(question, '.actions')).toEqual(['Restore Cancel']);
    const restored = await act({ do: 'restore', version: '1', tag: hidden(question, 'tag'), sure: 'yes' });
    expect(flash(restored)).toEqual({ kind: 'done', message: expect.stringMatching(/"a".*\b1\b/) });
    expect(JSON.parse((await world.ports.registry.read(KEY))?.value ?? '')).toEqual({
      ...HOURLY,
      environ: { x: 0 },
    });
    expect(texts(restored, '#glance code')).toEqual(['0 * * * *']);
  });

  it('The history does not restore a version that is not valid', async () => {
    const [latest] = await history(world.ports, KEY);
    const page = await act({ do: 'restore', version: '3', sure: 'yes' });
    expect(latest?.problems).toHaveLength(1);
    expect(flash(page)).toEqual({
      kind: 'refused',
      message: expect.stringContaining(latest?.problems?.map(formatProblem).join(' ') ?? 'a problem'),
    });
  });

  it('The history shows that a version changed no field of the cron', async () => {
    const text = '{"name":"task","periodicity":"@daily"}';
    await world.edit('a', text);
    await world.edit('a', `${text} `);
    const page = await visitor.get(`${CRON}/history`);
    expect(texts(page, '.versions > li:first-child > .none')).toEqual(['No field was changed.']);
  });
});
