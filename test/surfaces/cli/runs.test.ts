/** `cloudtab runs`, `logs`, `why` and `stop`. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldStacks } from '../../../lib/app/operations/fold-stacks.ts';
import {
  ConfigurationError,
  ConflictError,
  InvalidError,
  NotFoundError,
} from '../../../lib/core/domain/errors.ts';
import { recordId } from '../../../lib/core/domain/run-record.ts';
import { listCrons } from '../../../lib/surfaces/cli/ls.ts';
import { outputLines, printOutput } from '../../../lib/surfaces/cli/run-output.ts';
import { listRuns, type RunsOptions } from '../../../lib/surfaces/cli/runs.ts';
import { showCron } from '../../../lib/surfaces/cli/show.ts';
import { stopRun } from '../../../lib/surfaces/cli/stop.ts';
import { explainTime } from '../../../lib/surfaces/cli/why.ts';
import { clientOn } from '../../support/client.ts';
import { commitJob } from '../../support/commit-job.ts';
import { HOUR, leaseOf, MINUTE, NOON } from '../../support/jobs.ts';
import { notRunRecordOf, recordOf } from '../../support/run-records.ts';
import { makeWorld, type World } from '../../support/world.ts';
import { commandLine } from './command-line.ts';

const t = commandLine();
let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', { name: 'task', periodicity: '0 * * * *' });
});
afterEach(() => world.close());

const runs = (uid?: string, options: RunsOptions = {}) =>
  listRuns(clientOn(world.ports), 'default', uid, { absolute: true, width: 120, ...options });

it('Every list of runs shows the times in reasons by the clock of the crontab', async () => {
  await world.edit(undefined, '{"timezone": "Asia/Kolkata"}');
  const messages = ['The cron is off since 2026-03-02T09:59:00Z by ana.'];
  await commitJob(world.ports.store, 'a', {}, [notRunRecordOf(120, { reason: 'off', messages })]);
  const client = clientOn(world.ports);
  const shown = [
    await runs('a'),
    await listCrons(client, 'default', { width: 150 }),
    await showCron(client, 'default', 'a', {}),
  ];
  for (const text of shown) expect(text).toContain('The cron is off since 2026-03-02 15:29 GMT+5:30 by ana.');
});

it('The runs are listed with their ids, those in progress too, and filtered', async () => {
  const lease = { ...leaseOf(NOON - 40 * MINUTE), claimedAt: NOON - 31 * MINUTE };
  await commitJob(world.ports.store, 'a', { leases: [lease] }, [
    notRunRecordOf(120, { messages: ['Missed.'] }),
    recordOf(90, { status: 'FAILURE', messages: ['No disk.'] }),
    recordOf(60),
  ]);
  const all = await runs();
  expect(all).toMatch(/OK +a +2026-03-02 11:00 UTC +1\.5 s +1772449200/);
  expect(await runs('a', { failing: true })).toMatch(/^STATUS.*\n.*running.*\n.*FAILURE.*\n.*NOTRUN.*$/);
  expect(await runs(undefined, { status: 'RUNNING' })).toMatch(/running +a +2026-03-02 11:20 UTC +1 min/);
  for (const since of ['-50m', '50m'])
    expect(await runs('a', { since })).toMatch(/^STATUS.*\n.*11:20 UTC.*\n.*11:00 UTC.*$/);
  expect(await runs('a', { since: '10:00', until: '10:45' })).toMatch(
    /^STATUS.*\n.*10:30 UTC.*\n.*10:00 UTC.*$/,
  );
  expect(await runs('a', { status: 'WARN' })).toBe('No such run.');
  expect(JSON.parse(await runs('a', { status: 'NOTRUN', json: true }))).toMatchObject({
    site: 'default',
    runs: [{ uid: 'a', status: 'NOTRUN', messages: ['Missed.'] }],
  });
  await expect(runs('a', { since: 'soon' })).rejects.toThrow(InvalidError);
  await expect(runs('b')).rejects.toThrow(NotFoundError);
});

it('Runs are filtered by their runner, and by whether a user requested them', async () => {
  const forced = recordOf(90, { forced: 'p1', runner: 'report' });
  await commitJob(world.ports.store, 'a', {}, [forced, recordOf(60)]);
  const idsOf = async (options: RunsOptions) =>
    JSON.parse(await runs(undefined, { ...options, json: true })).runs.map(({ id }: { id: string }) => id);
  const [requested, planned] = [recordId(forced), recordId(recordOf(60))];
  expect(await idsOf({})).toEqual([planned, requested]);
  expect(await idsOf({ runner: 'report' })).toEqual([requested]);
  expect(await idsOf({ forced: true })).toEqual([requested]);
  expect(await idsOf({ planned: true })).toEqual([planned]);
  expect(await t.cloudtab('runs', '--forced', '--planned')).toBe(2);
});

it('With --all-sites the runs of every site are listed, each cron with its site', async () => {
  await commitJob(world.ports.store, 'a', {}, [recordOf(60)]);
  expect(await runs(undefined, { allSites: true })).toMatch(/OK +default\/a +2026-03-02 11:00 UTC/);
  expect(JSON.parse(await runs('a', { allSites: true, json: true }))).toMatchObject({
    runs: [{ site: 'default', uid: 'a' }],
  });
  expect(await runs('b', { allSites: true })).toBe(
    'No run has ended yet; --status RUNNING lists those in progress.',
  );
});

it('A list of runs in progress that is longer than a page prints the cursor for the others', async () => {
  const crons = Array.from({ length: 51 }, (_, n) => `c-${n}`);
  for (const uid of crons) await commitJob(world.ports.store, uid, { leases: [leaseOf(NOON)] });
  const text = await runs(undefined, { status: 'RUNNING' });
  const last = text.split('\n').at(-1);
  expect(last).toMatch(/^More runs are in progress; for more: --cursor \d+\.default\.c-8\.\d+$/);
  const cursor = last?.split(' ').at(-1) ?? '';
  expect(await runs(undefined, { status: 'RUNNING', cursor })).toMatch(/^STATUS.*\n.*c-9 .*$/);
});

it('A list that is longer than a page says how far it goes', async () => {
  const records = Array.from({ length: 60 }, (_, n) => recordOf(n + 1)).reverse();
  await commitJob(world.ports.store, 'a', {}, records);
  const last = (await runs('a')).split('\n').at(-1);
  expect(last).toMatch(/^Searched back to 2026-03-02T11:1\d:00Z; for more: --cursor \d+$/);
  const rest = await runs('a', { cursor: last?.split(' ').at(-1) ?? '' });
  expect(rest.split('\n')).toHaveLength(11);
  expect(rest).toContain('11:00 UTC');
});

it('A time is explained in words, with facts below', async () => {
  const why = (time: string, json?: true) =>
    explainTime(clientOn(world.ports), 'default', 'a', time, json ? { json } : {});
  await commitJob(world.ports.store, 'a', {}, [recordOf(60, { forced: 'x', requestedBy: 'ana' })]);
  expect(await why('2026-03-02T11:00')).toMatch(
    /^It started at .*\n- It was requested by ana, not planned\.\n- Its output: cloudtab logs a --run 1772449200-x --site default --dir crons$/,
  );
  expect(JSON.parse(await why('2026-03-02T11:00', true))).toMatchObject({ uid: 'a', verdict: 'ran' });
  await expect(why('soon')).rejects.toThrow(InvalidError);
});

describe('cloudtab why without a time', () => {
  const why = () => explainTime(clientOn(world.ports), 'default', 'b', undefined, {});
  const definition = { name: 'task', periodicity: '30 * * * *' };
  const recordOfB = (minutes: number, fields = {}) =>
    recordOf((NOON - world.clock.now()) / MINUTE + minutes, { uid: 'b', ...fields });
  const waitTwoHours = () => world.clock.set(world.clock.now() + 2 * HOUR);
  beforeEach(() => world.clock.set(NOON - 20 * MINUTE));

  it('It explains the run in progress, the latest run or the next one, and says when the cron runs next', async () => {
    await world.save('b', definition);
    expect(await why()).toMatch(/^It will run at .*:30 UTC, .*\n- The periodicity is "30 .*$/);
    waitTwoHours();
    await commitJob(world.ports.store, 'b', {}, [recordOfB(60), recordOfB(40, { forced: 'x' })]);
    expect(await why()).toMatch(/^It started at .*\n- It was requested .*\n- It runs next at .*:30 UTC\.\n/);
    await commitJob(world.ports.store, 'b', { leases: [leaseOf(world.clock.now())] });
    expect(await why()).toMatch(/^It is running, since .*\n- The periodicity is .*\n- It runs next at /);
  });

  it('A cron that is off says so, and since when', async () => {
    await world.save('b', { ...definition, activated: false });
    expect(await why()).toMatch(/^The cron is off since .*\n- The periodicity is .*$/);
    waitTwoHours();
    await commitJob(world.ports.store, 'b', {}, [recordOfB(60)]);
    expect(await why()).toMatch(
      /^It started at .*\n- The periodicity is .*\n- It is off since .* UTC.*\.\n- Its output: /,
    );
  });

  it('A cron without a valid version has no time to explain', async () => {
    await world.edit('b', '{}');
    expect(await why()).toBe('No version of the cron has been valid.');
  });
});

it('The only run in progress is stopped, and one of several by its id', async () => {
  const client = clientOn({ ...world.ports, by: 'ana' });
  const stop = (options = {}) => stopRun(client, 'default', 'a', options);
  await expect(stop()).rejects.toThrow(ConflictError);
  const [one, two] = [leaseOf(NOON - 40 * MINUTE), leaseOf(NOON - 35 * MINUTE)];
  await commitJob(world.ports.store, 'a', { leases: [one, two] });
  await expect(stop()).rejects.toThrow(ConfigurationError);
  expect(await stop({ run: recordId(two) })).toContain('is being stopped');
  await commitJob(world.ports.store, 'a', { leases: [one] });
  expect(JSON.parse(await stop({ json: true }))).toMatchObject({ uid: 'a', changed: true });
  expect((await world.job('a'))?.leases).toMatchObject([{ stop: 'ana' }]);
});

it('The commands read and change the crontab of a folder', async () => {
  t.write('a', { name: 'heartbeat', periodicity: '@yearly' });
  await t.cloudtab('run', 'a');
  expect((await t.jsonOf('runs', '--since', '-1h')).runs).toMatchObject([{ uid: 'a', status: 'OK' }]);
  expect((await t.jsonOf('runs', '--status', 'ok')).runs).toMatchObject([{ uid: 'a', status: 'OK' }]);
  expect(await t.outputOf('why', 'a')).toMatch(/It started at/);
  expect(await t.outputOf('why', 'a', 'yesterday', '02:30')).toMatch(/did not exist yet/);
  const zone = ['--timezone', 'Asia/Tokyo'];
  const inTokyo = await t.outputOf('why', 'a', ...zone);
  expect(inTokyo).toMatch(/^It started at .* GMT\+9 and ended at .* GMT\+9: /);
  expect(inTokyo).toMatch(/It runs next at .* 09:00 GMT\+9\./);
  const asked = await t.jsonOf('why', 'a', '2027-03-28T09:00', ...zone);
  expect(asked).toMatchObject({ time: '2027-03-28T00:00:00Z', effectiveTimezone: 'UTC' });
  expect(await t.cloudtab('why', 'a', '--timezone', 'Tokyo')).toBe(2);
  expect(t.err).toContain('Did you mean "Asia/Tokyo"?');
  expect(await t.cloudtab('stop', 'a')).toBe(1);
  expect(t.err).toContain('No run of "a" is in progress.');
});

it('The frames of a stack that a program writes as lines have no time and fields of their own', () => {
  const line = (message: string) => ({ time: NOON, level: 'INFO', message, fields: { stream: 'stderr' } });
  const output = {
    lines: ['Error: 1', '    at x (a.js:1)', 'next'].map(line),
    timezone: 'UTC',
    isRunning: false,
  };
  expect(outputLines(output)).toEqual([
    '2026-03-02 12:00:00 UTC  INFO Error: 1 {"stream":"stderr"}',
    '    at x (a.js:1)',
    '2026-03-02 12:00:00 UTC  INFO next {"stream":"stderr"}',
  ]);
});

it('An error that was printed as one text has its stack on lines of their own, and other texts keep their lines', () => {
  const texts = [
    'Error: 1\n  of 2\n    at x (a.js:1)\n    at y (a.js:2) {\n  [cause]: 3\n}',
    '{\n  "rows": 2\n}',
  ];
  const lines = texts.map((message) => ({ time: NOON, level: 'ERROR', message }));
  const printed = outputLines({ lines, timezone: 'UTC', isRunning: false });
  expect(printed).toEqual([
    '2026-03-02 12:00:00 UTC  ERROR Error: 1',
    ...['  of 2', 'at x (a.js:1)', 'at y (a.js:2) {', '[cause]: 3', '}'].map((line) => `    ${line}`),
    '2026-03-02 12:00:00 UTC  ERROR {',
    ...['  "rows": 2', '}'].map((line) => `    ${line}`),
  ]);
  const [folded] = foldStacks(lines);
  expect(folded).toMatchObject({
    message: 'Error: 1\n  of 2',
    fields: { stack: '    at x (a.js:1)\n    at y (a.js:2) {\n  [cause]: 3\n}' },
  });
});

describe('cloudtab logs', () => {
  let printed: string[];
  let notes: string[];
  let requests: unknown[];
  beforeEach(() => {
    printed = [];
    notes = [];
    requests = [];
  });

  /** Prints the output of a run that ends while its third line is read. `stopped` is aborted during a pause. */
  const logs = (options: { run?: string; follow?: true; json?: true; stopped?: AbortController } = {}) => {
    const line = (message: string) => ({ time: NOON, level: 'INFO', message, fields: { rows: 2 } });
    const read = async (run: unknown, cursor = '0') => {
      requests.push(run);
      if (cursor === '2') await commitJob(world.ports.store, 'a', { leases: [] }, [recordOf(40)]);
      const lines = cursor === '1' ? [] : [line(`line ${cursor}`)];
      return { lines, cursor: String(Number(cursor) + 1), hasMore: false };
    };
    const client = {
      ...clientOn({ ...world.ports, output: { read } }),
      pause: async () => options.stopped?.abort(),
    };
    return printOutput(client, 'default', 'a', {
      ...options,
      signal: options.stopped?.signal ?? new AbortController().signal,
      print: (text) => void printed.push(text),
      note: (text) => void notes.push(text),
    });
  };

  it('The output of a run is printed, and followed until it ends', async () => {
    const lease = { ...leaseOf(NOON - 40 * MINUTE), runId: 'r40' };
    await commitJob(world.ports.store, 'a', { leases: [lease] });
    await logs({ run: 'r40' });
    expect(printed.splice(0)).toEqual(['2026-03-02 12:00:00 UTC  INFO line 0 {"rows":2}']);
    expect(notes.splice(0)).toEqual([
      'The run goes on. Follow it with -f, or stop it: cloudtab stop a --site default --dir crons',
    ]);
    await logs({ run: 'r40', follow: true, json: true });
    expect(printed.map((text) => JSON.parse(text).message)).toEqual(['line 0', 'line 2', 'line 3']);
    expect(requests[0]).toMatchObject({ runId: 'r40' });
    await expect(logs({ run: '1' })).rejects.toThrow(NotFoundError);
    await expect(logs({ run: '1999999999' })).rejects.toThrow(NotFoundError);
  });

  it('Ctrl-C while the output is followed says how to stop the run, which goes on', async () => {
    await commitJob(world.ports.store, 'a', { leases: [{ ...leaseOf(NOON - 40 * MINUTE), runId: 'r40' }] });
    await logs({ run: 'r40', follow: true, stopped: new AbortController() });
    expect(notes).toEqual(['The run goes on. To stop it: cloudtab stop a --site default --dir crons']);
  });

  it('A run is found by its id however many are newer, and one that does not exist is named with the list of the others', async () => {
    const records = Array.from({ length: 700 }, (_, index) =>
      recordOf(800 - index, { runId: `12345678-${index}` }),
    );
    await commitJob(world.ports.store, 'a', {}, records);
    await logs({ run: '12345678-3' });
    expect(requests).toMatchObject([{ runId: '12345678-3' }]);
    await expect(logs({ run: 'nope' })).rejects.toThrow(
      'run "nope" of cron "a" not found; "cloudtab runs a" lists the runs.',
    );
  });

  it('Without an id the output of the latest run is printed, and then its result', async () => {
    await logs();
    expect(notes.splice(0)).toEqual(['default/a has not run yet.']);
    await commitJob(world.ports.store, 'a', {}, [notRunRecordOf(95, { messages: ['Late.'] })]);
    await logs();
    expect(notes.splice(0)).toEqual(['– NOTRUN, default/a: Late.']);
    await commitJob(world.ports.store, 'a', {}, [
      recordOf(90, { runId: 'old' }),
      recordOf(60, { runId: 'r60', status: 'FAILURE', messages: ['No disk.'] }),
    ]);
    await logs();
    expect(requests.splice(0)).toMatchObject([{ runId: 'r60' }]);
    expect(notes.splice(0)).toEqual(['✗ FAILURE in 1.5 s, default/a, run r60: No disk.']);
    await commitJob(world.ports.store, 'a', {}, [notRunRecordOf(50, { messages: ['Missed.'] })]);
    await logs();
    expect(requests.splice(0)).toMatchObject([{ runId: 'r60' }]);
    expect(notes.splice(0)).toEqual(['– NOTRUN, default/a: Missed.', expect.stringContaining('run r60')]);
    const leases = [45, 40].map((minutes) => ({ ...leaseOf(NOON - minutes * MINUTE), runId: `r${minutes}` }));
    await commitJob(world.ports.store, 'a', { leases });
    await logs();
    expect(requests[0]).toMatchObject({ runId: 'r40' });
  });

  it('The command prints the output of the latest run of a folder, and its result on standard error', async () => {
    t.write('a', { name: 'heartbeat', periodicity: '@yearly', environ: { message: 'hello' } });
    const { runId } = await t.jsonOf('run', 'a');
    expect(await t.outputOf('logs', 'a')).toContain('hello');
    expect(t.err).toContain(`run ${runId}`);
    t.err = '';
    const lines = (await t.outputOf('logs', 'a', '--run', runId, '--json')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('hello') }),
    );
    expect(t.err).toBe('');
  });
});
