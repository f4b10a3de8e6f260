import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { project } from '../../../lib/handlers/project.ts';
import { syncSite } from '../../../lib/handlers/sync.ts';
import { MINUTE } from '../../support/jobs.ts';
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
const OVERVIEW = '/sites/default';

async function otherSite(site: string) {
  await world.ports.registry.write({ site, uid: 'x' }, JSON.stringify(HOURLY));
  await project(world.ports, { site, uid: 'x' });
}

/** Runs what is due, and then what was asked for. */
async function runAll() {
  await world.clock.advance(0);
  for (const delivery of world.delivered.splice(0)) await world.run(delivery);
}

describe('the way in', () => {
  it('leads to the only site', async () => {
    await world.save('a', HOURLY);
    expect((await visitor.get('/')).path).toBe(OVERVIEW);
  });

  it('leads to all sites when there are several', async () => {
    await world.save('a', { ...HOURLY, activated: false });
    await world.edit(undefined, '{"readOnly":true,"activated":false}');
    await otherSite('shop');
    const { path, text } = await visitor.get('/');
    expect(path).toBe('/sites');
    expect(text).toContain('default Off read only 0 of 1 active nothing is planned');
    expect(text).toContain('shop 1 of 1 active next: x in 30 min');
  });

  it('counts on the list of sites what somebody should look at', async () => {
    await world.save('a', HOURLY);
    await world.edit('b', 'not JSON');
    world.task = () => {
      throw new Error('no disk');
    };
    await world.clock.advance(30 * MINUTE);
    await runAll();
    expect((await visitor.get('/sites')).text).toContain('1 of 2 active 1 failing 1 rejected');
  });

  it('leads from a new name to the form of its first cron', async () => {
    const { path, text } = await visitor.get('/sites?new=shop');
    expect(path).toBe('/sites/shop/new');
    expect(text).toContain('New cron');
  });
});

describe('the overview of a site', () => {
  it('tells of each cron how it is, what it does, when, and how it went', async () => {
    await world.edit(undefined, '{"timezone":"Europe/Paris"}');
    await world.save('a', { ...HOURLY, user: 'ada' });
    world.task = () => 'done with a remark';
    await world.clock.advance(31 * MINUTE);
    await runAll();
    const { text, html } = await visitor.get(OVERVIEW);
    expect(text).toContain('On · times in Europe/Paris');
    expect(text).toContain('1/1 active 0 running 0 failing 0 late in 59 min next: a, 14:00');
    expect(text).toContain('Warning a task as ada Every hour 0 * * * * Europe/Paris');
    expect(text).toContain('Next in 59 min 14:00 Last now, took 0 ms done with a remark');
    expect(html).toContain('aria-label="Last run: Warning 13:00"');
    expect(html).toContain(
      'aria-label="1 cron runs in the next 24 hours; most, 1, in the half hour from 14:00."',
    );
  });

  it('tells why a cron has no next run', async () => {
    await world.save('off', { ...HOURLY, activated: false });
    await world.edit('broken', '{}');
    const { text } = await visitor.get(OVERVIEW);
    expect(text).toContain('Next switched off');
    expect(text).toContain('Next cannot run');
    expect(text).toContain('Nothing in force'.toLowerCase());
    expect(text).toContain('nothing is planned');
  });

  it('shows what runs', async () => {
    await world.save('a', HOURLY);
    let seen = '';
    world.task = async () => {
      seen = (await visitor.get(OVERVIEW)).text;
      return undefined;
    };
    await world.clock.advance(30 * MINUTE);
    await runAll();
    expect(seen).toContain('1 running');
    expect(seen).toContain('Running a task');
    expect(seen).toContain('running for 0 ms');
  });

  it('says what to do when there is nothing', async () => {
    const { status, text } = await visitor.get(OVERVIEW);
    expect(status).toBe(200);
    expect(text).toContain('No crons yet');
    expect(text).toContain('Add the first cron');
  });

  it('is not there for a site that nobody made', async () => {
    await world.save('a', HOURLY);
    const { status, text } = await visitor.get('/sites/nowhere');
    expect(status).toBe(404);
    expect(text).toContain('There is no site "nowhere". There is: default.');
  });

  it('shows a rejected edit, what is in force instead, and the way to mend it', async () => {
    await world.save('a', HOURLY);
    await world.edit('a', '{"name":"task","periodicity":"61 * * * *"}');
    const { text, html } = await visitor.get(OVERVIEW);
    expect(text).toContain('An edit was rejected');
    expect(text).toContain(
      'Version 2 is not in force; what runs is the last good one: task, Every hour (0 * * * *).',
    );
    expect(text).toContain('Got "61" as minute');
    expect(html).toContain('href="/sites/default/crons/a/edit"');
  });

  it('names a few rejected edits, and leads to all of them', async () => {
    for (const uid of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await world.edit(uid, '{}');
    const { text } = await visitor.get(OVERVIEW);
    expect(text).toContain('7 edits were rejected');
    expect(text).toContain('… and 2 more: show them all');
  });

  it('shows settings that are not in force', async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"timezone":"Mars"}');
    expect((await visitor.get(OVERVIEW)).text).toContain(
      'The latest settings of this crontab are not in force timezone Got "Mars"',
    );
  });

  it('lists a hundred crons at a time', async () => {
    for (let n = 100; n < 205; n++) await world.edit(`c${n}`, JSON.stringify(HOURLY));
    const first = await visitor.get(OVERVIEW);
    expect(first.text).toContain('Page 1 of 2');
    expect(first.text).not.toContain('c204');
    const second = await visitor.get(`${OVERVIEW}?page=2`);
    expect(second.text).toContain('c204');
    expect(second.text).not.toContain('c199');
  });

  it('says that no cron is like what was searched for', async () => {
    await world.save('a', HOURLY);
    const { text, html } = await visitor.get(`${OVERVIEW}?q=%22%3E%3Cb%3E`);
    expect(text).toContain('0 of 1 crons');
    expect(text).toContain('No cron is like that.');
    expect(html).toContain('value="&quot;&gt;&lt;b&gt;"');
  });

  it('reads the table once, however many crons there are', async () => {
    for (let n = 0; n < 12; n++) await world.edit(`c${n}`, JSON.stringify(HOURLY));
    const calls: string[] = [];
    const store = new Proxy(world.ports.store, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          calls.push(String(name));
          return value.apply(target, args);
        };
      },
    });
    await new Visitor({ ...world.ports, store }).get(OVERVIEW);
    expect(calls).toEqual(['readSite']);
  });
});

describe('the switch of a crontab', () => {
  it('is switched off and on again, and the page says so', async () => {
    await world.save('a', HOURLY);
    const off = await visitor.post(`${OVERVIEW}/do`, { do: 'crontab-off' });
    expect(off.text).toContain('is now switched off: none of its crons runs.');
    expect(off.text).toContain('Switched off. No cron of this site runs');
    expect(off.text).toContain('Next crontab is off');
    const on = await visitor.post(`${OVERVIEW}/do`, { do: 'crontab-on' });
    expect(on.text).toContain('is now switched on');
    expect(on.text).toContain('in 30 min');
  });
});

describe('what was just changed', () => {
  it('is on the page, though the site as a whole may be a little behind', async () => {
    await world.save('a', HOURLY);
    const { store } = world.ports;
    const behind = await store.readSite('default');
    const late = new Proxy(store, {
      get: (target, name) => {
        const value = name === 'readSite' ? async () => behind : Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const early = new Visitor({ ...world.ports, store: late });
    expect((await early.post(`${OVERVIEW}/do`, { do: 'off', uid: 'a' })).text).toContain('Next switched off');
    expect((await early.post(`${OVERVIEW}/do`, { do: 'crontab-off' })).text).toContain('0/1 active');
    const saved = await early.post(`${OVERVIEW}/settings`, { timezone: 'Asia/Tokyo' });
    expect(saved.text).toContain('Off · times in Asia/Tokyo');
    expect((await early.post(`${OVERVIEW}/crons/a/do`, { do: 'delete', sure: 'yes' })).text).toContain(
      'No crons yet',
    );
  });
});

describe('a read-only crontab', () => {
  beforeEach(async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"readOnly":true,"activated":false}');
    await syncSite(world.ports, 'default');
  });

  it('says so, and offers no change', async () => {
    const { text, html } = await visitor.get(OVERVIEW);
    expect(text).toContain('Read only. Nothing can be changed from here.');
    expect(html).toContain('name="do" value="delete" disabled');
    expect(html).not.toContain('Add a cron');
    expect(html).not.toContain('Switch the crontab on');
  });

  it('refuses a change all the same, and says why', async () => {
    const { text, html } = await visitor.post(`${OVERVIEW}/do`, { do: 'delete', uid: 'a', sure: 'yes' });
    expect(html).toContain('flash is-refused');
    expect(text).toContain('Removed 0 crons. 1 cron refused: The crontab of "default" is read only');
    expect(text).toContain('a task');
  });

  it('does not offer the first cron of an empty site', async () => {
    await world.ports.registry.remove({ site: 'default', uid: 'a' });
    await project(world.ports, { site: 'default', uid: 'a' });
    expect((await visitor.get(OVERVIEW)).text).not.toContain('Add the first cron');
  });
});

describe('several crons at once', () => {
  beforeEach(async () => {
    await world.save('a', HOURLY);
    await world.save('b', HOURLY);
    await world.save('c', HOURLY);
  });
  const act = (fields: Record<string, string | string[]>) => visitor.post(`${OVERVIEW}/do`, fields);

  it('are switched off and on', async () => {
    const off = await act({ do: 'off', uid: ['a', 'b'] });
    expect(off.text).toContain('Switched off 2 crons.');
    expect(off.text).toContain('1/3 active');
    expect((await act({ do: 'on', uid: ['a', 'b'] })).text).toContain('3/3 active');
  });

  it('are run', async () => {
    expect((await act({ do: 'run', uid: ['a', 'b'] })).text).toContain('Asked for a run of 2 crons.');
    await world.clock.advance(0);
    expect(world.delivered.map(({ uid }) => uid).sort()).toEqual(['a', 'b']);
  });

  it('are deleted after a question', async () => {
    const asked = await act({ do: 'delete', uid: ['a', 'b'], back: `${OVERVIEW}?q=x` });
    expect(asked.text).toContain('Delete these 2 crons?');
    expect(asked.text).toContain('a b Delete Keep');
    expect(hidden(asked, 'back')).toBe(`${OVERVIEW}?q=x`);
    expect((await visitor.get(OVERVIEW)).text).toContain('3/3 active');
    const { text } = await act({ do: 'delete', uid: ['a', 'b'], sure: 'yes' });
    expect(text).toContain('Removed 2 crons.');
    expect(text).toContain('1/1 active');
  });

  it('may be a single one', async () => {
    expect((await act({ do: 'delete', uid: 'a' })).text).toContain('Delete this cron?');
  });

  it('have to be selected', async () => {
    const { text, html } = await act({ do: 'delete' });
    expect(html).toContain('flash is-refused');
    expect(text).toContain('Select at least one cron first.');
  });

  it('some are done while others are refused', async () => {
    const { text } = await act({ do: 'off', uid: ['a', 'gone'] });
    expect(text).toContain('Switched off 1 cron. 1 cron refused: There is no cron "gone"');
  });

  it('cannot do what nobody knows', async () => {
    expect((await act({ do: 'explode', uid: 'a' })).text).toContain(
      'Nothing called "explode" can be done here.',
    );
  });

  it('lead back to the list that they came from, and nowhere else', async () => {
    expect((await act({ do: 'on', uid: 'a', back: `${OVERVIEW}?q=a&show=on` })).path).toBe(
      `${OVERVIEW}?q=a&show=on`,
    );
    expect((await act({ do: 'on', uid: 'a', back: '//evil.example' })).path).toBe(OVERVIEW);
    expect((await act({ do: 'on', uid: 'a', back: '/sites/default.evil' })).path).toBe(OVERVIEW);
  });

  it('say no more than a cookie holds', async () => {
    const uids = Array.from({ length: 60 }, (_, n) => `gone-${n}`);
    const { text } = await act({ do: 'off', uid: uids });
    expect(text).toContain('60 crons refused');
    expect(text).toContain('…');
    expect(text).not.toContain('gone-59"');
  });
});

describe('a run from the list', () => {
  it('is waited for on the list, until its result is there', async () => {
    await world.save('a', HOURLY);
    const asked = await visitor.post(`${OVERVIEW}/do`, { run: 'a', back: `${OVERVIEW}?q=a` });
    expect(asked.path).toMatch(/^\/sites\/default\?q=a&watch=a~/);
    expect(asked.text).toContain('Asked for a run of "a"');
    expect(asked.text).toContain('The run of a is about to start');
    expect(asked.html).toContain('<noscript><meta http-equiv="refresh" content="2"></noscript>');
    expect(asked.html).toContain('data-refresh="1"');
    let during = '';
    world.task = async () => {
      during = (await visitor.get(asked.path)).text;
      return 'two figures are old';
    };
    await runAll();
    expect(during).toContain('The run of a runs for 0 ms');
    const ended = await visitor.get(asked.path);
    expect(ended.text).toContain('Warning The run of a ended in 0 ms two figures are old');
    expect(ended.html).not.toContain('http-equiv="refresh"');
  });

  it('that nothing came of says why', async () => {
    await world.save('a', { ...HOURLY, activated: false });
    const asked = await visitor.post(`${OVERVIEW}/do`, { run: 'a' });
    await runAll();
    expect((await visitor.get(asked.path)).text).toContain('Not run The run of a ended');
  });

  it('of a cron that is gone says so', async () => {
    const { text, path } = await visitor.post(`${OVERVIEW}/do`, { run: 'gone' });
    expect(path).toBe(OVERVIEW);
    expect(text).toContain('There is no cron "gone"');
  });

  it('is not looked for when the address says nothing that could be one', async () => {
    await world.save('a', HOURLY);
    for (const watch of ['a', 'a~', '~b', 'a~b~<c>', 'gone~x']) {
      expect((await visitor.get(`${OVERVIEW}?watch=${encodeURIComponent(watch)}`)).text).not.toContain(
        'The run of',
      );
    }
  });
});

describe('what an action says', () => {
  beforeEach(() => world.save('a', HOURLY));

  it('is said once, and not to the script that only looks again', async () => {
    const cookies = new Visitor(world.ports);
    const { text } = await cookies.post(`${OVERVIEW}/do`, { do: 'off', uid: 'a' });
    expect(text).toContain('Switched off 1 cron.');
    expect((await cookies.get(OVERVIEW)).text).not.toContain('Switched off 1 cron.');
  });

  it.each([
    ['not ours', 'cloudtab-flash=abc'],
    ['of another shape', `cloudtab-flash=${Buffer.from('{"message":1}').toString('base64url')}`],
  ])('is nothing when the cookie is %s', async (_what, Cookie) => {
    const { status, text } = await visitor.get(OVERVIEW, { Cookie });
    expect(status).toBe(200);
    expect(text).toContain('default On');
  });

  it('is kept for a person while the script looks', async () => {
    const value = Buffer.from('{"kind":"done","message":"Well done.","fresh":[]}').toString('base64url');
    const Cookie = `cloudtab-flash=${value}`;
    const quiet = await visitor.get(OVERVIEW, { Cookie, 'x-cloudtab-refresh': '1' });
    expect(quiet.text).not.toContain('Well done.');
    expect(quiet.headers.getSetCookie()).toEqual([]);
    expect((await visitor.get(OVERVIEW, { Cookie })).text).toContain('Well done.');
  });
});

describe('the settings of a crontab', () => {
  const SETTINGS = '/sites/default/settings';

  it('are shown and saved', async () => {
    await world.save('a', HOURLY);
    const shown = await visitor.get(SETTINGS);
    expect(shown.html).toContain('name="activated" id="activated" value="on"');
    const { text, path } = await visitor.post(SETTINGS, {
      activated: 'on',
      readOnly: 'on',
      timezone: 'Asia/Tokyo',
    });
    expect(path).toBe(OVERVIEW);
    expect(text).toContain('readOnly from false to true, timezone from "UTC" to "Asia/Tokyo"');
    expect(text).toContain('read only · times in Asia/Tokyo');
  });

  it('come back as typed with what is wrong', async () => {
    await world.save('a', HOURLY);
    const { status, text, html } = await visitor.post(SETTINGS, { timezone: 'Mars' });
    expect(status).toBe(422);
    expect(text).toContain('One problem: nothing was saved');
    expect(html).toContain('value="Mars"');
    expect(html).not.toContain('value="on" aria-describedby="activated-hint" checked');
    expect(html).toContain('aria-invalid="true"');
  });

  it('are not saved over what somebody else saved', async () => {
    await world.edit(undefined, '{}');
    const tag = hidden(await visitor.get(SETTINGS), 'tag');
    await world.edit(undefined, '{"timezone":"Asia/Tokyo"}');
    const { text } = await visitor.post(SETTINGS, { tag, activated: 'on', timezone: '' });
    expect(text).toContain('was changed in the meantime');
    expect(text).toContain('times in Asia/Tokyo');
  });

  it('that stand and are not valid say so', async () => {
    await world.edit(undefined, '{"timezone":"Mars"}');
    expect((await visitor.get(SETTINGS)).text).toContain('One problem of the version that stands');
  });

  it('of a registry that does not answer are an error that says so', async () => {
    const registry = { ...world.ports.registry, read: () => Promise.reject(new Error('out of paper')) };
    const ports = { ...world.ports, registry: Object.assign(Object.create(world.ports.registry), registry) };
    const { status, text } = await new Visitor(ports).post(SETTINGS, { timezone: '' });
    expect(status).toBe(500);
    expect(text).toContain('Something went wrong');
    expect(text).not.toContain('paper');
  });
});
