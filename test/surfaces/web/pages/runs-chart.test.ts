import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunRecord, recordId } from '../../../../lib/core/domain/run-record.ts';
import { commitJob } from '../../../support/commit-job.ts';
import { MINUTE } from '../../../support/jobs.ts';
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
    expect(attributes(page, '#bars a', 'aria-label')).toEqual([
      expect.stringMatching(/^Not run, .* UTC$/),
      expect.stringMatching(/^Warning, .* UTC, took 0 ms$/),
      expect.stringMatching(/^Failed, .* UTC, took 2 min$/),
      expect.stringMatching(/^OK, .* UTC, took 4 min$/),
    ]);
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
    expect(texts(await open([notRunRecordOf(60)]), '#bars .legend li')).toEqual(['time limit 5 min']);
    await world.save('b', { name: 'task', periodicity: '0 * * * *' });
    const page = await visitor.get('/sites/default/crons/b');
    expect(texts(page, '#bars .none')).toEqual(['It has not run yet.']);
    expect(has(page, '#bars svg')).toBe(false);
  });
});
