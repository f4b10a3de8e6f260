import { afterEach, beforeEach, expect, it } from 'vitest';
import { explain } from '../../../lib/app/operations/why.ts';
import { NotFoundError } from '../../../lib/core/domain/errors.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { commitJob } from '../../support/commit-job.ts';
import { HOUR, MINUTE, NOON } from '../../support/jobs.ts';
import { notRunRecordOf, recordOf } from '../../support/run-records.ts';
import { makeWorld, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.edit(undefined, '{"timezone": "Europe/Paris"}');
  await world.save('a', { name: 'task', periodicity: '0 * * * *' });
});
afterEach(() => world.close());

const ask = (time: number) => explain(world.ports, 'default', 'a', time);

it('A time is explained by the records, the history and the forecast, in the zone of the cron', async () => {
  await commitJob(world.ports.store, 'a', {}, [
    notRunRecordOf(180, { messages: ['Missed.'], covers: { from: NOON - 5 * HOUR, count: 3 } }),
    recordOf(120),
    recordOf(60, { forced: 'x', requestedBy: 'ana' }),
  ]);
  expect((await ask(NOON - 2 * HOUR)).verdict).toBe('ran');
  expect((await ask(NOON - HOUR)).facts).toEqual(['It was requested by ana, not planned.']);
  expect((await ask(NOON - 3 * HOUR)).verdict).toBe('did-not-run');
  expect((await ask(NOON - 10 * HOUR)).verdict).toBe('absent');
  world.clock.set(Date.now() + HOUR);
  const next = Math.ceil((world.clock.now() + 1) / HOUR) * HOUR;
  expect(await ask(next)).toMatchObject({
    verdict: 'will-run',
    effectiveTimezone: 'Europe/Paris',
    time: next,
    text: expect.stringMatching(/^It will run at \w{3} \d+ \w+ \d{4} \d\d:00 CES?T, if /),
  });
  expect((await ask(next + 7 * MINUTE)).verdict).toBe('not-planned');
});

it('The texts have the zone that is asked for, also for the instants of a stored reason', async () => {
  const text = 'The run of 2026-03-02T08:30:00Z was in progress; overlap is "skip".';
  await commitJob(world.ports.store, 'a', {}, [
    notRunRecordOf(180, { reason: 'overlap', messages: [text], covers: { from: NOON - 5 * HOUR, count: 3 } }),
  ]);
  expect(await explain(world.ports, 'default', 'a', NOON - 3 * HOUR, 'Asia/Tokyo')).toMatchObject({
    text: 'It did not run. The run of Mon 2 Mar 2026 17:30 GMT+9 was in progress; overlap is "skip".',
    facts: ['One run record covers 3 planned times since Mon 2 Mar 2026 16:00 GMT+9.', expect.any(String)],
    effectiveTimezone: 'Europe/Paris',
  });
});

it('A run that failed is compared with the last good run before it', async () => {
  await commitJob(world.ports.store, 'a', {}, [
    recordOf(180, { definitionVersion: 1 }),
    recordOf(120, { status: 'FAILURE', definitionVersion: 2 }),
    recordOf(60, { definitionVersion: 3 }),
  ]);
  expect((await ask(NOON - 2 * HOUR)).facts.at(-1)).toMatch(
    /^Changed since the last good run, of Mon 2 Mar 2026 10:00 CET: the definition from version 1 to 2\.$/,
  );
});

it('The last good run is found behind more failures than make the usual duration', async () => {
  const failures = Array.from({ length: 120 }, (_, n) => recordOf(120 - n, { status: 'FAILURE' }));
  await commitJob(world.ports.store, 'a', {}, [recordOf(180), ...failures]);
  expect((await ask(NOON - MINUTE)).facts.at(-1)).toBe(
    'It ran with the same definition as the last good run, of Mon 2 Mar 2026 10:00 CET.',
  );
});

it('A version that is not valid leaves the definition in force, also when no valid version is kept', async () => {
  world.clock.set(Date.now() + HOUR);
  await world.save('a', { name: 'task', periodicity: '61 * * * *' });
  const next = Math.ceil((world.clock.now() + 1) / HOUR) * HOUR;
  expect((await ask(next)).verdict).toBe('will-run');
  const registry = Object.create(world.ports.registry, {
    history: { value: async () => [{ value: '{', version: 7, modified: NOON }] },
  });
  const cut = await explain({ ...world.ports, registry }, 'default', 'a', next);
  expect(cut).toMatchObject({ verdict: 'will-run', facts: [expect.stringContaining('as far as is known')] });
});

it('A cron that was removed says since when, and one that never was does not exist', async () => {
  world.clock.set(Date.now() + HOUR);
  await world.ports.registry.remove({ site: 'default', uid: 'a' });
  await projectParameter(world.ports, { site: 'default', uid: 'a' });
  expect(await ask(world.clock.now() + HOUR)).toMatchObject({
    verdict: 'absent',
    text: expect.stringContaining('was removed at'),
  });
  await expect(explain(world.ports, 'default', 'b', NOON)).rejects.toThrow(NotFoundError);
});
