import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examine, repair } from '../../../lib/app/doctor/examine.ts';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import { type Finding, targetFinding } from '../../../lib/core/domain/finding.ts';
import { iso } from '../../../lib/core/domain/iso.ts';
import { newJob } from '../../../lib/core/domain/job.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { type ResyncPorts, resync } from '../../../lib/core/engine/resync.ts';
import { sweep } from '../../../lib/core/engine/sweep.ts';
import { syncCron } from '../../../lib/core/engine/sync.ts';
import type { Clock } from '../../../lib/core/ports/clock.ts';
import type { DeadLetters, Maintenance } from '../../../lib/core/ports/target.ts';
import { commitJob } from '../../support/commit-job.ts';
import { leaseOf } from '../../support/jobs.ts';
import { recordOf } from '../../support/run-records.ts';
import { makeWorld, type World, type WorldPorts } from '../../support/world.ts';

const HOUR = 3_600_000;

let world: World;
let ports: WorldPorts;
let letters: string[];
let targetFindings: Finding[];
/** An hour later than the registry, so that no edit counts as still being processed. */
const clock: Clock = {
  now: () => Math.floor(Date.now() / 1000) * 1000 + HOUR,
  wake: () => () => {},
  after: () => () => {},
};

beforeEach(() => {
  world = makeWorld();
  ports = { ...world.ports, clock };
  letters = [];
  targetFindings = [];
});
afterEach(() => world.close());

const deadLetters: DeadLetters = { count: async () => letters.length, take: async () => letters.splice(0) };

function maintenance(rest: Partial<Maintenance> = {}): Maintenance {
  return {
    isRunning: true,
    timers: (of) => world.ports.queue.timers(of),
    deadLetters,
    findings: async () => targetFindings,
    async repair(logger) {
      const healing: ResyncPorts = { ...ports, logger };
      await resync(healing);
      await sweep(healing);
    },
    ...rest,
  };
}

const findings = async (rest?: Partial<Maintenance>) =>
  examine({ option: '--dir crons', ports, maintenance: maintenance(rest) });
const codes = async (rest?: Partial<Maintenance>) => (await findings(rest)).map(({ code }) => code).sort();

async function write(uid: string, value: unknown) {
  await ports.registry.write({ site: 'default', uid }, JSON.stringify(value));
}
async function save(uid: string, value: unknown = { name: 'task', periodicity: '0 0 1 1 *' }) {
  await write(uid, value);
  await projectParameter(ports, { site: 'default', uid });
  await syncCron(ports, 'default', uid);
}
async function job(uid: string) {
  return (await ports.store.read('default', uid)).job ?? newJob('default', uid);
}
async function timer(uid: string) {
  return { site: 'default', uid, plannedAt: (await job(uid)).armedAt ?? 0 };
}

describe('examine', () => {
  it('examine reports nothing when all is well', async () => {
    await save('a');
    await save('b', { name: 'task', periodicity: '@yearly', activated: false });
    expect(await findings()).toEqual([]);
  });

  it('examine reports an edit that was not projected', async () => {
    await write('a', { name: 'task', periodicity: '@yearly' });
    expect(await findings()).toEqual([
      {
        code: 'not-projected',
        key: { site: 'default', uid: 'a' },
        what: 'The cron "a" of "default" was edited, and the table does not have the change.',
        fix: 'Let --fix read the registry again.',
        fixable: true,
      },
    ]);
  });

  it('examine reports a projection whose parameter was removed', async () => {
    await save('a');
    await ports.registry.remove({ site: 'default', uid: 'a' });
    expect(await codes()).toEqual(['not-removed']);
  });

  it('examine reports rejected edits of a cron and of a crontab, with the fix', async () => {
    await write('a', { name: 'task', periodicity: 'never' });
    await projectParameter(ports, { site: 'default', uid: 'a' });
    await ports.registry.write({ site: 'default' }, '{"activated": 1}');
    await projectParameter(ports, { site: 'default' });
    const found = await findings();
    expect(found.map(({ code, fix }) => [code, fix])).toEqual([
      ['rejected', 'Fix the parameter.'],
      ['rejected', 'Fix it: cloudtab edit a --site default --dir crons'],
    ]);
    expect(found[1]?.what).toMatch(
      /^The cron "a" of "default" was edited and rejected; no version has been valid, so nothing runs\. periodicity: /,
    );
  });

  it('examine reports a cron that cannot be read, and a repair projects its parameter again', async () => {
    await save('a');
    await save('b');
    world.damage('projection', 'a', '{');
    expect(await findings()).toMatchObject([
      {
        code: 'cron-unreadable',
        key: { site: 'default', uid: 'a' },
        what: 'The cron "a" of "default" does not run, because its stored state cannot be read: its cron is no object.',
        fixable: true,
      },
    ]);
    await repair({ maintenance: maintenance() }, ports.logger);
    expect(await findings()).toEqual([]);
    world.damage('job', 'a', '{}');
    expect(await findings()).toMatchObject([{ code: 'cron-unreadable', key: { uid: 'a' }, fixable: false }]);
  });

  it('examine reports a run that goes on past its timeout', async () => {
    await save('a');
    const now = clock.now();
    await commitJob(ports.store, 'a', { leases: [leaseOf(now - 361_000, now + HOUR)] });
    expect(await findings()).toEqual([
      {
        code: 'run-overran',
        key: { site: 'default', uid: 'a' },
        what: `The cron "a" of "default": the run run-0 goes on since ${iso(now - 361_000)}, past its timeout of 300 s.`,
        fix: `cloudtab stop a --site default, or restart the process that runs it. Otherwise its lease ends at ${iso(now + HOUR)}.`,
        fixable: false,
      },
    ]);
  });

  it('examine reports a cron whose runner is missing', async () => {
    await save('a');
    const runners = {
      problems: () => [{ where: 'name', got: '"task"', wanted: 'a runner', fix: 'Make it.' }],
      describe: () => [],
    };
    const found = await examine({
      option: '--dir crons',
      ports: { ...ports, runners },
      maintenance: maintenance(),
    });
    expect(found).toMatchObject([
      { code: 'runner-missing', what: expect.stringContaining('The cron "a" of "default" cannot run here.') },
    ]);
  });

  it('examine reports a runner that cannot be loaded, also if no active cron has it', async () => {
    const broken = 'old.ts:1:2: no.';
    const runners = {
      problems: () => [],
      describe: () => [
        { name: 'fine', summary: '' },
        { name: 'old', summary: '', broken },
        { name: 'older', site: 'shop', summary: '', broken: 'older.ts: no.' },
      ],
    };
    const found = await examine({ ports: { ...ports, runners }, maintenance: maintenance(), option: '' });
    expect(found.map(({ code, what }) => [code, what])).toEqual([
      ['runner-broken', `The runner "old" cannot be loaded, and its settings are those of before: ${broken}`],
      ['runner-broken', expect.stringMatching(/^The runner "older" of "shop" cannot be loaded/)],
    ]);
  });

  it('examine reports a cron whose runner cannot be loaded, also right after an edit of the cron', async () => {
    await save('a');
    const runners = {
      problems: () => [],
      describe: () => [{ name: 'task', summary: '', broken: 'task.ts:1:2: no.' }],
    };
    for (const now of [ports.clock, world.ports.clock]) {
      const all = { ...ports, clock: now, runners };
      const found = await examine({ ports: all, maintenance: maintenance(), option: '' });
      expect(found).toMatchObject([
        {
          code: 'runner-broken',
          what: 'The cron "a" of "default" fails, because its runner cannot be loaded: task.ts:1:2: no.',
        },
      ]);
    }
  });

  it('examine reports an active cron that is not armed, and an armed cron that is switched off, when the target arms timers', async () => {
    await save('a');
    const { plannedAt } = await timer('a');
    await commitJob(ports.store, 'a', { armedAt: undefined, timing: undefined });
    await ports.queue.disarm({ site: 'default', uid: 'a', plannedAt });
    expect(await codes()).toEqual(['not-armed']);
    await save('b', { name: 'task', periodicity: '@yearly', activated: false });
    await commitJob(ports.store, 'b', { armedAt: plannedAt, timing: 'x' });
    await ports.queue.arm({ site: 'default', uid: 'b', plannedAt });
    expect(await codes()).toEqual(['armed-in-vain', 'not-armed']);
    expect((await findings()).find(({ code }) => code === 'armed-in-vain')?.what).toMatch(
      /but should not run since it is off \(.*\)\.$/,
    );
    expect(await codes({ isRunning: false })).toEqual([]);
  });

  it('examine reports lost timers, and timers without a job, when the timers can be listed', async () => {
    await save('a');
    await ports.queue.disarm(await timer('a'));
    await ports.queue.arm({ site: 'default', uid: 'x', plannedAt: clock.now() + HOUR });
    const found = await findings();
    expect(found.map(({ code }) => code)).toEqual(['timer-lost', 'timer-surplus']);
    expect(found[1]?.what).toMatch(/^The timer default\.x\.\d+ belongs to no job\.$/);
    expect(await codes({ timers: undefined })).toEqual([]);
  });

  it('examine reports exactly the outdated timers that a repair removes', async () => {
    const delivered = { site: 'default', uid: 'x', plannedAt: clock.now() - HOUR / 2 };
    await ports.queue.arm(delivered);
    expect(await findings()).toEqual([]);
    await ports.queue.arm({ ...delivered, plannedAt: clock.now() - 2 * HOUR });
    expect(await codes()).toEqual(['timer-surplus']);
    await repair({ maintenance: maintenance() }, ports.logger);
    expect(await findings()).toEqual([]);
    expect(await Array.fromAsync(ports.queue.timers())).toEqual([delivered]);
  });

  it('examine does not report the next timer of a cron whose run is in progress', async () => {
    await save('a');
    const next = await timer('a');
    await commitJob(ports.store, 'a', { armedAt: clock.now() - 60_000 });
    expect(await Array.fromAsync(ports.queue.timers())).toEqual([next]);
    expect(await findings()).toEqual([]);
  });

  it('examine does not report a timer as lost that was made while it listed the timers', async () => {
    await save('a');
    const timers: Maintenance['timers'] = (of) => ports.queue.timers(of ?? { site: 'default', uid: 'b' });
    expect(await findings({ timers })).toEqual([]);
  });

  it('examine does not report a missing timer as lost that may have fired by another clock', async () => {
    await save('a');
    const { plannedAt } = await timer('a');
    await ports.queue.disarm(await timer('a'));
    const soon = { ...ports, clock: { ...clock, now: () => plannedAt - 5000 } };
    const found = await examine({ option: '--dir crons', ports: soon, maintenance: maintenance() });
    expect(found.map(({ code }) => code)).not.toContain('timer-lost');
  });

  it('examine reports an expired lease that no sweep has handled', async () => {
    await save('a');
    await commitJob(ports.store, 'a', { leases: [leaseOf(clock.now() - HOUR, clock.now() - HOUR / 2)] });
    expect(await findings()).toMatchObject([
      {
        code: 'sweep-overdue',
        what: expect.stringMatching(
          /^The cron "a" of "default" has been overdue since \S+Z, and no sweep repaired it\.$/,
        ),
      },
    ]);
    expect(await codes({ isRunning: false })).toEqual([]);
  });

  it('examine reports an armed time and a waiting time that passed without a run', async () => {
    await save('a');
    await save('b');
    const overdue = clock.now() - HOUR;
    await commitJob(ports.store, 'a', { armedAt: overdue });
    await commitJob(ports.store, 'b', { waiting: { from: overdue, to: overdue } });
    const { plannedAt } = await timer('b');
    const running = leaseOf(clock.now() - 300_000, clock.now() + HOUR);
    const found = await findings();
    expect(found.map(({ code, key }) => [code, key?.uid])).toEqual([
      ['sweep-overdue', 'a'],
      ['sweep-overdue', 'b'],
    ]);
    await commitJob(ports.store, 'a', { armedAt: plannedAt });
    await commitJob(ports.store, 'b', { leases: [running] });
    expect(await findings()).toEqual([]);
  });

  it('examine reports crons that fail and that flap, with the commands that show why', async () => {
    await save('a');
    await save('b');
    const now = clock.now();
    const failure = (minutes: number, uid: string) => ({
      ...recordOf(0, {
        plannedAt: now - minutes * 60_000,
        status: 'FAILURE' as const,
        messages: ['No disk.'],
      }),
      uid,
    });
    const good = (minutes: number, uid: string) => ({
      ...recordOf(0, { plannedAt: now - minutes * 60_000 }),
      uid,
    });
    await commitJob(ports.store, 'a', {}, [good(60, 'a'), failure(50, 'a'), failure(40, 'a')]);
    const changes = [9, 8, 7, 6, 5, 4].map((n) => (n % 2 === 0 ? failure(n, 'b') : good(n, 'b')));
    await commitJob(ports.store, 'b', {}, changes);
    expect(await findings()).toMatchObject([
      {
        code: 'failing',
        key: { uid: 'a' },
        what: expect.stringMatching(/^The cron "a" of "default" is failing for 2 runs since .*: No disk\.$/),
        fix: 'cloudtab logs a --site default --dir crons shows the cause. Correct it, then: cloudtab run a --site default --dir crons',
        fixable: false,
      },
      {
        code: 'flapping',
        what: expect.stringContaining('is flapping: 3 of the last 6 runs failed'),
        fix: expect.stringMatching(/^cloudtab runs b --failing --site default --dir crons shows/),
      },
    ]);
    await write('a', { name: 'task', periodicity: '@yearly', activated: false });
    await projectParameter(ports, { site: 'default', uid: 'a' });
    await syncCron(ports, 'default', 'a');
    expect(await codes()).toEqual(['flapping']);
  });

  it('examine reports a cron that is late before a sweep should have repaired it, and only with a scheduler', async () => {
    await save('a');
    await commitJob(ports.store, 'a', { ...(await job('a')), armedAt: clock.now() - 6 * 60_000 });
    const late = await findings({ timers: undefined });
    expect(late).toMatchObject([
      {
        code: 'late',
        what: expect.stringMatching(/is late: it should have run at .* UTC\.$/),
        fixable: true,
      },
    ]);
    expect(late[0]?.fix).toBe('Let --fix sweep, or see: cloudtab why a --site default --dir crons');
    expect(await codes({ timers: undefined, isRunning: false })).toEqual([]);
    const lease = { ...leaseOf(clock.now() - HOUR), expiresAt: clock.now() - 60_000 };
    await commitJob(ports.store, 'a', { ...(await job('a')), armedAt: clock.now() + HOUR, leases: [lease] });
    expect((await findings({ timers: undefined }))[0]?.what).toContain('the process of a run died');
  });

  it('examine reports a minute in which many crons start, without those that run often', async () => {
    for (let n = 0; n < 19; n++) await save(`night-${n}`, { name: 'task', periodicity: '0 2 * * *' });
    for (let n = 0; n < 5; n++) await save(`often-${n}`, { name: 'task', periodicity: '* * * * *' });
    expect(await codes()).toEqual([]);
    await save('night-19', { name: 'task', periodicity: '0 * * * *' });
    expect(await findings()).toMatchObject([
      {
        code: 'crowded-minute',
        key: { site: 'default' },
        what: expect.stringMatching(
          /^20 crons of "default" start at \S+ 02:00 UTC: night-0, night-1, night-10 and 17 more\.$/,
        ),
        fix: expect.stringContaining('with "H" in place of the minute'),
        fixable: false,
      },
    ]);
  });

  it('examine reports dead letters and what is wrong with the target', async () => {
    letters = ['one'];
    targetFindings = [targetFinding('The disk is full.', 'Make room.')];
    expect((await findings()).map(({ what }) => what)).toEqual([
      'The disk is full.',
      'The dead-letter queue holds a message: something could not be delivered or handled at all.',
    ]);
    letters = ['one', 'two'];
    expect((await findings())[1]?.what).toContain('holds 2 messages');
    expect(await codes({ deadLetters: undefined })).toEqual(['place']);
  });

  it('examine reports a check that is not permitted and makes the other checks', async () => {
    letters = ['one'];
    const denial = new UnavailableError('Access denied.');
    expect(await findings({ findings: () => Promise.reject(denial) })).toMatchObject([
      { code: 'not-checked', what: `The target could not be checked. ${denial.message}` },
      { code: 'dead-letters' },
    ]);
    const defect = new TypeError('a defect');
    await expect(findings({ findings: () => Promise.reject(defect) })).rejects.toBe(defect);
  });
});

describe('heal', () => {
  it('heal fixes every finding and then takes out the dead letters', async () => {
    await save('a');
    await ports.queue.disarm(await timer('a'));
    await write('b', { name: 'task', periodicity: '@yearly' });
    letters = ['a dead letter'];
    expect(await codes()).toEqual(['dead-letters', 'not-projected', 'timer-lost']);
    expect(await repair({ maintenance: maintenance() }, world.logger)).toEqual(['a dead letter']);
    expect(await findings()).toEqual([]);
    expect(await repair({ maintenance: maintenance({ deadLetters: undefined }) }, world.logger)).toEqual([]);
  });
});

it('A secret in clear text is found, with the command that keeps it apart', async () => {
  const environ = { token: 'abcdefgh1' };
  await world.save('a', { name: 'task', periodicity: '@daily', environ });
  expect(await findings()).toContainEqual(
    expect.objectContaining({
      code: 'secret-in-clear',
      key: { site: 'default', uid: 'a' },
      fix: expect.stringContaining('cloudtab secret set token --dir crons'),
    }),
  );
});
