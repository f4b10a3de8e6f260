import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, apiOf } from '../support/api.ts';
import { faulty, intercept } from '../support/faulty.ts';
import { HOUR } from '../support/jobs.ts';
import { makeWorld, type World } from '../support/world.ts';

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

async function ran(uid: string): Promise<void> {
  await world.save(uid, HOURLY);
  await world.clock.advance(HOUR);
  for (const delivery of world.delivered.splice(0)) await world.run(delivery);
}

describe('sites', () => {
  it('are listed with counts and switches', async () => {
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
            next: { uid: 'a', at: '2026-03-02T12:00:00Z' },
          },
        },
      ],
    });
  });

  it('one comes with its crons, and an ETag once its settings were written', async () => {
    await world.save('a', HOURLY);
    const bare = await api('GET', '/api/sites/default');
    expect(bare.headers.get('ETag')).toBeNull();
    expect(bare.body).toMatchObject({ site: 'default', timezone: 'UTC', crons: [{ uid: 'a' }] });
    await world.edit(undefined, '{}');
    expect((await api('GET', '/api/sites/default')).headers.get('ETag')).toMatch(/^"1-\d+"$/);
  });

  it('that nobody knows are not there', async () => {
    expect(await api('GET', '/api/sites/nowhere')).toMatchObject({
      status: 404,
      body: { title: 'Not Found', status: 404, detail: 'There is no site "nowhere". There is: default.' },
    });
  });

  it('are switched, and say so', async () => {
    const { status, headers, body } = await api('PATCH', '/api/sites/default', { activated: false });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      message: 'The crontab of "default" is now switched off: none of its crons runs.',
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
  });

  it('have a history', async () => {
    await world.edit(undefined, '{"timezone":"Asia/Tokyo"}');
    expect((await api('GET', '/api/sites/default/history')).body).toMatchObject({
      versions: [{ version: 1, current: true, changes: [{ field: 'timezone', is: '"Asia/Tokyo"' }] }],
    });
  });
});

describe('crons', () => {
  it('are added, with a place and an ETag', async () => {
    const { status, headers, body } = await api('POST', CRONS, { uid: 'a', ...HOURLY, timeout: '5m' });
    expect(status).toBe(201);
    expect(headers.get('Location')).toBe('/api/sites/default/crons/a');
    expect(headers.get('ETag')).toMatch(/^"1-\d+"$/);
    expect(body).toMatchObject({
      message: 'Added "a" to the crontab of "default". It runs next at 2026-03-02T12:00:00Z.',
      changed: true,
      cron: { site: 'default', uid: 'a', ...HOURLY, timeout: 300, words: 'Every hour', health: 'new' },
    });
    expect((await api('GET', headers.get('Location') ?? '')).body).toEqual(body.cron);
  });

  it('get a uid when they bring none; one that is taken is refused', async () => {
    expect((await api('POST', CRONS, HOURLY)).body).toMatchObject({ cron: { uid: 'run-1' } });
    expect(await api('POST', CRONS, { uid: 'run-1', ...HOURLY })).toMatchObject({
      status: 409,
      body: { title: 'Conflict', detail: expect.stringContaining('has a cron "run-1" already') },
    });
  });

  it('that are not valid are refused with all problems and their fields', async () => {
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
      cure: expect.any(String),
    });
    expect(reply.body.detail).toBe('5 problems found; nothing was changed.');
  });

  it('show their job, last log, and what is wrong with their parameter', async () => {
    world.task = () => 'a remark';
    await ran('a');
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
      last: { status: 'WARN', messages: ['a remark'], at: '2026-03-02T12:00:00Z' },
      parameter: { version: 2, problems: [{ where: 'name' }, { where: 'periodicity' }] },
    });
    expect(headers.get('ETag')).toMatch(/^"2-/);
  });

  it('are filtered by name, switch, last status and health', async () => {
    await ran('ran');
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

  it('are not filtered by anything else', async () => {
    const { status, body } = await api('GET', `${CRONS}?activated=yes&status=ok&colour=red`);
    expect(status).toBe(422);
    expect((body.problems as { where: string }[]).map(({ where }) => where)).toEqual([
      'colour',
      'activated',
      'status',
    ]);
  });

  it('are edited in part', async () => {
    await world.save('a', { ...HOURLY, user: 'bob' });
    const { status, body } = await api('PATCH', `${CRONS}/a`, { logsLimit: 9, user: null });
    expect(status).toBe(200);
    expect(body).toMatchObject({ changed: true, cron: { logsLimit: 9, parameter: { version: 2 } } });
    expect(body.cron).not.toHaveProperty('user');
  });

  it('two people who edit at once: the later one is refused, with what changed', async () => {
    await world.save('a', HOURLY);
    const etag = (await api('GET', `${CRONS}/a`)).headers.get('ETag') ?? '';
    await api('PATCH', `${CRONS}/a`, { logsLimit: 9 }, { 'If-Match': etag });
    const late = await api('PATCH', `${CRONS}/a`, { timeout: 10 }, { 'If-Match': etag });
    expect(late.status).toBe(412);
    expect(late.body).toMatchObject({
      detail: expect.stringContaining('was changed in the meantime'),
      changes: [{ field: 'logsLimit', is: '9' }],
    });
    expect((await api('DELETE', `${CRONS}/a`, undefined, { 'If-Match': etag })).status).toBe(412);
    const fine = `"other", ${(await api('GET', `${CRONS}/a`)).headers.get('ETag')}`;
    expect((await api('PATCH', `${CRONS}/a`, { timeout: 10 }, { 'If-Match': fine })).status).toBe(200);
    expect((await api('PATCH', `${CRONS}/a`, { timeout: 20 }, { 'If-Match': '*' })).status).toBe(200);
  });

  it.each(['W/"1-1"', '""'])('the weak or foreign tag %s matches nothing', async (tag) => {
    await world.save('a', HOURLY);
    expect((await api('PATCH', `${CRONS}/a`, {}, { 'If-Match': tag })).status).toBe(412);
  });

  it.each(['1-1', '"1', ','])('If-Match: %s is no tag', async (tag) => {
    await world.save('a', HOURLY);
    expect(await api('PATCH', `${CRONS}/a`, {}, { 'If-Match': tag })).toMatchObject({
      status: 400,
      body: { detail: 'If-Match has to be the ETag as it was sent, in quotes, or *.' },
    });
  });

  it('are removed once', async () => {
    await world.save('a', HOURLY);
    expect(await api('DELETE', `${CRONS}/a`)).toMatchObject({
      status: 200,
      body: { message: 'The cron "a" of "default" was removed, with its logs.', changed: true },
    });
    expect((await api('DELETE', `${CRONS}/a`)).status).toBe(404);
    expect((await api('GET', `${CRONS}/a`)).status).toBe(404);
  });

  it('are run now, and found by the id of the run', async () => {
    await world.save('a', HOURLY);
    const { status, body } = await api('POST', `${CRONS}/a/run`);
    expect(status).toBe(202);
    await world.clock.advance(0);
    expect(world.delivered).toMatchObject([{ uid: 'a', forced: body.runId }]);
    for (const delivery of world.delivered) await world.run(delivery);
    expect((await api('GET', `${CRONS}/a/logs`)).body).toMatchObject({ logs: [{ runId: body.runId }] });
  });

  it('tell of their job alone', async () => {
    await world.save('a', HOURLY);
    const job = await world.job('a');
    const lease = {
      runId: 'x',
      at: world.clock.now(),
      started: world.clock.now(),
      expires: world.clock.now() + HOUR,
    };
    if (job)
      await world.ports.store.saveJob({
        ...job,
        leases: [lease],
        pending: [{ at: 0, forced: 'y' }, { at: 0 }],
      });
    expect((await api('GET', `${CRONS}/a/job`)).body).toEqual({
      present: true,
      pending: true,
      running: true,
      finished: false,
      late: false,
      next: '2026-03-02T12:00:00Z',
      waiting: [{ at: '1970-01-01T00:00:00Z', runId: 'y' }, { at: '1970-01-01T00:00:00Z' }],
      runs: [{ runId: 'x', at: '2026-03-02T11:30:00Z', started: '2026-03-02T11:30:00.000Z', forced: false }],
    });
  });

  it('have a history', async () => {
    await api('POST', CRONS, { uid: 'a', ...HOURLY });
    await api('PATCH', `${CRONS}/a`, { logsLimit: 9 });
    expect((await api('GET', `${CRONS}/a/history`)).body).toMatchObject({
      versions: [
        {
          version: 2,
          current: true,
          changes: [{ field: 'logsLimit', is: '9' }],
          definition: { logsLimit: 9 },
        },
        { version: 1, current: false },
      ],
    });
    expect((await api('GET', `${CRONS}/b/history`)).status).toBe(404);
  });
});

describe('logs', () => {
  it('are paged', async () => {
    await ran('a');
    await ran('a');
    expect((await api('GET', `${CRONS}/a/logs?count=1`)).body).toMatchObject({
      logs: [{ at: '2026-03-02T13:00:00Z' }],
      total: 2,
      nextOffset: 1,
    });
    expect((await api('GET', `${CRONS}/a/logs?offset=1`)).body).toMatchObject({
      logs: [{ at: '2026-03-02T12:00:00Z' }],
    });
    expect((await api('GET', `${CRONS}/a/logs?count=0&offset=-1`)).body).toMatchObject({
      problems: [{ where: 'offset' }, { where: 'count' }],
    });
  });

  it('are deleted one by one, and all', async () => {
    await ran('a');
    await ran('a');
    const { body } = await api('GET', `${CRONS}/a/logs`);
    const [log] = body.logs as { id: string }[];
    expect((await api('DELETE', `${CRONS}/a/logs/${log?.id}`)).body).toMatchObject({ deleted: 1, left: 1 });
    expect((await api('DELETE', `${CRONS}/a/logs/${log?.id}`)).status).toBe(404);
    expect((await api('DELETE', `${CRONS}/a/logs`)).body).toMatchObject({
      message: 'Deleted 1 log of "a"; none is left.',
    });
  });
});

describe('what helps to write a cron', () => {
  it('the runners say what they expect', async () => {
    const { body } = await api('GET', '/api/runners');
    const runners = body.runners as { name: string }[];
    expect(runners.map(({ name }) => name)).toEqual(['heartbeat', 'http', 'lambda:<function>', 'task']);
    expect(runners[1]).toMatchObject({ environ: { url: { type: 'string', required: true } } });
  });

  it('a preview has words, runs and remarks, or problems', async () => {
    const query = new URLSearchParams({ periodicity: '30 2 * * *', timezone: 'Europe/Paris', count: '28' });
    const { body } = await api('GET', `/api/preview?${query}`);
    expect(body).toMatchObject({ words: 'At 02:30', problems: [] });
    expect((body.runs as unknown[])[26]).toEqual({
      at: '2026-03-29T01:00:00Z',
      remark: expect.stringContaining('does not exist that day'),
    });
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
  it('answers 409 to every change, and changes nothing', async () => {
    await ran('a');
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
      expect(body.detail).toMatch(/is read only, so nothing was changed/);
    }
    expect((await api('GET', '/api/sites/default')).body).toEqual(before);
    expect((await api('PATCH', '/api/sites/default', { readOnly: false })).status).toBe(200);
  });
});

describe('what cannot be answered', () => {
  it.each([
    ['text', 'text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded', 'application/x-www-form-urlencoded'],
  ])('%s is no JSON', async (_, type, named) => {
    expect(await api('POST', CRONS, 'a=b', { 'Content-Type': type })).toMatchObject({
      status: 415,
      body: {
        detail: `The body has to be JSON: send "Content-Type: application/json". Got "${named}".`,
      },
    });
  });

  it('a body without a type is refused, a merge patch is fine', async () => {
    await world.save('a', HOURLY);
    expect((await api('PATCH', `${CRONS}/a`)).body.detail).toMatch(/ Got none\.$/);
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
  ])('the body %s is refused', async (body, status) => {
    expect(await api('POST', CRONS, body)).toMatchObject({ status, body: { status } });
  });

  it('a body above 64 KB is too large, whether it says so or not', async () => {
    const large = JSON.stringify({ ...HOURLY, environ: { text: 'x'.repeat(65_536) } });
    expect(await api('POST', CRONS, large, { 'Content-Length': String(large.length) })).toMatchObject({
      status: 413,
      body: { detail: 'The body is longer than 64 KB: a cron has at most 8 KB.' },
    });
    expect((await api('POST', CRONS, large)).status).toBe(413);
  });

  it('a definition above 8 KB is told in bytes', async () => {
    const fields = { ...HOURLY, environ: { text: 'x'.repeat(9000) } };
    expect(await api('POST', CRONS, fields)).toMatchObject({
      status: 422,
      body: { problems: [{ wanted: expect.stringContaining('8192') }] },
    });
  });

  it('a method that a path does not know, it says which ones it does', async () => {
    const reply = await api('PUT', `${CRONS}/a`, {});
    expect(reply).toMatchObject({
      status: 405,
      body: { detail: '/api/sites/default/crons/a does not know PUT; it knows GET, HEAD, PATCH, DELETE.' },
    });
    expect(reply.headers.get('Allow')).toBe('GET, HEAD, PATCH, DELETE');
    expect((await api('DELETE', '/health')).status).toBe(405);
  });

  it('a path that there is not', async () => {
    expect(await api('GET', '/api/nothing')).toMatchObject({
      status: 404,
      body: { detail: 'There is nothing at /api/nothing.' },
    });
  });

  it.each(['..%2f', '%00', 'a%20b', 'ä', 'x'.repeat(201), '%E0%A4%A'])(
    'the id %s is not there',
    async (id) => {
      for (const path of [`/api/sites/${id}`, `${CRONS}/${id}`, `${CRONS}/a/logs/${id}`]) {
        await world.save('a', HOURLY);
        const { status, body } = await api(path.includes('logs') ? 'DELETE' : 'GET', path);
        expect(status).toBe(404);
        expect(body.detail).toEqual(expect.any(String));
      }
    },
  );

  it('parameters that a path does not take', async () => {
    expect(await api('GET', '/api/sites?page=2')).toMatchObject({
      status: 422,
      body: {
        problems: [
          { where: 'page', got: 'an unknown parameter', wanted: 'no parameters', cure: 'Leave it out.' },
        ],
      },
    });
  });

  it('an outside service that is away is 503, a defect 500 without details but in the log', async () => {
    await world.save('a', HOURLY);
    const down = intercept(world.ports.store, 'read', () => {
      throw new TypeError('secret details');
    });
    expect(await apiOf({ ...world.ports, store: down })('GET', `${CRONS}/a`)).toMatchObject({
      status: 500,
      body: { title: 'Internal Server Error', detail: expect.not.stringContaining('secret details') },
    });
    expect(world.log.lines.at(-1)).toMatchObject({
      level: 'error',
      message: `GET ${CRONS}/a failed`,
      fields: { code: 'admin-failed' },
    });
    const away = faulty(world.ports.store, 'read', 'before');
    expect((await apiOf({ ...world.ports, store: away })('GET', `${CRONS}/a`)).status).toBe(503);
  });
});
