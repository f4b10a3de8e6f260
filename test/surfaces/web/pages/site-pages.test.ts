// cspell:ignore quot

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDoor } from '../../../../lib/app/door/call.ts';
import { removeCrons, switchCrons } from '../../../../lib/app/operations/bulk.ts';
import { describePeriodicity } from '../../../../lib/app/operations/describe-periodicity.ts';
import { editSettings } from '../../../../lib/app/operations/edit-settings.ts';
import { changesText } from '../../../../lib/app/operations/field-changes.ts';
import { forceRun } from '../../../../lib/app/operations/force-run.ts';
import { readCron, readCrontab } from '../../../../lib/app/operations/read.ts';
import type { FieldChange } from '../../../../lib/core/domain/errors.ts';
import { newJob } from '../../../../lib/core/domain/job.ts';
import { projectParameter } from '../../../../lib/core/engine/project-parameter.ts';
import { syncSite } from '../../../../lib/core/engine/sync.ts';
import { makeApp } from '../../../../lib/surfaces/web/app.ts';
import { httpProblemOf } from '../../../../lib/surfaces/web/http-error.ts';
import { commitJob } from '../../../support/commit-job.ts';
import { errorMessage } from '../../../support/error-message.ts';
import { intercept, recorded } from '../../../support/faulty.ts';
import { leaseOf, MINUTE, NOON } from '../../../support/jobs.ts';
import { recordOf } from '../../../support/run-records.ts';
import {
  attributes,
  FROM_PAGE,
  flash,
  has,
  hidden,
  inputValue,
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
const OVERVIEW = '/sites/default';

async function addSite(site: string) {
  await world.ports.registry.write({ site, uid: 'x' }, JSON.stringify(HOURLY));
  await projectParameter(world.ports, { site, uid: 'x' });
}

/** Runs the occurrences that are due, then the forced ones. */
async function runAll() {
  await world.clock.advance(0);
  for (const delivery of world.delivered.splice(0)) await world.run(delivery);
}

/** The uids of the listed crons, in order. */
const listedUids = (page: VisitedPage) => attributes(page, '#rows input[name="uid"]', 'value');
/** The hidden fields of the first form. */
const fieldsOf = ({ document }: VisitedPage) =>
  Object.fromEntries(
    document
      .querySelector('main form')
      ?.querySelectorAll('input[type="hidden"]')
      .map((input) => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']) ?? [],
  );
/** The row of a cron: `row('a', '.next')` selects a cell of it. */
const row = (uid: string, cell = '') => `#rows tr:has(#pick-${uid}) ${cell}`;
/** The number in each tile of the overview, by the list that the tile links to. */
const tileCounts = (page: VisitedPage) =>
  Object.fromEntries(
    ['on', 'running', 'failing', 'late'].map((show) => [
      show,
      texts(page, `#tiles a[href="${OVERVIEW}?show=${show}"] strong`)[0],
    ]),
  );
const activeCount = (page: VisitedPage) => tileCounts(page).on;
const isSwitchedOn = (page: VisitedPage) => has(page, '#title .switch.is-on');

describe('the root page', () => {
  it('The root page redirects to the only site', async () => {
    await world.save('a', HOURLY);
    expect((await visitor.get('/')).path).toBe(OVERVIEW);
  });

  it('The root page redirects to the list of sites when there are several', async () => {
    await world.save('a', { ...HOURLY, activated: false });
    await world.edit(undefined, '{"readOnly":true,"activated":false}');
    await addSite('shop');
    const page = await visitor.get('/');
    expect(page.path).toBe('/sites');
    expect(texts(page, '#site-list tbody tr')).toEqual([
      expect.stringMatching(
        /^default Off since .* UTC read only 0 of 1 active failing 0 late 0 running 0 rejected 0 no run is planned$/,
      ),
      'shop 1 of 1 active failing 0 late 0 running 0 rejected 0 x in 30 minutes 12:00 UTC',
    ]);
  });
});

describe('a crontab that is off', () => {
  it('It is shown on its page and in the list of sites since when, by whom and why', async () => {
    await world.save('a', HOURLY);
    const user = new Visitor({ ...world.ports, by: 'ana' });
    await user.post('/sites/default/do', { do: 'crontab-off', note: 'until the database has moved' });
    const since = / since .* UTC by ana: until the database has moved/;
    expect(texts(await user.get('/sites/default'), '#title p')[0]).toMatch(since);
    expect(texts(await user.get('/sites'), '#site-list .name .faint')[0]).toMatch(
      /^since .* by ana: until the data/,
    );
    await user.post('/sites/default/do', { do: 'crontab-on' });
    expect(texts(await user.get('/sites/default'), '#title p')).toEqual(['On · times in UTC']);
  });
});

describe('the list of sites', () => {
  it('The list of sites counts the failing crons and the rejected edits', async () => {
    await world.save('a', HOURLY);
    await world.edit('b', 'not JSON');
    world.task = () => {
      throw new Error('no disk');
    };
    await world.clock.advance(30 * MINUTE);
    await runAll();
    const page = await visitor.get('/sites');
    expect(texts(page, '#site-list .badge')).toHaveLength(2);
    expect(attributes(page, '#site-list .badge.is-failing', 'href')).toEqual([`${OVERVIEW}?show=failing`]);
    expect(texts(page, '#site-list .badge.is-failing')).toEqual(['1 failing']);
    expect(attributes(page, '#site-list .badge.is-broken', 'href')).toEqual([`${OVERVIEW}?show=rejected`]);
    expect(texts(page, '#site-list .active')).toEqual(['1 of 2 active']);
  });

  it('All sites are listed, however many there are, and their runs have the times of their zones', async () => {
    const value = { activated: true, readOnly: false, timezone: 'Asia/Tokyo' };
    for (let n = 100; n < 610; n++)
      await world.ports.store.putProjection({ site: `s-${n}` }, { modified: 1, version: 1, value });
    const job = { ...newJob('s-609', 'b'), leases: [leaseOf(NOON)], token: 't' };
    await world.ports.store.commit(job, undefined, []);
    await world.ports.store.putProjection({ site: 's-609', uid: 'b' }, { modified: 1, version: 1 });
    expect(texts(await visitor.get('/sites'), '#site-list tbody tr')).toHaveLength(510);
    expect(texts(await visitor.get('/runs'), '#runs .planned-at')).toEqual([
      expect.stringContaining('GMT+9'),
    ]);
  });

  it('The name of a new site leads to the form for its first cron', async () => {
    const page = await visitor.get('/sites?new=shop');
    expect(page.path).toBe('/sites/shop/new?newSite=true');
    expect(has(page, 'form.cron-form[action="/sites/shop/new?newSite=true"]')).toBe(true);
  });
});

describe('the overview of a site', () => {
  it('The overview shows the health, runner, schedule, next run and last run of each cron', async () => {
    await world.edit(undefined, '{"timezone":"Europe/Paris"}');
    await world.save('a', { ...HOURLY, user: 'ada' });
    world.task = () => 'done with a remark';
    await world.clock.advance(31 * MINUTE);
    await runAll();
    const page = await visitor.get(OVERVIEW);
    expect(texts(page, '#title p')).toEqual(['On · times in Europe/Paris']);
    expect(tileCounts(page)).toEqual({ on: '1/1', running: '0', failing: '0', late: '0' });
    expect(texts(page, `#tiles a[href="${OVERVIEW}/crons/a"]`)).toEqual(['in 59 minutes next: a, 14:00 CET']);
    expect(has(page, row('a', '.badge.is-warning'))).toBe(true);
    expect(texts(page, row('a', '.name'))).toEqual(['a task as ada']);
    expect(texts(page, row('a', '.when'))).toEqual([
      `${describePeriodicity('0 * * * *', 'a')} 0 * * * * Europe/Paris`,
    ]);
    expect(texts(page, row('a', '.next'))).toEqual(['in 59 minutes 14:00 CET']);
    expect(texts(page, row('a', '.last'))).toEqual(['now, took 0 ms done with a remark']);
    expect(attributes(page, row('a', '.strip'), 'aria-label')).toEqual(['Last run: Warning']);
    expect(attributes(page, '#timeline [data-load]', 'href')).toEqual([`${OVERVIEW}/timeline`]);
  });

  it('The overview shows that a cron waits for its turn, and that one never runs again', async () => {
    await world.save('a', HOURLY);
    await world.save('b', HOURLY);
    await commitJob(world.ports.store, 'a', { waiting: { from: NOON, to: NOON } });
    // All of its times are in the past.
    const decidedUntil = 8.64e15;
    await commitJob(world.ports.store, 'b', { armedAt: undefined, decidedUntil });
    const page = await visitor.get(OVERVIEW);
    expect(texts(page, row('a', '.next'))).toEqual(['waits for its turn']);
    expect(texts(page, row('b', '.next .none'))).toEqual(['never again']);
  });

  it('The overview shows why a cron has no next run', async () => {
    await world.save('off', { ...HOURLY, activated: false });
    await world.edit('broken', '{}');
    const page = await visitor.get(OVERVIEW);
    expect(texts(page, row('off', '.next .none'))).toEqual(['switched off']);
    expect(texts(page, row('off', '.next .sub'))).toEqual([expect.stringMatching(/^since .+ UTC$/)]);
    expect(texts(page, row('broken', '.next .none'))).toEqual(['cannot run']);
    expect(texts(page, row('broken', '.when'))).toEqual(['nothing in force']);
    expect(texts(page, '#tiles span.tile')).toEqual(['– no run is planned']);
  });

  it('The overview shows the crons that cannot be read, and the others as before', async () => {
    for (const uid of ['a', 'b', 'c', 'd', 'e', 'f', 'good']) await world.save(uid, HOURLY);
    world.damage('job', 'a', '{');
    const one = await visitor.get(OVERVIEW);
    expect(texts(one, '#unreadable h2')).toEqual(['A cron cannot be read and does not run']);
    expect(texts(one, row('a', '.next .none'))).toEqual(['cannot run']);
    expect(has(one, row('a', '.badge.is-broken'))).toBe(true);
    expect(has(one, '#run-a[disabled]')).toBe(true);
    for (const uid of ['b', 'c', 'd', 'e', 'f']) world.damage('projection', uid, '{');
    const six = await visitor.get(OVERVIEW);
    expect(texts(six, '#unreadable h2')).toEqual(['6 crons cannot be read and do not run']);
    expect(attributes(six, '#unreadable li > a', 'href')).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((uid) => `${OVERVIEW}/crons/${uid}`),
    );
    expect(texts(six, '#unreadable > p')).toEqual(['… and 1 more']);
    expect(has(six, row('good', '.badge.is-new'))).toBe(true);
    expect(texts(six, row('good', '.next'))).toEqual(['in 30 minutes 12:00 UTC']);
  });

  it('The label of the last runs lists them from the oldest to the newest', async () => {
    await world.save('a', HOURLY);
    await commitJob(world.ports.store, 'a', {}, [recordOf(120, { status: 'FAILURE' }), recordOf(60)]);
    expect(attributes(await visitor.get(OVERVIEW), row('a', '.strip'), 'aria-label')).toEqual([
      'Last 2 runs, oldest first: Failed, OK',
    ]);
  });

  it('The overview shows a run in progress', async () => {
    await world.save('a', HOURLY);
    let page: VisitedPage | undefined;
    world.task = async () => {
      page = await visitor.get(OVERVIEW);
      return undefined;
    };
    await world.clock.advance(30 * MINUTE);
    await runAll();
    if (!page) throw new Error('The runner did not run.');
    expect(tileCounts(page).running).toBe('1');
    expect(has(page, row('a', '.badge.is-running'))).toBe(true);
    expect(texts(page, row('a', '.next'))).toEqual(['running for 0 ms']);
  });

  it('The overview of an empty site offers to add the first cron', async () => {
    const page = await visitor.get(OVERVIEW);
    expect(page.status).toBe(200);
    expect(texts(page, 'section.empty h2')).toEqual(['No crons yet']);
    expect(has(page, `section.empty a[href="${OVERVIEW}/new"]`)).toBe(true);
  });

  it('The overview of an empty site has three ways to begin: a URL, a command or function, and an import', async () => {
    const page = await visitor.get(OVERVIEW);
    expect(texts(page, '.doors h3')).toEqual([
      'Call a URL',
      'Run a command or a function',
      'Import a crontab',
    ]);
    expect(texts(page, '.doors code')[0]).toBe('crontab -l | npx cloudtab plan - --site default');
    const deployed = await new Visitor({ ...world.ports, option: '--stack Shop' }).get(OVERVIEW);
    expect(texts(deployed, '.doors code')[0]).toMatch(/ --site default --stack Shop$/);
    const form = await visitor.get(attributes(page, '.doors a', 'href')[0] ?? '');
    expect(inputValue(form, 'runner')).toBe('http');
    const lambda = await visitor.get(`${OVERVIEW}/new?runner=lambda:`);
    expect(lambda.status).toBe(200);
  });

  it('The overview of an unknown site answers 404 with the reason of the operation', async () => {
    await world.save('a', HOURLY);
    const page = await visitor.get('/sites/nowhere');
    expect(page.status).toBe(404);
    expect(texts(page, '#main')[0]).toContain(await errorMessage(readCrontab(world.ports, 'nowhere')));
  });

  it('The overview shows a rejected edit, the version in force, and a link to fix it', async () => {
    await world.save('a', HOURLY);
    await world.edit('a', '{"name":"task","periodicity":"61 * * * *"}');
    const page = await visitor.get(OVERVIEW);
    const [problem] = (await readCron(world.ports, 'default', 'a')).parameter.problems ?? [];
    expect(problem?.where).toBe('periodicity');
    expect(texts(page, '#rejected-edits h2')).toEqual(['An edit was rejected']);
    expect(texts(page, '#rejected-edits .plain > li')[0]).toContain(
      'Version 2 is not in force. The last valid version runs: task, Every hour (0 * * * *).',
    );
    expect(texts(page, '#rejected-edits .problems li')).toEqual([
      `periodicity Got ${problem?.got}, wanted ${problem?.wanted}. ${problem?.fix}`,
    ]);
    expect(has(page, `#rejected-edits a[href="${OVERVIEW}/crons/a/edit"]`)).toBe(true);
  });

  it('The overview names five rejected edits and links to the others', async () => {
    for (const uid of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await world.edit(uid, '{}');
    const page = await visitor.get(OVERVIEW);
    expect(texts(page, '#rejected-edits h2')).toEqual(['7 edits were rejected']);
    expect(texts(page, '#rejected-edits .plain > li > a > strong')).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(texts(page, '#rejected-edits details > p')).toEqual(['… and 2 more: show them all']);
    expect(has(page, '#rejected-edits p a[href="?show=rejected"]')).toBe(true);
  });

  it('The overview shows crontab settings that are not in force', async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"timezone":"Mars"}');
    const page = await visitor.get(OVERVIEW);
    expect(texts(page, '#banners h2')).toEqual(['The latest settings of this crontab are not in force']);
    expect(texts(page, '#banners .problems code')).toEqual(['timezone']);
    expect(texts(page, '#banners .problems li')[0]).toContain('"Mars"');
  });

  it('The overview lists fifty crons a page', async () => {
    for (let n = 100; n < 155; n++) await world.edit(`c${n}`, JSON.stringify(HOURLY));
    const first = await visitor.get(OVERVIEW);
    expect(texts(first, 'nav.pager')).toEqual(['Previous Page 1 of 2 Next']);
    expect(listedUids(first)).toHaveLength(50);
    expect(listedUids(first).at(-1)).toBe('c149');
    const second = await visitor.get(attributes(first, 'nav.pager a[rel="next"]', 'href')[0] ?? '');
    expect(listedUids(second)).toEqual(['c150', 'c151', 'c152', 'c153', 'c154']);
  });

  it('The overview lists the tags of the site, with the chosen one selected although no cron has it', async () => {
    await world.save('a', { ...HOURLY, tags: ['nightly', 'billing'] });
    await world.save('b', { ...HOURLY, tags: ['nightly'] });
    const options = 'select[name="tag"] option';
    expect(attributes(await visitor.get(OVERVIEW), options, 'value')).toEqual(['', 'billing', 'nightly']);
    const page = await visitor.get(`${OVERVIEW}?tag=gone`);
    expect(attributes(page, options, 'value')).toEqual(['', 'billing', 'gone', 'nightly']);
    expect(attributes(page, `${options}[selected]`, 'value')).toEqual(['gone']);
    expect(listedUids(page)).toEqual([]);
  });

  it('The overview reports that no cron matches a search', async () => {
    await world.save('a', HOURLY);
    const page = await visitor.get(`${OVERVIEW}?q=%22%3E%3Cb%3E`);
    expect(texts(page, '#found')).toEqual(['0 of 1 crons']);
    expect(texts(page, '#rows .empty')).toEqual(['No cron matches. Show all']);
    expect(page.html).toContain('value="&quot;&gt;&lt;b&gt;"');
  });

  it('The overview reads the table once, however many crons a site has', async () => {
    for (let n = 0; n < 12; n++) await world.edit(`c${n}`, JSON.stringify(HOURLY));
    const { port: store, calls } = recorded(world.ports.store);
    await new Visitor({ ...world.ports, store }).get(OVERVIEW);
    expect(calls).toEqual(['readSite']);
  });
});

describe('the switch of a crontab', () => {
  it('The overview switches the crontab off and on, and shows the message of the operation', async () => {
    await world.save('a', HOURLY);
    const editActivated = (activated: boolean) => editSettings(world.ports, 'default', { activated });
    const offMessage = (await editActivated(false)).message;
    const onMessage = (await editActivated(true)).message;
    const off = await visitor.post(`${OVERVIEW}/do`, { do: 'crontab-off' });
    expect(flash(off)).toEqual({ kind: 'done', message: offMessage });
    expect(isSwitchedOn(off)).toBe(false);
    expect(texts(off, '#banners .is-state')).toEqual([
      'Switched off. No cron of this site runs until the crontab is switched on. Switch the crontab on',
    ]);
    expect(texts(off, row('a', '.next .none'))).toEqual(['crontab is off']);
    const on = await visitor.post(`${OVERVIEW}/do`, { do: 'crontab-on' });
    expect(flash(on)).toEqual({ kind: 'done', message: onMessage });
    expect(isSwitchedOn(on)).toBe(true);
    expect(attributes(on, row('a', '.next time[data-ago]'), 'datetime')).toEqual(['2026-03-02T12:00:00Z']);
  });

  it('A crontab that was switched off with a note shows the note on the page of each of its crons', async () => {
    await world.save('a', HOURLY);
    expect(has(await visitor.get(OVERVIEW), 'input[name="note"]')).toBe(true);
    await visitor.post(`${OVERVIEW}/do`, { do: 'crontab-off', note: 'the office moves' });
    const page = await visitor.get('/sites/default/crons/a');
    expect(texts(page, '#next .none')[0]).toMatch(/: the office moves\.$/);
    expect(texts(await visitor.get(OVERVIEW), row('a', '.next .sub'))[0]).toMatch(/: the office moves$/);
  });

  it('The overview says of each cron that is off since when, by whom and why, without a history being read', async () => {
    await world.save('a', HOURLY);
    await visitor.post(`${OVERVIEW}/do`, { do: 'off', uid: 'a', note: 'the database moves' });
    const registry = intercept(world.ports.registry, 'history', () => Promise.reject(new Error('a history')));
    const page = await new Visitor({ ...world.ports, registry }).get(OVERVIEW);
    const [text] = texts(page, row('a', '.next .sub'));
    expect(text).toMatch(/^since .+ UTC by .+: the database moves$/);
    expect(attributes(page, row('a', '.next .sub'), 'title')).toEqual([`off ${text}`]);
    const timeline = await visitor.get(`${OVERVIEW}/timeline`);
    expect(attributes(timeline, '.track', 'aria-label')).toEqual([`Runs of a, off ${text}`]);
    expect(texts(timeline, '.in-words li')[0]).toContain(`a off ${text};`);
  });
});

describe('the overview after a change', () => {
  it('The overview shows a change at once, even if reading the whole site is eventually consistent', async () => {
    await world.save('a', HOURLY);
    const { store } = world.ports;
    const oldState = await store.readSite('default');
    const staleStore = new Proxy(store, {
      get: (target, name) => {
        const value = name === 'readSite' ? async () => oldState : Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const user = new Visitor({ ...world.ports, store: staleStore });
    const cronOff = await user.post(`${OVERVIEW}/do`, { do: 'off', uid: 'a' });
    expect(has(cronOff, row('a', '.next .none'))).toBe(true);
    expect(activeCount(await user.post(`${OVERVIEW}/do`, { do: 'crontab-off' }))).toBe('0/1');
    const saved = await user.post(`${OVERVIEW}/settings`, { timezone: 'Asia/Tokyo' });
    expect(isSwitchedOn(saved)).toBe(false);
    expect(texts(saved, '#title p')[0]).toContain('Asia/Tokyo');
    const deleted = await user.post(`${OVERVIEW}/crons/a/do`, { do: 'delete', sure: 'yes' });
    expect(has(deleted, 'section.empty')).toBe(true);
  });
});

describe('the overview of a read-only crontab', () => {
  beforeEach(async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"readOnly":true,"activated":false}');
    await syncSite(world.ports, 'default');
  });

  it('The overview of a read-only crontab offers no change', async () => {
    const page = await visitor.get(OVERVIEW);
    expect(texts(page, '#banners .is-state')).toEqual([
      'Switched off and read only. No cron of this site runs, and the dashboard cannot change anything. Settings',
    ]);
    await world.edit(undefined, '{"readOnly":true}');
    await syncSite(world.ports, 'default');
    expect(texts(await visitor.get(OVERVIEW), '#banners .is-state')).toEqual([
      'Read only. The dashboard cannot change anything. Runs continue. Settings',
    ]);
    expect(has(page, '.bulk button[name="do"][value="delete"][disabled]')).toBe(true);
    expect(has(page, `a[href="${OVERVIEW}/new"]`)).toBe(false);
    expect(has(page, '#banners button')).toBe(false);
  });

  it('A read-only crontab refuses a change with the reason of the operation', async () => {
    const { refused } = await removeCrons(world.ports, 'default', ['a']);
    const page = await visitor.post(`${OVERVIEW}/do`, { do: 'delete', uid: 'a', sure: 'yes' });
    expect(texts(page, '.results .is-refused')).toEqual([`a ${refused[0]?.reason}`]);
    expect(listedUids(await visitor.get(OVERVIEW))).toEqual(['a']);
  });

  it('The overview of an empty read-only site does not offer to add the first cron', async () => {
    await world.ports.registry.remove({ site: 'default', uid: 'a' });
    await projectParameter(world.ports, { site: 'default', uid: 'a' });
    const page = await visitor.get(OVERVIEW);
    expect(has(page, 'section.empty')).toBe(true);
    expect(has(page, `a[href="${OVERVIEW}/new"]`)).toBe(false);
  });
});

describe('bulk actions', () => {
  beforeEach(async () => {
    await world.save('a', HOURLY);
    await world.save('b', HOURLY);
    await world.save('c', HOURLY);
  });
  const act = (fields: Record<string, string | string[]>) => visitor.post(`${OVERVIEW}/do`, fields);

  it('A bulk action switches several crons off and on', async () => {
    const offMessage = (await switchCrons(world.ports, 'default', ['a', 'b'], { activated: false })).message;
    await switchCrons(world.ports, 'default', ['a', 'b'], { activated: true });
    const off = await act({ do: 'off', uid: ['a', 'b'] });
    expect(flash(off)).toEqual({ kind: 'done', message: offMessage });
    expect(activeCount(off)).toBe('1/3');
    expect(activeCount(await act({ do: 'on', uid: ['a', 'b'] }))).toBe('3/3');
  });

  it('A bulk action runs several crons', async () => {
    const page = await act({ do: 'run', uid: ['a', 'b'] });
    expect(flash(page)).toEqual({ kind: 'done', message: expect.stringMatching(/\b2\b/) });
    await world.clock.advance(0);
    expect(world.delivered.map(({ uid }) => uid).sort()).toEqual(['a', 'b']);
  });

  it('A bulk action deletes several crons after a confirmation', async () => {
    const question = await act({ do: 'delete', uid: ['a', 'b'], back: `${OVERVIEW}?q=x` });
    expect(texts(question, 'h1')).toEqual(['Delete these 2 crons?']);
    expect(texts(question, '.names li')).toEqual(['a', 'b']);
    expect(texts(question, '.actions')).toEqual(['Delete Keep']);
    expect(has(question, 'button.danger')).toBe(true);
    expect(attributes(question, '.actions a', 'href')).toEqual([`${OVERVIEW}?q=x`]);
    expect(hidden(question, 'back')).toBe(`${OVERVIEW}?q=x`);
    expect(activeCount(await visitor.get(OVERVIEW))).toBe('3/3');
    const deleted = await act({ do: 'delete', uid: ['a', 'b'], sure: 'yes' });
    expect(flash(deleted)).toEqual({ kind: 'done', message: expect.stringMatching(/\b2\b/) });
    expect(activeCount(deleted)).toBe('1/1');
    expect(listedUids(deleted)).toEqual(['c']);
    const restored = await act({ do: 'undo-delete', uids: hidden(deleted, 'uids') });
    expect(flash(restored)).toEqual({ kind: 'done', message: 'Restored 2 crons.' });
    expect(listedUids(restored)).toEqual(['a', 'b', 'c']);
  });

  it('More crons than an operation takes are deleted page by page, and Undo restores all of them', async () => {
    for (let n = 100; n < 220; n++) await world.edit(`job-${n}`, JSON.stringify(HOURLY));
    const back = `${OVERVIEW}?q=job-`;
    let page = await act({ do: 'delete', all: 'yes', back });
    do page = await visitor.post(`${OVERVIEW}/do`, fieldsOf(page));
    while (has(page, 'form[data-continue]'));
    expect(activeCount(await visitor.get(OVERVIEW))).toBe('3/3');
    expect(texts(page, '#bulk-state button')).toEqual(['Undo the deletion of 120 crons']);
    page = await act({ do: 'undo-delete', uids: hidden(page, 'uids'), back });
    while (has(page, 'form[data-continue]')) page = await visitor.post(`${OVERVIEW}/do`, fieldsOf(page));
    expect(texts(page, '#bulk-state p')[0]).toBe('120 of 120: 120 restored, 0 refused.');
    expect(has(page, '#bulk-state button')).toBe(false);
    expect(activeCount(await visitor.get(OVERVIEW))).toBe('123/123');
  });

  it('Undo restores those that were deleted although others were refused', async () => {
    const page = await act({ do: 'delete', uid: ['a', 'gone'], sure: 'yes' });
    expect(hidden(page, 'uids')).toBe('a');
  });

  it('A bulk action switches off with a note, also page by page', async () => {
    const noteOf = async (uid: string) =>
      (await world.ports.registry.history({ site: 'default', uid }))[0]?.author;
    await act({ do: 'off', uid: ['a', 'b'], note: ' the disk is full ' });
    expect(await noteOf('b')).toMatch(/: the disk is full$/);
    for (let n = 100; n < 160; n++) await world.edit(`job-${n}`, JSON.stringify(HOURLY));
    const question = await act({ do: 'off', all: 'yes', note: 'stocktaking', back: `${OVERVIEW}?q=job-` });
    const page = await visitor.post(`${OVERVIEW}/do`, fieldsOf(question));
    await visitor.post(`${OVERVIEW}/do`, fieldsOf(page));
    expect(await noteOf('job-159')).toMatch(/: stocktaking$/);
  });

  it('Enter in the note of the list does nothing, since its first button is disabled', async () => {
    const buttons = attributes(await visitor.get(OVERVIEW), 'form.list button', 'disabled');
    expect(buttons[0]).toBe('');
  });

  it('The confirmation for a single cron says "this cron"', async () => {
    expect(texts(await act({ do: 'delete', uid: 'a' }), 'h1')).toEqual(['Delete this cron?']);
  });

  it('A bulk action without a selected cron is refused', async () => {
    expect(flash(await act({ do: 'delete' }))).toEqual({
      kind: 'refused',
      message: 'Select at least one cron first.',
    });
  });

  it('A bulk action changes the crons that it can and reports those that were refused', async () => {
    const { refused } = await switchCrons(world.ports, 'default', ['gone'], { activated: false });
    const page = await act({ do: 'off', uid: ['a', 'gone'] });
    expect(texts(page, '#bulk-state p')[0]).toBe('2 of 2: 1 switched off, 1 refused.');
    expect(texts(page, '.results li')).toEqual([`gone ${refused[0]?.reason}`, 'a switched off']);
    expect(attributes(page, '#bulk-state a', 'href')).toEqual([OVERVIEW]);
    expect(activeCount(await visitor.get(OVERVIEW))).toBe('2/3');
  });

  it('An action on all crons that match asks first, and continues page by page with a result for each', async () => {
    for (let n = 100; n < 220; n++) await world.edit(`job-${n}`, JSON.stringify(HOURLY));
    const back = `${OVERVIEW}?q=job-`;
    expect(texts(await visitor.get(back), '.bulk .all')).toEqual(['All 120 that match, not only this page']);
    const question = await act({ do: 'off', all: 'yes', uid: ['a', 'job-100'], back });
    expect(texts(question, 'h1')).toEqual(['Switch off these 120 crons?']);
    expect(has(question, 'button.danger')).toBe(false);
    expect(texts(question, '.names li')).toHaveLength(120);
    let page = await visitor.post(`${OVERVIEW}/do`, fieldsOf(question));
    const states: string[] = [];
    const done = texts(page, '.results .is-done');
    for (; has(page, 'form[data-continue]'); done.push(...texts(page, '.results .is-done'))) {
      states.push(texts(page, '#bulk-state p')[0] ?? '');
      page = await visitor.post(`${OVERVIEW}/do`, fieldsOf(page));
    }
    expect(states).toEqual([
      '50 of 120: 50 switched off, 0 refused.',
      '100 of 120: 100 switched off, 0 refused.',
    ]);
    expect(texts(page, '#bulk-state p')[0]).toBe('120 of 120: 120 switched off, 0 refused.');
    expect(done).toEqual(Array.from({ length: 120 }, (_, n) => `job-${100 + n} switched off`));
    expect(activeCount(await visitor.get(OVERVIEW))).toBe('3/123');
  });

  it('An action on all crons that match concerns the first thousand, whose uids fit into a request', async () => {
    const { store } = world.ports;
    const site = await store.readSite('default');
    const crons = Array.from({ length: 1001 }, (_, n) => ({
      ...site.crons[0],
      uid: `${n}-`.padEnd(36, 'x'),
    }));
    const readSite = async () => ({ ...site, crons });
    const large = new Proxy(store, {
      get: (target, name) => (name === 'readSite' ? readSite : Reflect.get(target, name).bind(target)),
    });
    const user = new Visitor({ ...world.ports, store: large });
    const label = texts(await user.get(OVERVIEW), '.bulk .all');
    expect(label).toEqual(['The first 1000 of 1001 that match, not only this page']);
    const question = await user.post(`${OVERVIEW}/do`, { do: 'delete', all: 'yes', back: OVERVIEW });
    expect(texts(question, '.names li')).toHaveLength(1000);
    const page = await user.post(`${OVERVIEW}/do`, fieldsOf(question));
    expect(texts(page, '#bulk-state p')[0]).toBe('50 of 1000: 0 deleted, 50 refused.');
  });

  it('An unknown bulk action is refused', async () => {
    expect(flash(await act({ do: 'explode', uid: 'a' }))).toEqual({
      kind: 'refused',
      message: 'Unknown action "explode".',
    });
  });

  it('A bulk action returns to the list that it came from, and to no other address', async () => {
    expect((await act({ do: 'on', uid: 'a', back: `${OVERVIEW}?q=a&show=on` })).path).toBe(
      `${OVERVIEW}?q=a&show=on`,
    );
    expect((await act({ do: 'on', uid: 'a', back: '//evil.example' })).path).toBe(OVERVIEW);
    expect((await act({ do: 'on', uid: 'a', back: '/sites/default.evil' })).path).toBe(OVERVIEW);
    expect((await act({ do: 'on', uid: 'a', back: '' })).path).toBe(OVERVIEW);
    expect((await act({ do: 'on', uid: 'a', back: `${OVERVIEW}?q=ü` })).path).toBe(`${OVERVIEW}?q=%C3%BC`);
  });
});

describe('a forced run from the list', () => {
  it('The list follows a forced run until its result is there', async () => {
    await world.save('a', HOURLY);
    const requested = await visitor.post(`${OVERVIEW}/do`, { run: 'a', back: `${OVERVIEW}?q=a` });
    expect(requested.path).toMatch(/^\/sites\/default\?q=a&watch=a~/);
    const [, runId] = decodeURIComponent(requested.path).split('~');
    expect(flash(requested)).toEqual({ kind: 'done', message: expect.stringContaining(String(runId)) });
    expect(has(requested, '#watch .result.is-running')).toBe(true);
    expect(attributes(requested, '#watch a', 'href')).toEqual([`${OVERVIEW}/crons/a`]);
    expect(requested.html).toContain('<noscript><meta http-equiv="refresh" content="2"></noscript>');
    expect(attributes(requested, '#main', 'data-refresh')).toEqual(['1']);
    let during: VisitedPage | undefined;
    world.task = async () => {
      during = await visitor.get(requested.path);
      return 'two figures are old';
    };
    await runAll();
    expect(during && texts(during, '#watch h2')[0]).toMatch(/ runs for 0 ms$/);
    const ended = await visitor.get(requested.path);
    expect(has(ended, '#watch .result.is-WARN .badge.is-WARN')).toBe(true);
    expect(texts(ended, '#watch h2')[0]).toMatch(/ ended in 0 ms$/);
    expect(texts(ended, '#watch .messages li')).toEqual(['two figures are old']);
    expect(ended.html).not.toContain('http-equiv="refresh"');
  });

  it('The list shows why a forced run did not run', async () => {
    await world.save('a', { ...HOURLY, activated: false });
    const requested = await visitor.post(`${OVERVIEW}/do`, { run: 'a' });
    await runAll();
    const ended = await visitor.get(requested.path);
    expect(has(ended, '#watch .result.is-NOTRUN')).toBe(true);
    expect(texts(ended, '#watch .messages li')).toEqual([
      expect.stringMatching(/^The cron is off since .* UTC\.$/),
    ]);
  });

  it('The list refuses a forced run of a cron that is gone', async () => {
    const page = await visitor.post(`${OVERVIEW}/do`, { run: 'gone' });
    expect(page.path).toBe(OVERVIEW);
    expect(flash(page)).toEqual({
      kind: 'refused',
      message: await errorMessage(forceRun(world.ports, 'default', 'gone')),
    });
  });

  it('The list follows no run when the address names none', async () => {
    await world.save('a', HOURLY);
    for (const watch of ['a', 'a~', '~b', 'a~b~<c>', 'gone~x']) {
      const page = await visitor.get(`${OVERVIEW}?watch=${encodeURIComponent(watch)}`);
      expect(has(page, '#watch')).toBe(true);
      expect(has(page, '#watch .result')).toBe(false);
    }
  });
});

describe('the message of an action', () => {
  beforeEach(() => world.save('a', HOURLY));

  /** The path with the message to which the action redirects. */
  async function switchedOff(): Promise<string> {
    const body = new URLSearchParams({ do: 'off', uid: 'a' });
    const response = await makeApp(makeDoor(world.ports)).request(`${OVERVIEW}/do`, {
      method: 'POST',
      body,
      headers: FROM_PAGE,
    });
    return response.headers.get('Location') ?? '';
  }

  it('The overview shows the message of an action to which it redirects, and no message at its own address', async () => {
    expect(flash(await visitor.post(`${OVERVIEW}/do`, { do: 'off', uid: 'a' }))?.kind).toBe('done');
    expect(flash(await visitor.get(OVERVIEW, FROM_PAGE))).toBeUndefined();
  });

  it('A reload of the page shows the message for a minute', async () => {
    const path = await switchedOff();
    expect(flash(await visitor.get(path, FROM_PAGE))?.kind).toBe('done');
    await world.clock.advance(59_000);
    expect(flash(await visitor.get(path, FROM_PAGE))?.kind).toBe('done');
    await world.clock.advance(2_000);
    expect(flash(await visitor.get(path, FROM_PAGE))).toBeUndefined();
  });

  it.each(['cross-site', 'same-site', 'none'])(
    'A link that a page of the dashboard did not open shows no message (%s)',
    async (site) => {
      expect(flash(await visitor.get(await switchedOff(), { 'Sec-Fetch-Site': site }))).toBeUndefined();
    },
  );

  it('A browser that declares no origin shows the message', async () => {
    expect(flash(await visitor.get(await switchedOff()))?.kind).toBe('done');
  });

  it.each([
    ['not from this program', 'abc'],
    ['without a time', '{"kind":"done","message":"Well done.","fresh":[]}'],
    ['from the future', '{"kind":"done","message":"Well done.","fresh":[],"at":9e15}'],
    ['of another shape', `{"message":1,"at":${NOON}}`],
  ])('The overview shows no message that is %s', async (_reason, text) => {
    const value = Buffer.from(text).toString('base64url');
    const page = await visitor.get(`${OVERVIEW}?flash=${value}`, FROM_PAGE);
    expect(page.status).toBe(200);
    expect(flash(page)).toBeUndefined();
    expect(isSwitchedOn(page)).toBe(true);
  });
});

describe('the settings of a crontab', () => {
  const SETTINGS = '/sites/default/settings';

  it('The settings page shows the settings of a crontab and saves them', async () => {
    await world.save('a', HOURLY);
    const form = await visitor.get(SETTINGS);
    expect(has(form, 'input#activated[name="activated"][value="on"]')).toBe(true);
    const saved = await visitor.post(SETTINGS, { activated: 'on', readOnly: 'on', timezone: 'Asia/Tokyo' });
    expect(saved.path).toBe(OVERVIEW);
    const changes: FieldChange[] = [
      { field: 'readOnly', kind: 'changed', was: false, is: true },
      { field: 'timezone', kind: 'changed', was: 'UTC', is: 'Asia/Tokyo' },
    ];
    expect(flash(saved)).toEqual({
      kind: 'done',
      message: expect.stringContaining(changesText(changes)),
    });
    expect(texts(saved, '#title p')[0]).toMatch(/ read only .*Asia\/Tokyo$/);
  });

  it('While the user types, the answer has what saving the settings changes', async () => {
    await world.edit(undefined, '{"timezone":"Asia/Tokyo"}');
    const form = await visitor.get(SETTINGS);
    expect(texts(form, '#changes-line')).toEqual(['No changes yet']);
    const [stored = ''] = attributes(form, 'form[data-stored]', 'data-stored');
    const page = await visitor.post(SETTINGS, { do: 'changes', stored, readOnly: 'on', timezone: '' });
    expect(texts(page, '#changes-list li')).toEqual([
      'activated true → false',
      'readOnly false → true',
      'timezone Asia/Tokyo → UTC',
    ]);
    expect(texts(page, '#changes-line')).toEqual(['3 changes: activated, readOnly, timezone']);
    expect(texts(await visitor.get(SETTINGS), '#changes-line')).toEqual(['No changes yet']);
  });

  it('The settings page keeps what was typed and shows the problems', async () => {
    await world.save('a', HOURLY);
    const page = await visitor.post(SETTINGS, { timezone: 'Mars' });
    expect(page.status).toBe(422);
    expect(texts(page, '#problems h2')).toEqual(['One problem: nothing was saved']);
    expect(attributes(page, '#problems a', 'href')).toEqual(['#timezone']);
    expect(inputValue(page, 'timezone')).toBe('Mars');
    expect(has(page, 'input#activated[checked]')).toBe(false);
    expect(has(page, 'input#timezone[aria-invalid="true"]')).toBe(true);
  });

  it('The settings page does not overwrite settings that were changed in the meantime', async () => {
    await world.edit(undefined, '{}');
    const tag = hidden(await visitor.get(SETTINGS), 'tag');
    await world.edit(undefined, '{"timezone":"Asia/Tokyo"}');
    const page = await visitor.post(SETTINGS, { tag, activated: 'on', timezone: '' });
    const edit = editSettings(world.ports, 'default', { timezone: null }, { expected: [tag] });
    expect(flash(page)).toEqual({ kind: 'refused', message: await errorMessage(edit) });
    expect(texts(page, '#title p')[0]).toContain('Asia/Tokyo');
  });

  it('The settings page shows the problems of settings that are not valid', async () => {
    await world.edit(undefined, '{"timezone":"Mars"}');
    const page = await visitor.get(SETTINGS);
    expect(page.status).toBe(200);
    expect(attributes(page, '#problems a', 'href')).toEqual(['#timezone']);
  });

  it('The settings page hides the details of a failure of the registry', async () => {
    const registry = { ...world.ports.registry, read: () => Promise.reject(new Error('out of paper')) };
    const ports = { ...world.ports, registry: Object.assign(Object.create(world.ports.registry), registry) };
    const page = await new Visitor(ports).post(SETTINGS, { timezone: '' });
    expect(page.status).toBe(500);
    expect(texts(page, 'h1')).toEqual(['Something went wrong']);
    expect(page.text).toContain(httpProblemOf(new Error('out of paper')).detail);
    expect(page.text).not.toContain('paper');
  });
});

describe('the history of the settings', () => {
  it('The history of the settings has their versions, and restores one after a confirmation', async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"timezone":"Europe/Paris"}');
    await world.edit(undefined, '{"timezone":"Asia/Tokyo"}');
    const settings = await visitor.get(`${OVERVIEW}/settings`);
    const page = await visitor.get(attributes(settings, '.tabs a', 'href')[1] ?? '');
    expect(texts(page, '.versions > li ins')).toEqual(
      ['Asia/Tokyo', 'Europe/Paris'].map((zone) => `"${zone}"`),
    );
    const question = await visitor.post(`${OVERVIEW}/do`, { do: 'restore', ...fieldsOf(page) });
    expect(texts(question, 'h1')).toEqual(['Restore version 1 of the settings?']);
    const restored = await visitor.post(`${OVERVIEW}/do`, fieldsOf(question));
    expect(flash(restored)?.kind).toBe('done');
    expect(texts(restored, '#title p')).toEqual(['On · times in Europe/Paris']);
  });

  it('A version of the settings is not restored over a newer one', async () => {
    await world.save('a', HOURLY);
    for (const zone of ['Europe/Paris', 'Asia/Tokyo']) await world.edit(undefined, `{"timezone":"${zone}"}`);
    const fields = fieldsOf(await visitor.get(`${OVERVIEW}/history`));
    await world.edit(undefined, '{"timezone":"Europe/London"}');
    const page = await visitor.post(`${OVERVIEW}/do`, { do: 'restore', sure: 'yes', ...fields });
    expect(flash(page)?.kind).toBe('refused');
  });

  it('Settings that were never written have no version, and a viewer and a read-only crontab restore none', async () => {
    await world.save('a', HOURLY);
    expect(texts(await visitor.get(`${OVERVIEW}/history`), '.versions > li')).toEqual([]);
    await visitor.post(`${OVERVIEW}/do`, { do: 'restore', version: '1', sure: 'yes' });
    await world.edit(undefined, '{"timezone":"Europe/Paris"}');
    await world.edit(undefined, '{"readOnly":true}');
    expect(has(await visitor.get(`${OVERVIEW}/history`), '.versions button')).toBe(false);
  });
});
