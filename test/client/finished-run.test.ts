/** Following a run that was asked for, with its output. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Output } from '../../lib/app/operations/read-output.ts';
import { finishedRun } from '../../lib/client/finished-run.ts';
import { UnavailableError } from '../../lib/core/domain/errors.ts';
import { recordId } from '../../lib/core/domain/run-record.ts';
import type { RunOutput } from '../../lib/core/ports/run-output.ts';
import { clientOn } from '../support/client.ts';
import { commitJob } from '../support/commit-job.ts';
import { leaseOf, MINUTE, NOON } from '../support/jobs.ts';
import { notRunRecordOf, recordOf } from '../support/run-records.ts';
import { makeWorld, type World } from '../support/world.ts';

const PLANNED = NOON - 40 * MINUTE;
const KEY = { site: 'default', uid: 'a' };
const RUN = { runId: 'r40', logId: recordId({ plannedAt: PLANNED }) };

let world: World;
let written: string[];
let shown: string[];
beforeEach(async () => {
  world = makeWorld();
  written = [];
  shown = [];
  await world.save('a', { name: 'task', periodicity: '0 * * * *' });
});
afterEach(() => world.close());

/** Its cursor is the number of lines that were read. */
const lines: RunOutput = {
  delayMs: 5_000,
  read: async (_, cursor = '0') => ({
    lines: written.slice(Number(cursor)).map((message) => ({ time: NOON, level: 'INFO', message })),
    cursor: String(written.length),
    hasMore: false,
  }),
};
const onOutput = (output: Output) => void shown.push(...output.lines.map(({ message }) => message));
const starts = () => commitJob(world.ports.store, 'a', { leases: [{ ...leaseOf(PLANNED), runId: 'r40' }] });
const ends = (endedAt: number) =>
  commitJob(world.ports.store, 'a', { leases: [] }, [recordOf(40, { runId: 'r40', endedAt })]);

/** Follows the run; each pause does the next step, and afterwards lets the time pass. */
function follow(...steps: (() => unknown)[]) {
  const client = clientOn({ ...world.ports, output: lines });
  const pause = async (milliseconds: number) => {
    const step = steps.shift();
    if (step) await step();
    else await world.clock.advance(milliseconds);
  };
  return finishedRun({ ...client, pause }, KEY, RUN, { onOutput });
}

it('Each line is shown once, soon after it was written, and all before the log is returned', async () => {
  const log = await follow(
    starts,
    () => void written.push('one'),
    () => expect(shown).toEqual(['one']),
    () => void written.push('two'),
    async () => {
      written.push('three');
      await ends(world.clock.now());
    },
    () => void written.push('late'),
  );
  expect(log).toMatchObject({ status: 'OK', runId: 'r40' });
  expect(shown).toEqual(['one', 'two', 'three', 'late']);
});

it('The output of a run that begins and ends between two reads is shown', async () => {
  await follow(async () => {
    written.push('one');
    await ends(NOON - MINUTE);
  });
  expect(shown).toEqual(['one']);
});

it('An occurrence that does not run has no output', async () => {
  const log = await follow(() => commitJob(world.ports.store, 'a', {}, [notRunRecordOf(40)]));
  expect(log.status).toBe('NOTRUN');
  expect(shown).toEqual([]);
});

it('An error while the output is read ends the wait', async () => {
  await starts();
  vi.spyOn(lines, 'read').mockRejectedValueOnce(new UnavailableError('The log group does not answer.'));
  await expect(follow()).rejects.toThrow('The log group does not answer.');
});
