/** The AWS calls of each operation, in order, and their write units, on the adapters of a deployment: a change that adds one fails here. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CRON_DEFAULTS } from '../../../lib/core/domain/cron.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { resync } from '../../../lib/core/engine/resync.ts';
import { sweep } from '../../../lib/core/engine/sweep.ts';
import { syncCron, syncSite } from '../../../lib/core/engine/sync.ts';
import { type Dynalite, startDynalite } from '../../support/dynalite.ts';
import { writeUnits } from '../../support/item-size.ts';
import { HOUR, NOON } from '../../support/jobs.ts';
import { type RecordedDeployment, RUNNER, recordedDeployment } from '../../support/recorded-deployment.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let dynalite: Dynalite;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.close());

let tables = 0;
let deployment: RecordedDeployment;
let ports: RecordedDeployment['ports'];
let clock: RecordedDeployment['clock'];
beforeEach(async () => {
  tables += 1;
  deployment = await recordedDeployment(dynalite, `budget-${tables}`);
  ({ ports, clock } = deployment);
});
afterEach(() => deployment.close());

const calls = () => deployment.requests.map(({ name }) => name);

function forget(): void {
  deployment.requests.length = 0;
}

async function save(uid: string, value: object): Promise<void> {
  await deployment.save(uid, value);
  forget();
}

/** Runs the next planned time, and returns the write units of the run. */
async function runAt(plannedAt: number): Promise<number> {
  forget();
  await deployment.runAt('a', plannedAt);
  return units();
}

/** The write units of the recorded requests. */
function units(): number {
  return deployment.requests.reduce((sum, { input }) => sum + writeUnits(input), 0);
}

/** The calls that write to the schedule group. */
const schedulerWrites = () =>
  calls().filter((name) => name === 'CreateSchedule' || name === 'DeleteSchedule');

describe('the write units of a run', () => {
  it('A run takes six, whatever logsLimit is and whatever earlier runs have said', async () => {
    await save('a', HOURLY);
    for (let n = 0; n < 25; n++) expect(await runAt(NOON + n * HOUR)).toBe(6);
    await save('a', { ...HOURLY, logsLimit: 25 });
    deployment.result = () => Array(20).fill('x'.repeat(400));
    for (let n = 25; n < 30; n++) await runAt(NOON + n * HOUR);
    deployment.result = () => undefined;
    expect(await runAt(NOON + 30 * HOUR)).toBe(6);
  });

  it('A run that is not OK takes seven, and two more for each KB of its own messages', async () => {
    await save('a', HOURLY);
    deployment.result = () => 'something is odd';
    expect(await runAt(NOON)).toBe(7);
    deployment.result = () => 'x'.repeat(3 * 1024);
    expect(await runAt(NOON + HOUR)).toBe(13);
  });

  it('A run with the longest messages takes 23', async () => {
    await save('a', HOURLY);
    deployment.result = () => Array(20).fill('時'.repeat(1_000));
    expect(await runAt(NOON)).toBe(7 + 2 * 8);
  });
});

describe('the AWS calls of a deployment', () => {
  it('A run makes four calls in sequence before the runner starts, and two after it', async () => {
    await save('a', HOURLY);
    await runAt(NOON);
    expect(calls()).toEqual([
      'BatchGet',
      'CreateSchedule',
      'Put',
      'PutEvents',
      RUNNER,
      'TransactWrite',
      'PutEvents',
    ]);
  });

  it('A delivery that was handled before costs one call', async () => {
    await save('a', HOURLY);
    await runAt(NOON);
    expect(await runAt(NOON)).toBe(0);
    expect(calls()).toEqual(['BatchGet']);
  });

  it('An edit of the periodicity of one cron among many writes to EventBridge Scheduler twice', async () => {
    for (const uid of ['a', 'b', 'c']) await save(uid, HOURLY);
    await ports.registry.write(
      { site: 'default', uid: 'b' },
      JSON.stringify({ ...HOURLY, periodicity: '@daily' }),
    );
    await projectParameter(ports, { site: 'default', uid: 'b' });
    forget();
    await syncCron(ports, 'default', 'b');
    expect(calls()).toEqual(['BatchGet', 'CreateSchedule', 'Put', 'DeleteSchedule', 'PutEvents']);
  });

  it('An edit that leaves the times of a cron as they are makes no call to EventBridge Scheduler', async () => {
    await save('a', HOURLY);
    await ports.registry.write({ site: 'default', uid: 'a' }, JSON.stringify({ ...HOURLY, timeout: '1m' }));
    await projectParameter(ports, { site: 'default', uid: 'a' });
    forget();
    await syncCron(ports, 'default', 'a');
    expect(calls()).toEqual(['BatchGet']);
  });

  it('A resync of unchanged crons writes neither schedules nor items', async () => {
    for (let n = 0; n < 25; n++) await save(`cron-${n}`, HOURLY);
    forget();
    await resync(ports);
    expect(schedulerWrites()).toEqual([]);
    expect(units()).toBe(0);
    // 25 parameters at ten a page.
    expect(calls().filter((name) => name === 'GetParametersByPath')).toHaveLength(3);
  });

  it('A sweep lists a hundred schedules in a call and reads each site in one query', async () => {
    const [sites, crons] = [2, 55];
    const value = { ...CRON_DEFAULTS, uid: 'a', name: 'task', periodicity: '0 * * * *' };
    for (let site = 0; site < sites; site++) {
      for (let n = 0; n < crons; n++) {
        const key = { site: `site-${site}`, uid: `cron-${n}` };
        const cron = { ...value, uid: key.uid };
        await ports.store.putProjection(key, { modified: clock.now(), version: 1, value: cron });
        await syncCron(ports, key.site, key.uid);
      }
    }
    forget();
    await sweep(ports);
    const expected = {
      ListSchedules: Math.ceil((sites * crons) / 100),
      // The list of the sites, and each site.
      Query: 1 + sites,
      // The switch of each site.
      Get: sites,
    };
    expect(
      Object.fromEntries(
        Map.groupBy(calls(), (name) => name)
          .entries()
          .map(([name, all]) => [name, all.length]),
      ),
    ).toEqual(expected);
    expect(units()).toBe(0);
  });

  it('Reading a site for the dashboard costs one query', async () => {
    for (let n = 0; n < 25; n++) await save(`cron-${n}`, HOURLY);
    const { crons } = await ports.store.readSite('default');
    expect(crons).toHaveLength(25);
    expect(calls()).toEqual(['Query']);
  });

  it('A sync of a site whose timers are right costs one read of the crontab and one query', async () => {
    for (const uid of ['a', 'b', 'c']) await save(uid, HOURLY);
    await syncSite(ports, 'default');
    expect(calls().sort()).toEqual(['Get', 'Query']);
  });
});
