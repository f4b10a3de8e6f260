/** `cloudtab timeline`. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { switchSite } from '../../../lib/app/operations/switch-site.ts';
import { InvalidError, NotFoundError } from '../../../lib/core/domain/errors.ts';
import { showTimeline, type TimelineOptions } from '../../../lib/surfaces/cli/timeline.ts';
import { clientOn } from '../../support/client.ts';
import { commitJob } from '../../support/commit-job.ts';
import { HOUR, leaseOf, MINUTE, NOON } from '../../support/jobs.ts';
import { addOldCron, addRecords } from '../../support/past-crons.ts';
import { notRunRecordOf, recordOf } from '../../support/run-records.ts';
import { makeWorld, type World } from '../../support/world.ts';
import { commandLine } from './command-line.ts';

const t = commandLine();
let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const timeline = (options: TimelineOptions = { width: 80 }) =>
  showTimeline(clientOn(world.ports), 'default', options);

it('Each cron has a lane of hours from yesterday to tomorrow, the worst first, with a mark for each result', async () => {
  await addOldCron(world, 'fine', { periodicity: '0 */6 * * *' });
  await addRecords(world, 'fine', [recordOf(6 * 60), recordOf(12 * 60, { status: 'WARN' })]);
  await addOldCron(world, 'bad', { periodicity: '0 4,16 * * *' });
  await addRecords(world, 'bad', [recordOf(20 * 60), recordOf(8 * 60, { status: 'FAILURE' })]);
  await addOldCron(world, 'skipped', { periodicity: '0 5 * * *' });
  await addRecords(world, 'skipped', [notRunRecordOf(7 * 60)]);
  await addOldCron(world, 'off', { activated: false }, NOON - 3 * HOUR);
  expect((await timeline()).replaceAll('\u00a0', ' ').split('\n')).toEqual([
    'default, Mon 2 Mar 2026 11:30 UTC',
    '            12    18    Mon   06    │ 12    18    Tue   06',
    '✗ bad           ✓           ✗       │     ○           ○',
    '! skipped                    –      │                  ○',
    '✓ fine      ?     ?     !     ✓     │ ○     ○     ○     ○',
    '– off                            ░░░│░░░░░░░░░░░░░░░░░░░░░░░░░',
    '✗ failed, ! with a warning, – did not run, ✓ OK, ? no run record, ○ planned,',
    '░ off, │ now',
  ]);
});

it('An hour that was off for a while only is not marked as off', async () => {
  await addOldCron(world, 'a', { periodicity: '0 5 * * *' }, NOON - 60 * MINUTE);
  await world.edit(undefined, '{"activated":false}');
  await world.clock.advance(MINUTE);
  await world.edit(undefined, '{}');
  await addOldCron(world, 'late', { activated: false }, NOON - 125 * MINUTE);
  const lines = (await timeline()).split('\n');
  expect(lines.find((line) => line.includes('late'))).toMatch(/[^░]░░│░{25}$/);
  expect(lines.find((line) => line.includes(' a '))).toMatch(/[^░]│ {18}○$/);
});

it('Below the lanes is since when a cron or the crontab is off, by whom and why', async () => {
  await addOldCron(world, 'a', { activated: false }, NOON - 3 * HOUR, {
    since: NOON - 3 * HOUR,
    by: 'ana',
    note: 'moving',
  });
  await addOldCron(world, 'b', {});
  expect((await timeline({})).split('\n').slice(5)).toEqual([
    expect.stringMatching(/^– a is off since .* by ana: moving$/),
  ]);
  await switchSite({ ...world.ports, by: 'bo' }, 'default', { activated: false });
  expect((await timeline({})).split('\n').slice(5)).toEqual([
    expect.stringMatching(/^– The crontab is off since .* by bo$/),
    expect.stringMatching(/^– a is off since .* by ana: moving$/),
  ]);
});

it('Runs in progress and overdue times have marks, and a crontab without crons is a sentence', async () => {
  await world.edit(undefined, '{}');
  expect(await timeline()).toBe('default has no crons.');
  await addOldCron(world, 'a', {});
  const leases = [leaseOf(NOON - 2 * HOUR, NOON + 4 * HOUR)];
  await commitJob(world.ports.store, 'a', { leases, waiting: { from: NOON - HOUR, to: NOON - HOUR } });
  expect(await timeline()).toMatch(/▸…│ ○/);
});

it('A narrow terminal shows fewer hours, and cuts names', async () => {
  await addOldCron(world, 'a-name-of-many-characters', {});
  const lines = (await timeline({ width: 40 })).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBe(40);
  expect(lines[2]).toBe('· a-name-of-…  ????????????│ ○○○○○○○○○○○');
  expect(await timeline({})).toMatch(/^· a-name-of-many-characters {2}\?{25}│ ○{24}$/m);
});

it('A change of the clock is a sentence, in the time zone of the crontab', async () => {
  await world.edit(undefined, '{"timezone":"Europe/Paris"}');
  await addOldCron(world, 'a', {});
  await world.clock.advanceTo(Date.parse('2026-03-29T08:00:00Z'));
  const text = await timeline();
  expect(text).toContain('default, Sun 29 Mar 2026 10:00 CEST');
  expect(text).toMatch(/^Sun 29 Mar 2026: the clock of Europe\/Paris goes from 02:00 to 03:00\.$/m);
});

it('Crons that are broken have no lane: a line names them', async () => {
  await world.edit('b', 'not JSON');
  expect(await timeline()).toBe('default has no crons that can run.\n1 cron is broken: b.');
  await addOldCron(world, 'a', {});
  await world.edit('c', 'not JSON');
  const lines = (await timeline()).split('\n');
  expect(lines.filter((line) => / [bc]\b/.test(line))).toEqual(['2 crons are broken: b, c.']);
});

it('Twenty crons have a lane, and --cursor shows the others', async () => {
  for (let index = 0; index < 22; index++) await addOldCron(world, `c${index}`, {});
  expect(await timeline()).toMatch(/^Crons 1 to 20 of 22, the worst first: --cursor 20 shows the next\.$/m);
  expect(await timeline({ cursor: '20' })).toMatch(/^Crons 21 to 22 of 22, the worst first\.$/m);
  await expect(timeline({ cursor: 'all' })).rejects.toThrow(InvalidError);
});

it('cloudtab timeline --json prints the answer of the operation, and an unknown site is an error', async () => {
  t.write('a', { name: 'heartbeat', periodicity: '@hourly' });
  expect(await t.outputOf('timeline')).toMatch(/^· a +│[ ○]○{24}$/m);
  const answer = await t.jsonOf('timeline');
  expect(answer).toMatchObject({
    site: 'default',
    effectiveTimezone: 'UTC',
    total: 1,
    lanes: [{ uid: 'a', health: 'new' }],
  });
  expect(answer.lanes[0].slots[0]).toMatchObject({ result: 'NEXT' });
  await expect(showTimeline(clientOn(world.ports), 'none')).rejects.toThrow(NotFoundError);
});
