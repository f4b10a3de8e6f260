import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { iso } from '../../../../lib/core/domain/iso.ts';
import { type RunRecord, recordId } from '../../../../lib/core/domain/run-record.ts';
import { commitJob } from '../../../support/commit-job.ts';
import { leaseOf, MINUTE, NOON } from '../../../support/jobs.ts';
import { notRunRecordOf, recordOf } from '../../../support/run-records.ts';
import { attributes, has, texts, Visitor } from '../../../support/visitor.ts';
import { makeWorld, type World } from '../../../support/world.ts';

let world: World;
let visitor: Visitor;
beforeEach(() => {
  world = makeWorld();
  visitor = new Visitor(world.ports);
});
afterEach(() => world.close());

const CRON = '/sites/default/crons/a';

/** Opens the page of a cron with these run records, newest first. */
async function open(records: readonly RunRecord[], timeout?: number) {
  await world.save('a', {
    name: 'task',
    periodicity: '0 * * * *',
    ...(timeout !== undefined && { timeout }),
  });
  await commitJob(world.ports.store, 'a', {}, records.toReversed());
  return visitor.get(CRON);
}

/** A run that was planned so many hours ago, and took so many minutes. */
const ran = (hours: number, minutes: number, more: Partial<RunRecord> = {}) => {
  const { startedAt = 0, ...record } = recordOf(hours * 60, more);
  return { ...record, startedAt, endedAt: startedAt + minutes * MINUTE };
};

describe('the last runs of a cron', () => {
  it('Each of the last runs is a bar as high as it took long, and leads to the page of the run', async () => {
    const records = [
      ran(1, 4),
      ran(2, 2, { status: 'FAILURE' }),
      ran(3, 0, { status: 'WARN' }),
      notRunRecordOf(240),
    ];
    const page = await open(records, 600);
    expect(attributes(page, '#bars a', 'href')).toEqual(
      records.toReversed().map((record) => `${CRON}/runs/${recordId(record)}`),
    );
    expect(attributes(page, '#bars .bar', 'height')).toEqual(['4', '4', '50', '96']);
    const titles = page.html.matchAll(/<a [^>]*><title>([^<]*)/g);
    expect([...titles].map(([, title]) => title)).toEqual([
      expect.stringMatching(/^Not run, .* UTC$/),
      expect.stringMatching(/^Warning, .* UTC, took 0 ms$/),
      expect.stringMatching(/^Failed, .* UTC, took 2 min$/),
      expect.stringMatching(/^OK, .* UTC, took 4 min$/),
    ]);
  });

  it('Planned times that did not run are a sentence if there is no run among them', async () => {
    expect(texts(await open([notRunRecordOf(60)]), '#bars .none')).toEqual([
      'The last planned time did not run.',
    ]);
    const page = await open([notRunRecordOf(60), notRunRecordOf(120)]);
    expect(texts(page, '#bars .none')).toEqual(['None of the last 2 planned times ran.']);
    expect(has(page, 'svg.bars')).toBe(false);
  });

  it('Planned times without a record between two runs have a place, which leads to the reason', async () => {
    const page = await open([ran(1, 1), ran(5, 1), ran(7, 1), ran(8, 1)]);
    const why = (hours: number) => `${CRON}/why?time=${encodeURIComponent(iso(NOON - hours * 60 * MINUTE))}`;
    expect(attributes(page, '#bars a.gap', 'href')).toEqual([why(6), why(4)]);
    expect(attributes(page, '#bars a.gap', 'aria-label')).toEqual([
      'No record of the planned time 06:00 UTC. Why?',
      'No records of 3 planned times from 08:00 UTC. Why?',
    ]);
    expect(attributes(page, '#logs .gap a', 'href')).toEqual([why(4), why(6)]);
    expect((await visitor.get(why(6))).status).toBe(200);
  });

  it('Planned times since the newest record are a gap as well, unless a run is due or in progress', async () => {
    const page = await open([ran(3, 1)]);
    expect(texts(page, '#logs .gap')).toEqual(['No records of 2 planned times from 10:00 UTC. Why?']);
    await commitJob(world.ports.store, 'a', { waiting: { from: NOON, to: NOON } });
    expect(has(await visitor.get(CRON), '#logs .gap')).toBe(false);
  });

  it('A record that covers several planned times leaves no gap, and the times of a long gap are not counted', async () => {
    const covers = { from: NOON - 4 * 60 * MINUTE, count: 3 };
    expect(has(await open([ran(1, 1), ran(2, 1, { covers }), ran(5, 1)]), '.gap')).toBe(false);
    await world.edit('a', JSON.stringify({ name: 'task', periodicity: '* * * * *' }));
    expect(texts(await visitor.get(CRON), '#logs .gap')[1]).toBe(
      'No records of 59 planned times from 10:01 UTC. Why?',
    );
    expect(texts(await visitor.get(CRON), '#logs .gap').at(-1)).toMatch(/^No records of \d+ planned times/);
    await commitJob(world.ports.store, 'a', {}, [ran(9, 1)]);
    expect(texts(await visitor.get(CRON), '#logs .gap').at(-1)).toMatch(
      /^No records of more than 100 planned times/,
    );
  });

  it('A cron that no version of was valid has no gaps', async () => {
    await open([ran(1, 1), ran(5, 1)]);
    await world.edit('b', '{}');
    await commitJob(world.ports.store, 'b', {}, [ran(5, 1, { uid: 'b' }), ran(1, 1, { uid: 'b' })]);
    expect(has(await visitor.get('/sites/default/crons/b'), '#logs .gap')).toBe(false);
  });

  it('What was not OK has a shape besides its colour', async () => {
    const page = await open([ran(1, 1), ran(2, 1, { status: 'FAILURE' }), ran(3, 1, { status: 'WARN' })]);
    expect(texts(page, '#bars a text')).toEqual(['▲', '■']);
  });

  it('Lines show the median, the 95th percentile and the time limit, and the legend also the part that succeeded', async () => {
    const page = await open([ran(1, 4), ran(2, 2, { status: 'FAILURE' }), ran(3, 1)], 300);
    expect(attributes(page, '#bars > svg line', 'class')).toEqual(['median', 'p95', 'limit']);
    expect(texts(page, '#bars .legend li')).toEqual([
      'median 2 min',
      'p95 4 min',
      'time limit 5 min',
      '66 % of 3 succeeded',
    ]);
  });

  it('A time limit far above the longest run is written, not drawn', async () => {
    const page = await open([ran(1, 1)], 300);
    expect(attributes(page, '#bars > svg line', 'class')).toEqual(['median', 'p95']);
    expect(texts(page, '#bars .legend li')).toContain('time limit 5 min');
  });

  it('Of a cron that never ran to an end no rate is shown, and of one without any run no drawing', async () => {
    await open([notRunRecordOf(120)]);
    await commitJob(world.ports.store, 'a', { leases: [leaseOf(NOON - 33 * MINUTE)] });
    expect(texts(await visitor.get(CRON), '#bars .legend li')).toEqual(['time limit 5 min']);
    await world.save('b', { name: 'task', periodicity: '0 * * * *' });
    const page = await visitor.get('/sites/default/crons/b');
    expect(has(page, '#bars[hidden]')).toBe(true);
    expect(has(page, '#bars svg')).toBe(false);
  });
});
