import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describePeriodicity } from '../../../../lib/app/operations/describe-periodicity.ts';
import { preview } from '../../../../lib/app/operations/preview.ts';
import { readCrontab } from '../../../../lib/app/operations/read.ts';
import { AlreadyExistsError, ReadOnlyError } from '../../../../lib/core/domain/errors.ts';
import { type Api, apiOf } from '../../../support/api.ts';
import { commitJob } from '../../../support/commit-job.ts';
import { errorMessage } from '../../../support/error-message.ts';
import { faulty, intercept } from '../../../support/faulty.ts';
import { HOUR, leaseOf } from '../../../support/jobs.ts';
import { makeWorld, type World } from '../../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };
const CRONS = '/api/sites/default/crons';

let world: World;
let api: Api;
beforeEach(() => {
  world = makeWorld();
  api = apiOf(world.ports);
});
afterEach(() => world.close());

const lock = () => world.edit(undefined, '{"readOnly":true}');

/** Runs the cron once at its planned time. */
async function runOnce(uid: string): Promise<void> {
  await world.save(uid, HOURLY);
  await world.clock.advance(HOUR);
  for (const delivery of world.delivered.splice(0)) await world.run(delivery);
}

describe('sites', () => {
  it('The API lists the sites with their settings and counts', async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"timezone":"Europe/Paris"}');
    const { status, body } = await api('GET', '/api/sites');
    expect(status).toBe(200);
    expect(body).toEqual({
      sites: [
        {
          site: 'default',
          activated: true,
          readOnly: false,
          timezone: 'Europe/Paris',
          parameter: expect.objectContaining({ version: 1, modified: expect.stringMatching(/^\d{4}-.*Z$/) }),
          counts: {
            crons: 1,
            active: 1,
            running: 0,
            failing: 0,
            late: 0,
            rejected: 0,
            next: { uid: 'a', plannedAt: '2026-03-02T12:00:00Z' },
          },
        },
      ],
    });
  });

  it('The API returns a site with its counts, and with an ETag if its settings have a parameter', async () => {
    await world.save('a', HOURLY);
    const bare = await api('GET', '/api/sites/default');
    expect(bare.headers.get('ETag')).toBeNull();
    expect(bare.body).toMatchObject({ site: 'default', timezone: 'UTC', counts: { crons: 1 } });
    await world.edit(undefined, '{}');
    expect((await api('GET', '/api/sites/default')).headers.get('ETag')).toMatch(/^"1-\d+"$/);
  });

  it('The API answers 404 for an unknown site', async () => {
    expect(await api('GET', '/api/sites/nowhere')).toMatchObject({
      status: 404,
      body: {
        title: 'Not Found',
        status: 404,
        detail: await errorMessage(readCrontab(world.ports, 'nowhere')),
      },
    });
  });

  it('The API changes the settings of a site', async () => {
    const { status, headers, body } = await api('PATCH', '/api/sites/default', { activated: false });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      message: expect.stringContaining('"default"'),
      changed: true,
      crontab: { site: 'default', activated: false },
    });
    const again = await api(
      'PATCH',
      '/api/sites/default',
      { timezone: 'Asia/Tokyo' },
      {
        'If-Match': headers.get('ETag') ?? '',
      },
    );
    expect(again).toMatchObject({ status: 200, body: { crontab: { timezone: 'Asia/Tokyo' } } });
    const reset = await api('PATCH', '/api/sites/default', { timezone: null, activated: null });
    expect(reset.body.crontab).toMatchObject({ activated: true, timezone: 'UTC' });
  });

  it('The API returns the history of the settings', async () => {
    await world.edit(undefined, '{"timezone":"Asia/Tokyo"}');
    expect((await api('GET', '/api/sites/default/history')).body).toMatchObject({
      versions: [
        { version: 1, current: true, changes: [{ field: 'timezone', kind: 'set', is: 'Asia/Tokyo' }] },
      ],
    });
  });
});

describe('crons', () => {
  it('The API adds a cron and returns its location and ETag', async () => {
    const { status, headers, body } = await api('POST', CRONS, { uid: 'a', ...HOURLY, timeout: '5m' });
    expect(status).toBe(201);
    expect(headers.get('Location')).toBe('/api/sites/default/crons/a');
    expect(headers.get('ETag')).toMatch(/^"1-\d+"$/);
    expect(body).toMatchObject({
      message: expect.stringContaining('Mon 2 Mar 2026 12:00 UTC'),
      changed: true,
      cron: {
        site: 'default',
        uid: 'a',
        ...HOURLY,
        timeout: 300,
        words: describePeriodicity(HOURLY.periodicity, 'a'),
        health: 'new',
      },
    });
    expect((await api('GET', headers.get('Location') ?? '')).body).toEqual(body.cron);
  });

  it('The API gives a new cron the default of each field that is null', async () => {
    const { body } = await api('POST', CRONS, { uid: null, ...HOURLY, environ: null, timeout: null });
    expect(body.cron).toMatchObject({ uid: 'run-1', ...HOURLY, environ: {}, timeout: 300 });
    const parameter = await world.ports.registry.read({ site: 'default', uid: 'run-1' });
    expect(JSON.parse(parameter?.value ?? '')).toEqual(HOURLY);
  });

  it('The API generates a missing uid and refuses one that exists', async () => {
    expect((await api('POST', CRONS, HOURLY)).body).toMatchObject({ cron: { uid: 'run-1' } });
    expect(await api('POST', CRONS, { uid: 'run-1', ...HOURLY })).toMatchObject({
      status: 409,
      body: { title: 'Conflict', detail: new AlreadyExistsError('default', 'run-1').message },
    });
  });

  it('The API reports every problem of a cron that is not valid, each with its field', async () => {
    const reply = await api('POST', CRONS, {
      uid: 'ä',
      name: 'tusk',
      periodicity: '* *',
      logsLimit: 0,
      size: 1,
    });
    expect(reply.status).toBe(422);
    expect(reply.headers.get('Content-Type')).toBe('application/problem+json');
    expect(reply.body).toMatchObject({ type: 'about:blank', title: 'Unprocessable Entity', status: 422 });
    const problems = reply.body.problems as { where: string }[];
    expect(problems.map(({ where }) => where).sort()).toEqual([
      'logsLimit',
      'name',
      'periodicity',
      'size',
      'uid',
    ]);
    expect(problems[0]).toEqual({
      where: expect.any(String),
      got: expect.any(String),
      wanted: expect.any(String),
      fix: expect.any(String),
    });
    expect(reply.body.detail).toBe('5 problems found; nothing was changed.');
  });

  it('The API returns a cron with its job, its last log and the problems of its parameter', async () => {
    world.task = () => 'a remark';
    await runOnce('a');
    await world.edit('a', '{}');
    const { body, headers } = await api('GET', `${CRONS}/a`);
    expect(body).toMatchObject({
      health: 'warning',
      effectiveTimezone: 'UTC',
      job: {
        present: true,
        pending: true,
        running: false,
        finished: true,
        late: false,
        next: '2026-03-02T13:00:00Z',
      },
      last: { status: 'WARN', messages: ['a remark'], plannedAt: '2026-03-02T12:00:00Z' },
      parameter: { version: 2, problems: [{ where: 'name' }, { where: 'periodicity' }] },
    });
    expect(headers.get('ETag')).toMatch(/^"2-/);
  });

  it('The API filters crons by runner, activation, last status and health', async () => {
    await runOnce('ran');
    await world.save('off', { ...HOURLY, activated: false });
    await world.save('beat', { name: 'heartbeat', periodicity: '@daily' });
    const uids = async (query: string) =>
      ((await api('GET', `${CRONS}${query}`)).body.crons as { uid: string }[]).map(({ uid }) => uid);
    expect(await uids('')).toEqual(['beat', 'off', 'ran']);
    expect(await uids('?name=heartbeat')).toEqual(['beat']);
    expect(await uids('?activated=false')).toEqual(['off']);
    expect(await uids('?activated=true&name=task')).toEqual(['ran']);
    expect(await uids('?status=OK')).toEqual(['ran']);
    expect(await uids('?health=new')).toEqual(['beat']);
  });

  it('The API refuses unknown filters and invalid values', async () => {
    const { status, body } = await api('GET', `${CRONS}?activated=yes&status=ok&colour=red`);
    expect(status).toBe(422);
    expect((body.problems as { where: string }[]).map(({ where }) => where)).toEqual([
      'colour',
      'activated',
      'status',
    ]);
  });

  it('The API changes only the fields that an edit has', async () => {
    await world.save('a', { ...HOURLY, user: 'bob' });
    const { status, body } = await api('PATCH', `${CRONS}/a`, { logsLimit: 9, user: null });
    expect(status).toBe(200);
    expect(body).toMatchObject({ changed: true, cron: { logsLimit: 9, parameter: { version: 2 } } });
    expect(body.cron).not.toHaveProperty('user');
  });

  it('The API refuses an edit of an old version and returns what changed since', async () => {
    await world.save('a', HOURLY);
    const etag = (await api('GET', `${CRONS}/a`)).headers.get('ETag') ?? '';
    await api('PATCH', `${CRONS}/a`, { logsLimit: 9 }, { 'If-Match': etag });
    const refused = await api('PATCH', `${CRONS}/a`, { timeout: 10 }, { 'If-Match': etag });
    expect(refused.status).toBe(412);
    expect(refused.body).toMatchObject({
      detail: expect.stringContaining('logsLimit'),
      changes: [{ field: 'logsLimit', kind: 'set', is: 9 }],
    });
    expect((await api('DELETE', `${CRONS}/a`, undefined, { 'If-Match': etag })).status).toBe(412);
    const tags = `"an,other" ,${(await api('GET', `${CRONS}/a`)).headers.get('ETag')}`;
    expect((await api('PATCH', `${CRONS}/a`, { timeout: 10 }, { 'If-Match': tags })).status).toBe(200);
    expect((await api('PATCH', `${CRONS}/a`, { timeout: 20 }, { 'If-Match': '*' })).status).toBe(200);
  });

  it('The API accepts the tag of an answer without quotes', async () => {
    await world.save('a', HOURLY);
    const tag = (await api('GET', `${CRONS}/a`)).headers.get('ETag')?.replaceAll('"', '');
    const tags = { 'If-Match': `0, ${tag}` };
    expect((await api('PATCH', `${CRONS}/a`, { timeout: 10 }, tags)).status).toBe(200);
    expect((await api('PATCH', `${CRONS}/a`, { timeout: 20 }, tags)).status).toBe(412);
  });

  it('An edit with an unknown field is refused, also if the field is null', async () => {
    await world.save('a', HOURLY);
    for (const [method, path] of [
      ['PATCH', `${CRONS}/a`],
      ['PATCH', '/api/sites/default'],
      ['POST', CRONS],
    ] as const) {
      const { status, body } = await api(method, path, { ...(method === 'POST' && HOURLY), colour: null });
      expect([path, status, body.problems]).toMatchObject([path, 422, [{ where: 'colour' }]]);
    }
  });

  it.each(['W/"1-1"', '""', '0'])('The weak or foreign tag %s matches no version', async (tag) => {
    await world.save('a', HOURLY);
    expect((await api('PATCH', `${CRONS}/a`, {}, { 'If-Match': tag })).status).toBe(412);
  });

  it.each([
    ['1 1', 'If-Match is malformed. Send the ETag as it was received, or *.'],
    ['"1', expect.stringContaining('If-Match')],
    [',', expect.stringContaining('If-Match')],
  ])('The API refuses the header "If-Match: %s", which has no tag', async (tag, detail) => {
    await world.save('a', HOURLY);
    expect(await api('PATCH', `${CRONS}/a`, {}, { 'If-Match': tag })).toMatchObject({
      status: 400,
      body: { detail },
    });
  });

  it('The API removes a cron once', async () => {
    await world.save('a', HOURLY);
    expect(await api('DELETE', `${CRONS}/a`)).toMatchObject({
      status: 200,
      body: { message: expect.stringContaining('"a"'), changed: true },
    });
    expect((await api('DELETE', `${CRONS}/a`)).status).toBe(404);
    expect((await api('GET', `${CRONS}/a`)).status).toBe(404);
  });

  it('The API forces a run, whose log has the id of the run', async () => {
    await world.save('a', HOURLY);
    const { status, body } = await api('POST', `${CRONS}/a/run`);
    expect(status).toBe(202);
    await world.clock.advance(0);
    expect(world.delivered).toMatchObject([{ uid: 'a', forced: body.runId }]);
    for (const delivery of world.delivered) await world.run(delivery);
    expect((await api('GET', `${CRONS}/a/logs`)).body).toMatchObject({ logs: [{ runId: body.runId }] });
  });

  it('The API names who forced a run', async () => {
    await world.save('a', HOURLY);
    const { body } = await apiOf({ ...world.ports, by: 'ada' })('POST', `${CRONS}/a/run`);
    await world.clock.advance(0);
    for (const delivery of world.delivered) await world.run(delivery);
    expect((await api('GET', `${CRONS}/a/logs`)).body).toMatchObject({
      logs: [{ runId: body.runId, requestedBy: 'ada' }],
    });
  });

  it('The API shows a cron that cannot be read as a problem of that cron alone', async () => {
    await world.save('a', HOURLY);
    await world.save('b', HOURLY);
    world.damage('projection', 'a', '{');
    const { body } = await api('GET', CRONS);
    const problem = { where: 'stored state', got: 'its cron is no object' };
    expect(body.crons).toMatchObject([
      { uid: 'a', health: 'broken', active: false, unreadable: problem, parameter: { version: 0 } },
      { uid: 'b', health: 'new', active: true },
    ]);
    expect(await api('GET', `${CRONS}/a`)).toMatchObject({ status: 200, body: { unreadable: problem } });
    expect((await api('GET', `${CRONS}/b`)).body).not.toHaveProperty('unreadable');
  });

  it('The API returns the job of a cron', async () => {
    await world.save('a', HOURLY);
    const now = world.clock.now();
    await commitJob(world.ports.store, 'a', {
      leases: [{ ...leaseOf(now, now + HOUR), requestedBy: 'ben' }],
      waiting: { from: 0, to: HOUR },
      waitingForced: [{ plannedAt: 0, forced: 'y', requestedBy: 'ada' }],
    });
    expect((await api('GET', `${CRONS}/a/job`)).body).toEqual({
      present: true,
      pending: true,
      running: true,
      finished: false,
      late: false,
      next: '2026-03-02T12:00:00Z',
      waiting: [
        { plannedAt: '1970-01-01T00:00:00Z' },
        { plannedAt: '1970-01-01T01:00:00Z' },
        { plannedAt: '1970-01-01T00:00:00Z', runId: 'y', requestedBy: 'ada' },
      ],
      runs: [
        {
          runId: 'run-0',
          plannedAt: '2026-03-02T11:30:00Z',
          startedAt: '2026-03-02T11:30:00.000Z',
          forced: false,
          requestedBy: 'ben',
        },
      ],
    });
  });

  it('The API returns the history of a cron', async () => {
    await api('POST', CRONS, { uid: 'a', ...HOURLY });
    await api('PATCH', `${CRONS}/a`, { logsLimit: 9 });
    expect((await api('GET', `${CRONS}/a/history`)).body).toMatchObject({
      versions: [
        {
          version: 2,
          current: true,
          changes: [{ field: 'logsLimit', kind: 'set', is: 9 }],
          definition: { logsLimit: 9 },
        },
        { version: 1, current: false },
      ],
    });
    expect((await api('GET', `${CRONS}/b/history`)).status).toBe(404);
  });

  it('The API restores an earlier version of a cron and of the settings, and a cron that was removed', async () => {
    await world.save('a', HOURLY);
    await world.save('a', { ...HOURLY, periodicity: '@daily' });
    expect((await api('POST', `${CRONS}/a/rollback`, { version: 1 })).body).toMatchObject({ changed: true });
    expect((await api('GET', `${CRONS}/a`)).body).toMatchObject(HOURLY);
    await api('DELETE', `${CRONS}/a`);
    expect(await api('POST', `${CRONS}/a/restore`)).toMatchObject({ status: 201 });
    expect((await api('GET', `${CRONS}/a`)).body).toMatchObject(HOURLY);
    for (const timezone of ['Europe/Paris', 'Asia/Tokyo'])
      await world.edit(undefined, `{"timezone":"${timezone}"}`);
    await api('POST', '/api/sites/default/rollback', { version: 1 });
    expect((await api('GET', '/api/sites/default')).body).toMatchObject({ timezone: 'Europe/Paris' });
  });
});

describe('logs', () => {
  it('The API returns logs in pages', async () => {
    await runOnce('a');
    await runOnce('a');
    expect((await api('GET', `${CRONS}/a/logs?count=1`)).body).toMatchObject({
      logs: [{ plannedAt: '2026-03-02T13:00:00Z' }],
      total: 2,
      cursor: '1',
    });
    expect((await api('GET', `${CRONS}/a/logs?cursor=1`)).body).toMatchObject({
      logs: [{ plannedAt: '2026-03-02T12:00:00Z' }],
    });
    expect((await api('GET', `${CRONS}/a/logs?count=0&offset=-1`)).body).toMatchObject({
      problems: [{ where: 'offset' }, { where: 'count' }],
    });
  });

  it('The API deletes a single log, and all logs', async () => {
    await runOnce('a');
    await runOnce('a');
    const { body } = await api('GET', `${CRONS}/a/logs`);
    const [log] = body.logs as { id: string }[];
    expect((await api('DELETE', `${CRONS}/a/logs/${log?.id}`)).body).toMatchObject({ deleted: 1, left: 1 });
    expect((await api('DELETE', `${CRONS}/a/logs/${log?.id}`)).status).toBe(404);
    expect((await api('DELETE', `${CRONS}/a/logs`)).body).toMatchObject({
      changed: true,
      deleted: 1,
      left: 0,
    });
  });
});

describe('lists', () => {
  it('The crons of a site are read page by page', async () => {
    for (const uid of ['a', 'b', 'c']) await world.save(uid, HOURLY);
    const first = await api('GET', `${CRONS}?count=2`);
    expect(first.body).toMatchObject({ crons: [{ uid: 'a' }, { uid: 'b' }], cursor: 'b' });
    const second = await api('GET', `${CRONS}?count=2&cursor=${first.body.cursor}`);
    expect(second.body).toEqual({ crons: [expect.objectContaining({ uid: 'c' })] });
    expect((await api('GET', `${CRONS}?count=501`)).status).toBe(422);
  });

  it('The runs of a site are read page by page, and one log with all its messages', async () => {
    for (const uid of ['a', 'b']) await world.save(uid, HOURLY);
    world.task = () => ['first', 'second'];
    await world.clock.advance(HOUR);
    for (const delivery of world.delivered.splice(0)) {
      await world.run(delivery);
      await world.clock.advance(1_000);
    }
    const first = await api('GET', '/api/sites/default/runs?count=1');
    const [run] = first.body.runs as { uid: string; id: string }[];
    expect(run).toMatchObject({ site: 'default', messages: ['first'] });
    const second = await api('GET', `/api/sites/default/runs?count=1&cursor=${first.body.cursor}`);
    expect((second.body.runs as { uid: string }[])[0]?.uid).not.toBe(run?.uid);
    expect((await api('GET', '/api/sites/default/runs?cursor=x')).status).toBe(422);
    const log = await api('GET', `${CRONS}/${run?.uid}/logs/${run?.id}`);
    expect(log.body).toMatchObject({ id: run?.id, messages: ['first', 'second'] });
    expect((await api('GET', `${CRONS}/a/logs/1`)).body.detail).toBe(
      'The cron "a" of "default" has no log "1".',
    );
  });
});

describe('runners and preview', () => {
  it('The API describes the environ of each runner', async () => {
    const { body } = await api('GET', '/api/runners');
    const runners = body.runners as { name: string }[];
    expect(runners.map(({ name }) => name)).toEqual([
      'command',
      'heartbeat',
      'http',
      'lambda:<function>',
      'task',
    ]);
    expect(runners[2]).toMatchObject({ environ: { url: { type: 'string', required: true } } });
  });

  it('The API previews a periodicity with words, runs and remarks, or with problems', async () => {
    const schedule = { periodicity: '30 2 * * *', timezone: 'Europe/Paris' };
    const query = new URLSearchParams({ ...schedule, count: '28' });
    const { body } = await api('GET', `/api/preview?${query}`);
    expect(body).toMatchObject({ words: describePeriodicity('30 2 * * *', ''), problems: [] });
    const remark = preview(world.ports, { ...schedule, count: 28 }).runs[26]?.remark;
    expect(remark).toMatch(/02:00.*03:00/);
    expect((body.runs as unknown[])[26]).toEqual({ plannedAt: '2026-03-29T01:00:00Z', remark });
    expect((await api('GET', '/api/preview?periodicity=never')).body).toMatchObject({
      runs: [],
      problems: [{ where: 'periodicity' }],
    });
    expect(await api('GET', '/api/preview?count=51')).toMatchObject({
      status: 422,
      body: { problems: [{ where: 'periodicity' }, { where: 'count' }] },
    });
  });
});

describe('a read-only crontab', () => {
  it('A read-only crontab answers 409 to every change and changes nothing', async () => {
    await runOnce('a');
    await lock();
    const before = (await api('GET', '/api/sites/default')).body;
    const replies = await Promise.all([
      api('POST', CRONS, HOURLY),
      api('PATCH', `${CRONS}/a`, { logsLimit: 9 }),
      api('DELETE', `${CRONS}/a`),
      api('DELETE', `${CRONS}/a/logs`),
      api('PATCH', '/api/sites/default', { activated: false }),
    ]);
    for (const { status, body } of replies) {
      expect(status).toBe(409);
      expect(body.detail).toBe(new ReadOnlyError('default').message);
    }
    expect((await api('GET', '/api/sites/default')).body).toEqual(before);
    expect((await api('PATCH', '/api/sites/default', { readOnly: false })).status).toBe(200);
  });
});

describe('invalid requests', () => {
  it.each([
    ['text', 'text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded', 'application/x-www-form-urlencoded'],
  ])('The API refuses a body that is %s', async (_, type, shownType) => {
    expect(await api('POST', CRONS, 'a=b', { 'Content-Type': type })).toMatchObject({
      status: 415,
      body: { detail: expect.stringContaining(`"${shownType}"`) },
    });
  });

  it('The API refuses a body without a content type and accepts a merge patch', async () => {
    await world.save('a', HOURLY);
    expect(await api('PATCH', `${CRONS}/a`)).toMatchObject({
      status: 415,
      body: { detail: 'Got no content type, wanted JSON. Send "Content-Type: application/json".' },
    });
    const type = { 'Content-Type': 'application/merge-patch+json; charset=utf-8' };
    expect((await api('PATCH', `${CRONS}/a`, { logsLimit: 9 }, type)).status).toBe(200);
  });

  it.each([
    ['{"name": ', 400],
    ['', 400],
    ['[]', 422],
    ['null', 422],
    ['"text"', 422],
    ['7', 422],
  ])("The API refuses the body '%s'", async (body, status) => {
    expect(await api('POST', CRONS, body)).toMatchObject({ status, body: { status } });
  });

  it('The API refuses a body above 64 KB, with or without Content-Length', async () => {
    const large = JSON.stringify({ ...HOURLY, environ: { text: 'x'.repeat(65_536) } });
    expect(await api('POST', CRONS, large, { 'Content-Length': String(large.length) })).toMatchObject({
      status: 413,
      body: { detail: 'The body is larger than 64 KB. A cron has at most 8 KB.' },
    });
    expect((await api('POST', CRONS, large)).status).toBe(413);
  });

  it('The API reports the size limit of a definition in bytes', async () => {
    const fields = { ...HOURLY, environ: { text: 'x'.repeat(9000) } };
    expect(await api('POST', CRONS, fields)).toMatchObject({
      status: 422,
      body: { problems: [{ wanted: expect.stringContaining('8192') }] },
    });
  });

  it('The API answers 405 and the allowed methods to an unsupported method', async () => {
    const reply = await api('PUT', `${CRONS}/a`, {});
    expect(reply).toMatchObject({
      status: 405,
      body: {
        detail:
          'The method PUT is not allowed for /api/sites/default/crons/a. Allowed: GET, HEAD, PATCH, DELETE.',
      },
    });
    expect(reply.headers.get('Allow')).toBe('GET, HEAD, PATCH, DELETE');
    expect((await api('DELETE', '/health')).status).toBe(405);
  });

  it('The API answers 404 for an unknown path', async () => {
    expect(await api('GET', '/api/nothing')).toMatchObject({
      status: 404,
      body: { detail: 'No page or resource at /api/nothing.' },
    });
  });

  it.each(['..%2f', '%00', 'a%20b', 'ä', 'x'.repeat(201), '%E0%A4%A'])(
    'The API answers 404 for the id "%s"',
    async (id) => {
      for (const path of [`/api/sites/${id}`, `${CRONS}/${id}`, `${CRONS}/a/logs/${id}`]) {
        await world.save('a', HOURLY);
        const { status, body } = await api(path.includes('logs') ? 'DELETE' : 'GET', path);
        expect(status).toBe(404);
        expect(body.detail).toEqual(expect.any(String));
      }
    },
  );

  it('The API refuses query parameters that a path does not have', async () => {
    expect(await api('GET', '/api/whoami?page=2')).toMatchObject({
      status: 422,
      body: {
        problems: [
          { where: 'page', got: 'an unknown parameter', wanted: 'no parameters', fix: 'Leave it out.' },
        ],
      },
    });
  });

  it('The API answers 503 if the table is unavailable, and 500 to a defect, whose details are only logged', async () => {
    await world.save('a', HOURLY);
    const defectiveStore = intercept(world.ports.store, 'read', () => {
      throw new TypeError('secret details');
    });
    expect(await apiOf({ ...world.ports, store: defectiveStore })('GET', `${CRONS}/a`)).toMatchObject({
      status: 500,
      body: { title: 'Internal Server Error', detail: expect.not.stringContaining('secret details') },
    });
    expect(world.logger.lines.at(-1)).toMatchObject({
      level: 'error',
      message: `GET ${CRONS}/a failed`,
      fields: { code: 'admin-failed' },
    });
    const unavailableStore = faulty(world.ports.store, 'read', 'before');
    expect((await apiOf({ ...world.ports, store: unavailableStore })('GET', `${CRONS}/a`)).status).toBe(503);
  });
});
