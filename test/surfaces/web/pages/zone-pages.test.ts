import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordId } from '../../../../lib/core/domain/run-record.ts';
import { commitJob } from '../../../support/commit-job.ts';
import { HOUR, leaseOf, MINUTE, NOON } from '../../../support/jobs.ts';
import { addOldCron, addRecords } from '../../../support/past-crons.ts';
import { notRunRecordOf, recordOf } from '../../../support/run-records.ts';
import { texts, Visitor } from '../../../support/visitor.ts';
import { makeWorld, type World } from '../../../support/world.ts';

let world: World;
let visitor: Visitor;

const SITE = '/sites/default';
const CRON = `${SITE}/crons/a`;
const FAILED = recordOf(150, { status: 'FAILURE', messages: ['Wanted 2026-03-02T09:30:00Z'] });
const SKIPPED = notRunRecordOf(270, {
  reason: 'overlap',
  messages: ['The run of 2026-03-02T07:00:00Z was in progress; overlap is "skip".'],
});
const LATE = recordOf(90, { deliveredAt: NOON - 90 * MINUTE + 2500, requestedBy: 'ana', forced: 'x' });
const BUSY = recordOf(92, { endedAt: NOON - 90 * MINUTE + 2000 });
const OFF = { since: NOON - 3 * HOUR, by: 'ana', note: 'the database moves' };
const runPath = (record: typeof FAILED) => `${CRON}/runs/${recordId(record)}`;

beforeEach(async () => {
  world = makeWorld();
  const output = {
    read: async () => ({
      lines: [{ time: NOON - HOUR, level: 'INFO' as const, message: 'a line' }],
      cursor: 'c',
      hasMore: true,
    }),
  };
  visitor = new Visitor({ ...world.ports, output });
  await world.edit(undefined, '{"timezone": "Asia/Kolkata"}');
  await world.save('z', { name: 'task', periodicity: '0 * * * *' });
  await addOldCron(world, 'a', { periodicity: '30 * * * *' });
  await addRecords(world, 'a', [
    recordOf(30, { status: 'FAILURE' }),
    ...[FAILED, SKIPPED, LATE, BUSY, recordOf(330, { covers: { from: NOON - 420 * MINUTE, count: 2 } })],
  ]);
  await addOldCron(world, 'off', { activated: false }, undefined, OFF);
  await commitJob(world.ports.store, 'busy', { leases: [leaseOf(NOON - MINUTE)] }, []);
  await addOldCron(world, 'busy', {});
  world.clock.set(NOON);
});
afterEach(() => world.close());

const inZone = (path: string, zone: string) => visitor.get(path, { 'Time-Zone': zone });
/** The zones of all clock times of a page, also of those in titles and labels. */
const zonesOf = (html: string) => [
  ...new Set([...html.matchAll(/\d\d:\d\d(?::\d\d)? (GMT[-+][\d:]+|[A-Z]{3,4})\b/g)].map(([, zone]) => zone)),
];

describe('the zone that the reader chose', () => {
  it.each([
    ['the sites', '/sites'],
    ['a site', SITE],
    ['a timeline', `${SITE}/timeline`],
    ['the runs of all sites', '/runs?show=all'],
    ['the runs of a site', `${SITE}/runs?show=all`],
    ['a cron', CRON],
    ['a cron that is off', `${SITE}/crons/off`],
    ['a form', `${SITE}/crons/z/edit`],
    ['a preview', `${SITE}/preview?periodicity=0+3+*+*+*`],
    ['the history of a cron', `${SITE}/crons/z/history`],
    ['the history of the settings', `${SITE}/history`],
    ['a run that failed', runPath(FAILED)],
    ['a run that waited', runPath(LATE)],
    ['a planned time that did not run', runPath(SKIPPED)],
    ['why a cron ran', `${CRON}/why?time=2026-03-02T09:30:00Z`],
    ['why it did not run', `${CRON}/why?time=2026-03-02T07:30:00Z`],
    ['why it is off', `${SITE}/crons/off/why?time=2026-03-02T11:00:00Z`],
    ['why it will run', `${SITE}/crons/busy/why?time=2026-03-02T13:00:00Z`],
  ])(
    'All clock times of the page about %s are in that zone, and in that of the site otherwise',
    async (_, path) => {
      expect(zonesOf((await visitor.get(path)).html)).toEqual(
        path.startsWith('/runs') ? ['GMT+5:30', 'UTC'] : ['GMT+5:30'],
      );
      const page = await inZone(path, 'Asia/Tokyo');
      expect(zonesOf(page.html)).toEqual(['GMT+9']);
      if (!path.includes('/preview')) expect(texts(page, '#times-in')).toEqual(['Times in Asia/Tokyo']);
    },
  );

  it('A zone that does not exist counts as none', async () => {
    for (const zone of ['Mars/Olympus', '', '<b>', '+02:00']) {
      const page = await inZone(`${SITE}/timeline`, zone);
      expect([page.status, zonesOf(page.html)]).toEqual([200, ['GMT+5:30']]);
    }
  });

  it('The timeline in words, its titles and its axis change their zone', async () => {
    const page = await inZone(`${SITE}/timeline`, 'Asia/Tokyo');
    const words = texts(page, '.in-words li');
    expect(words).toContainEqual(
      expect.stringMatching(/^off off since 18:00 GMT\+9 by ana: the database moves;/),
    );
    expect(words).toContainEqual(expect.stringContaining('failing for one run since 20:30 GMT+9'));
    expect(page.html).toContain('<title>18:30 GMT+9: failed</title>');
    expect(page.html).toContain('<title>off since 18:00 GMT+9 by ana: the database moves</title>');
    expect(texts(page, '.axis .day').length).toBeGreaterThan(1);
    expect(new Set(texts(page, '.axis .hour').map((hour) => hour.slice(3)))).toEqual(new Set(['00']));
  });

  it('The timeline notes the changes of the clock of the site and of that of the axis', async () => {
    world.clock.set(Date.parse('2026-03-29T12:00:00Z'));
    const page = await inZone(`${SITE}/timeline`, 'Europe/Berlin');
    expect(texts(page, '.remark')).toEqual([
      'Sun 29 Mar: the clock of Europe/Berlin goes from 02:00 to 03:00.',
    ]);
  });

  it('The heading of a run, its steps, their causes and its output change their zone', async () => {
    const page = await inZone(runPath(LATE), 'Asia/Tokyo');
    expect(texts(page, 'h1')).toEqual(['a, 19:30 GMT+9 OK']);
    expect(texts(page, '.timeline li')).toEqual([
      'Requested 1 hour ago 19:30 GMT+9',
      'Delivered 19:30:02.500 +2.5 s It waited for the run of 19:28 GMT+9, which ended 19:30 GMT+9.',
      ...['Claimed 19:30:00.000 +0 ms', 'Started 19:30:00.000 +0 ms', 'Ended 19:30:01.500 +1.5 s'],
      ...texts(page, '.timeline li').slice(5),
    ]);
    expect(texts(page, '#output-from')).toEqual(['from Mon 2 Mar 2026 20:00 GMT+9']);
    expect(texts(page, '#lines li')).toEqual(['20:00:00.000 INFO a line']);
    const lines = await inZone(`${runPath(LATE)}/output?cursor=c`, 'Asia/Tokyo');
    expect(texts(lines, '#lines li')).toEqual(['20:00:00.000 INFO a line']);
  });

  it('The instants in the stored reasons change their zone, and those that a runner wrote stay', async () => {
    const skipped = 'The run of 16:00 GMT+9 was in progress; overlap is "skip".';
    expect(texts(await inZone(runPath(SKIPPED), 'Asia/Tokyo'), '#messages li')).toEqual([skipped]);
    const wanted = 'Wanted 2026-03-02T09:30:00Z';
    expect(texts(await inZone(runPath(FAILED), 'Asia/Tokyo'), '#messages li')).toEqual([wanted]);
    const cron = await inZone(CRON, 'Asia/Tokyo');
    expect(texts(cron, '.logs .messages li')).toEqual([wanted, skipped]);
    expect(texts(cron, '.gap')).toContainEqual('No record of the planned time 20:00 GMT+9. Why?');
  });

  it('The answer to Why? changes its zone, and its field asks in that of the schedule', async () => {
    const page = await inZone(`${SITE}/crons/a/why?time=2026-03-02T09:30:00Z`, 'Asia/Tokyo');
    expect(texts(page, 'h1')).toEqual(['Why? a, Mon 2 Mar 2026 18:30 GMT+9']);
    expect(texts(page, '#answer p')[0]).toMatch(/^It started at Mon 2 Mar 2026 18:30 GMT\+9 and failed at /);
    expect(texts(page, 'label[for="time"]')).toEqual(['Time (Asia/Kolkata)']);
  });
});
