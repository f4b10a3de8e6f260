import { afterEach, beforeEach, expect, it } from 'vitest';
import { commitJob } from '../../../support/commit-job.ts';
import { HOUR, NOON } from '../../../support/jobs.ts';
import { recordOf } from '../../../support/run-records.ts';
import { attributes, inputValue, texts, Visitor } from '../../../support/visitor.ts';
import { makeWorld, type World } from '../../../support/world.ts';

const CRON = '/sites/default/crons/a';

let world: World;
let visitor: Visitor;
beforeEach(async () => {
  world = makeWorld();
  visitor = new Visitor(world.ports);
  await world.save('a', { name: 'task', periodicity: '0 * * * *', timezone: 'Europe/Paris' });
});
afterEach(() => world.close());

it('The page explains a time in a paragraph with facts, and leads to the run', async () => {
  await commitJob(world.ports.store, 'a', {}, [recordOf(60)]);
  const page = await visitor.get(`${CRON}/why?time=2026-03-02T11:00:00Z`);
  expect(texts(page, 'h1')).toEqual(['Why? a, Mon 2 Mar 2026 12:00 CET']);
  expect(texts(page, '#why-title')).toEqual(['It ran']);
  expect(attributes(page, '.card a', 'href')).toEqual([
    `${CRON}/runs/${(NOON - HOUR) / 1000}`,
    `${CRON}/why?time=2026-03-02T10%3A59%3A00Z`,
    `${CRON}/why?time=2026-03-02T11%3A01%3A00Z`,
  ]);
  expect(inputValue(page, 'time')).toBe('2026-03-02 12:00');
});

it('The page of a cron asks about a local time and about each planned time', async () => {
  // Half past an hour after the definition was written.
  world.clock.set(Math.ceil(Date.now() / HOUR) * HOUR + HOUR / 2);
  const page = await visitor.get(CRON);
  const [first = ''] = attributes(page, '.planned a', 'href');
  expect(texts(await visitor.get(first), '#why-title')).toEqual(['It will run']);
  expect(attributes(page, '[aria-labelledby="why-title"] form', 'action')).toEqual([`${CRON}/why`]);
  const local = await visitor.get(`${CRON}/why?time=2026-03-02+10:20`);
  expect(texts(local, 'h1')).toEqual(['Why? a, Mon 2 Mar 2026 10:20 CET']);
  const now = await visitor.get(`${CRON}/why`);
  expect([now.status, texts(now, '#why-title')]).toEqual([200, ['Not planned']]);
  const planned = await visitor.get(`${CRON}/why?time=2026-03-02T10:20`);
  expect(texts(planned, '.why-facts li')).toHaveLength(0);
});

it('An empty list of the runs of a cron asks why', async () => {
  const page = await visitor.get('/sites/default/runs?uid=a&show=failed');
  expect(attributes(page, '#runs .empty a', 'href')[0]).toBe(`${CRON}/why`);
});

it('A time is read as at the terminal, in the zone of the cron, and one that cannot be read is asked for again', async () => {
  world.clock.set(NOON);
  const titleOf = async (time: string) =>
    texts(await visitor.get(`${CRON}/why?time=${encodeURIComponent(time)}`), 'h1');
  expect(await titleOf('yesterday 02:30')).toEqual(['Why? a, Sun 1 Mar 2026 02:30 CET']);
  expect(await titleOf('-2h')).toEqual(['Why? a, Mon 2 Mar 2026 11:00 CET']);
  const again = await visitor.get(`${CRON}/why?time=25:00`);
  expect([again.status, inputValue(again, 'time')]).toEqual([400, '25:00']);
  expect(texts(again, '#time-problems li')).toEqual([
    expect.stringMatching(/^Got "25:00", wanted "now", "02:30".* Write 2027-03-28 or .* \(Europe\/Paris\)/),
  ]);
});
