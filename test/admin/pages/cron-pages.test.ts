import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newJob, withLogs } from '../../../lib/domain/job.ts';
import type { Log } from '../../../lib/domain/log.ts';
import { MINUTE, NOON } from '../../support/jobs.ts';
import { hidden, Visitor } from '../../support/visitor.ts';
import { makeWorld, type World } from '../../support/world.ts';

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

async function runAll() {
  await world.clock.advance(0);
  for (const delivery of world.delivered.splice(0)) await world.run(delivery);
}

function logOf(n: number, rest: Partial<Log> = {}): Log {
  const at = NOON - n * 60 * MINUTE;
  return {
    id: String(at / 1000),
    at,
    date: at + 1500,
    started: at,
    status: 'OK',
    messages: [],
    runId: `r${n}`,
    ...rest,
  };
}

async function saveLogs(...logs: Log[]) {
  await world.save('a', { ...HOURLY, logsLimit: 25 });
  const job = (await world.job('a')) ?? newJob('default', 'a');
  await world.ports.store.saveJob(withLogs(job, logs, 25));
}

describe('the page of a cron', () => {
  it('tells its definition, its environ and its next ten runs', async () => {
    const environ = { to: 'ada', pages: 4, list: [1], token: { $secret: 'mail' } };
    await world.save('a', {
      ...HOURLY,
      environ,
      user: 'ada',
      timeout: 90,
      maxLateness: '2h',
      overlap: 'buffer',
      missed: 'all',
    });
    const { text, html } = await visitor.get(CRON);
    expect(text).toContain('default / a a New task as ada');
    expect(text).toContain('Schedule Every hour 0 * * * * UTC Next run in 30 min 12:00');
    expect(text).toContain('Time zone UTC (the crontab’s)');
    expect(text).toContain(
      'Overlap one run waits until the last one has ended Missed every missed time runs, oldest first',
    );
    expect(text).toContain('Latest start 2 h late Time limit 90 s Logs kept 5');
    expect(text).toContain('to ada pages 4 list [ 1 ] token secret mail');
    expect(html.match(/<ol class="planned">.*?<\/ol>/s)?.[0].match(/<li>/g)).toHaveLength(10);
  });

  it('says which runs a change of the clock touches', async () => {
    await world.save('a', { ...HOURLY, periodicity: '30 2 29 3 *', timezone: 'Europe/Paris' });
    const { text } = await visitor.get(CRON);
    expect(text).toContain('The clock goes from 02:00 to 03:00');
    expect(text).toContain('Time zone Europe/Paris Overlap');
  });

  it('says that nothing is planned, and why', async () => {
    await world.save('a', { ...HOURLY, activated: false });
    expect((await visitor.get(CRON)).text).toContain('Next runs UTC It is switched off.');
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"activated":false}');
    expect((await visitor.get(CRON)).text).toContain('Next runs UTC The crontab is switched off.');
  });

  it('shows what is wrong with a version that was never good', async () => {
    await world.edit('a', '{"name":"task"}');
    const { text, html } = await visitor.get(CRON);
    expect(text).toContain('The latest edit was rejected No version of it was ever good, so nothing runs.');
    expect(text).toContain('Next runs UTC No version of it was ever good.');
    expect(html).toContain('id="run-now" disabled');
  });

  it('is not there when the cron is not', async () => {
    const { status, text } = await visitor.get('/sites/default/crons/gone');
    expect(status).toBe(404);
    expect(text).toContain('There is no cron "gone" on the site "default".');
  });

  it('escapes whatever people, runners and parameters say', async () => {
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

  it('offers no change of a read-only crontab, but a run', async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"readOnly":true}');
    await saveReadOnlyLog();
    const { text, html } = await visitor.get(CRON);
    expect(text).toContain('Read only. The crontab allows no change from here.');
    expect(html).toContain('value="delete" disabled');
    expect(html).toContain('value="delete-logs" disabled');
    expect(html).not.toContain('id="run-now" disabled');
    const history = await visitor.get(`${CRON}/history`);
    expect(history.html).not.toContain('value="restore"');
  });

  async function saveReadOnlyLog() {
    const job = (await world.job('a')) ?? newJob('default', 'a');
    await world.ports.store.saveJob(withLogs(job, [logOf(1)], 5));
  }
});

describe('the logs of a cron', () => {
  it('are shown ten at a time', async () => {
    await saveLogs(...Array.from({ length: 24 }, (_, n) => logOf(n + 1)));
    const first = await visitor.get(CRON);
    expect(first.text).toContain('Logs 10/24 last logs');
    expect(first.text).toContain('1–10 of 24 Older');
    expect(first.html).toContain('?offset=10');
    const last = await visitor.get(`${CRON}?offset=20`);
    expect(last.text).toContain('Logs 4/24 last logs');
    expect(last.text).toContain('Newer 21–24 of 24');
    expect((await visitor.get(`${CRON}?offset=10`)).html).toContain(`href="${CRON}" rel="prev"`);
  });

  it.each(['-1', '99', 'x', '1.5'])(
    'begin with the newest when the address says offset=%s',
    async (offset) => {
      await saveLogs(...Array.from({ length: 12 }, (_, n) => logOf(n + 1)));
      expect((await visitor.get(`${CRON}?offset=${offset}`)).text).toContain('1–10 of 12');
    },
  );

  it('tell what happened and why', async () => {
    await saveLogs(
      logOf(1, { status: 'FAILURE', messages: ['no disk'] }),
      logOf(2, {
        status: 'NOTRUN',
        messages: ['It was too late.'],
        started: undefined,
        covers: { from: NOON - 9 * 60 * MINUTE, count: 7 },
      }),
      logOf(3, { id: '1-r3' }),
      logOf(4, { started: NOON - 230 * MINUTE, date: NOON - 229 * MINUTE }),
    );
    const { text } = await visitor.get(CRON);
    expect(text).toContain('Failed 11:00 30 min ago · took 1.5 s no disk');
    expect(text).toContain('Not run 10:00 1 h ago · stands for 7 planned times from 03:00 It was too late.');
    expect(text).toContain('took 1.5 s · by hand');
    expect(text).toContain('took 1 min 0 s · started 10 min 0 s late');
  });

  it('are deleted one by one', async () => {
    await saveLogs(logOf(1), logOf(2));
    expect((await act({ do: 'delete-logs', log: logOf(1).id })).text).toContain(
      'Deleted 1 log of "a"; 1 log is left.',
    );
    expect((await world.job('a'))?.logs).toHaveLength(1);
  });

  it('have to be selected', async () => {
    await saveLogs(logOf(1));
    const { text, html } = await act({ do: 'delete-logs' });
    expect(html).toContain('flash is-refused');
    expect(text).toContain('Select at least one log first.');
  });

  it('are all deleted after a question', async () => {
    await saveLogs(logOf(1), logOf(2));
    expect((await act({ do: 'delete-all-logs' })).text).toContain('Delete all logs of a?');
    expect((await world.job('a'))?.logs).toHaveLength(2);
    const { text } = await act({ do: 'delete-all-logs', sure: 'yes' });
    expect(text).toContain('Deleted 2 logs of "a"; none is left.');
    expect(text).toContain('No run has been recorded yet.');
  });
});

describe('the lines of a run', () => {
  const LINES = `${CRON}/lines/${logOf(1).id}`;

  it('are shown where they can be read', async () => {
    await saveLogs(logOf(1));
    const asked: unknown[] = [];
    const read = async (run: unknown) => {
      asked.push(run);
      return [
        { at: NOON, level: 'INFO', message: 'Collecting' },
        { at: NOON + 5, level: 'WARN', message: '<old>', fields: '{"rows":2}' },
      ];
    };
    const reader = new Visitor(world.ports, { read });
    expect((await reader.get(CRON)).html).toContain(`href="${LINES}"`);
    const { text } = await reader.get(LINES);
    expect(text).toContain('12:00:00.000 INFO Collecting 12:00:00.005 WARN <old> {"rows":2}');
    expect(text).toContain('the run was on Mon 2 Mar 2026, 12:00 UTC');
    expect(asked).toEqual([{ runId: 'r1', from: logOf(1).started, to: logOf(1).date }]);
  });

  it('may be gone', async () => {
    await saveLogs(logOf(1));
    const { text } = await new Visitor(world.ports, { read: async () => [] }).get(LINES);
    expect(text).toContain('This run wrote no lines, or they are not kept any more.');
  });

  it('are elsewhere in a deployment', async () => {
    await saveLogs(logOf(1));
    const address = ({ runId }: { runId: string }) => `https://console.example/${runId}`;
    expect((await new Visitor(world.ports, { address }).get(LINES)).path).toBe('https://console.example/r1');
  });

  it('are not there for a run that did not take place', async () => {
    await saveLogs(logOf(1, { started: undefined }));
    expect((await new Visitor(world.ports, { read: async () => [] }).get(LINES)).status).toBe(404);
    expect((await visitor.get(LINES)).status).toBe(404);
    expect((await visitor.get(CRON)).html).not.toContain('/lines/');
  });
});

describe('a run by hand', () => {
  it('shows its result on the page', async () => {
    await world.save('a', HOURLY);
    const asked = await act({ do: 'run' });
    expect(asked.path).toMatch(/^\/sites\/default\/crons\/a\?watch=/);
    expect(asked.text).toContain('The run of a is about to start Its result appears here.');
    await runAll();
    const { text } = await visitor.get(asked.path);
    expect(text).toContain('OK The run of a ended in 0 ms');
    expect(text).toContain('· by hand');
  });

  it('waits for the run in progress when the cron says so', async () => {
    await world.save('a', { ...HOURLY, overlap: 'buffer' });
    let waiting = '';
    world.task = async () => {
      world.task = () => undefined;
      const asked = await act({ do: 'run' });
      await runAll();
      waiting = (await visitor.get(asked.path)).text;
      return undefined;
    };
    await world.clock.advance(30 * MINUTE);
    const [delivery] = world.delivered.splice(0);
    if (delivery) await world.run(delivery);
    expect(waiting).toContain('The run of a waits until the run in progress has ended');
  });

  it('of another cron is not told here', async () => {
    await world.save('a', HOURLY);
    expect((await visitor.get(`${CRON}?watch=b~x`)).text).not.toContain('The run of');
  });

  it('of what was never good is refused', async () => {
    await world.edit('a', '{}');
    expect((await act({ do: 'run' })).text).toContain('no version of it was ever valid. Mend it first.');
  });
});

describe('what can be done with a cron', () => {
  beforeEach(() => world.save('a', HOURLY));

  it('is switching it off and on', async () => {
    expect((await act({ do: 'off' })).text).toContain('The cron "a" of "default" is now switched off.');
    expect((await act({ do: 'off' })).text).toContain('was already switched off.');
    expect((await act({ do: 'on' })).text).toContain('It runs next at 2026-03-02T12:00:00Z.');
  });

  it('is deleting it after a question', async () => {
    const asked = await act({ do: 'delete', tag: hidden(await visitor.get(CRON), 'tag') });
    expect(asked.text).toContain('Delete a? Its parameter and its logs are deleted, and it runs no more.');
    const { path, text } = await act({ do: 'delete', tag: hidden(asked, 'tag'), sure: 'yes' });
    expect(path).toBe('/sites/default');
    expect(text).toContain('was removed, with its logs.');
    expect(text).toContain('No crons yet');
  });

  it('is not deleting what somebody else just changed', async () => {
    const tag = hidden(await visitor.get(CRON), 'tag');
    await world.save('a', { ...HOURLY, user: 'ben' });
    const { path, text } = await act({ do: 'delete', tag, sure: 'yes' });
    expect(path).toBe(CRON);
    expect(text).toContain('was changed in the meantime');
  });

  it('is nothing that nobody knows', async () => {
    expect((await act({ do: 'explode' })).text).toContain('Nothing called "explode" can be done here.');
    expect((await act({})).html).toContain('flash is-refused');
  });
});

describe('the history of a cron', () => {
  beforeEach(async () => {
    const key = { site: 'default', uid: 'a' };
    await world.ports.registry.write(key, JSON.stringify(HOURLY), 'ada');
    await world.save('a', { ...HOURLY, periodicity: '@daily', environ: { x: 1 } });
    await world.edit('a', '{"name":"task"}');
  });

  it('tells who changed what, and what is not valid', async () => {
    const { text } = await visitor.get(`${CRON}/history`);
    expect(text).toContain('Version 3 current not valid by');
    expect(text).toMatch(/environ\.x changed|environ\.x/);
    expect(text).toContain('periodicity "0 * * * *" "@daily"');
    expect(text).toContain('Version 1 by ada');
    expect(text).toContain('Definition of version 1');
  });

  it('leads back to an earlier version after a question', async () => {
    const shown = await visitor.get(`${CRON}/history`);
    const asked = await act({ do: 'restore', version: '1', tag: hidden(shown, 'tag') });
    expect(asked.text).toContain('Restore version 1 of a?');
    const { text } = await act({ do: 'restore', version: '1', tag: hidden(asked, 'tag'), sure: 'yes' });
    expect(text).toContain('is as in version 1 again.');
    expect(text).toContain('Every hour 0 * * * *');
  });

  it('does not lead back to what was not valid', async () => {
    const { text } = await act({ do: 'restore', version: '3', sure: 'yes' });
    expect(text).toContain('1 problem found; nothing was changed. periodicity: got nothing');
  });

  it('says that a version changed nothing that a cron has', async () => {
    await world.edit('a', '{"name":"task"} ');
    expect((await visitor.get(`${CRON}/history`)).text).toContain('Nothing that a cron has was changed.');
  });
});
