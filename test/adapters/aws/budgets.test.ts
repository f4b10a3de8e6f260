/** The AWS calls of each operation, in order, and their write units, on the adapters of a deployment: a change that adds one fails here. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoStore } from '../../../lib/adapters/aws/dynamo-store.ts';
import { EventBus } from '../../../lib/adapters/aws/event-bus.ts';
import { ParameterRegistry } from '../../../lib/adapters/aws/parameter-registry.ts';
import { SchedulerQueue } from '../../../lib/adapters/aws/scheduler-queue.ts';
import { systemRandom } from '../../../lib/adapters/system-random.ts';
import { CRON_DEFAULTS } from '../../../lib/core/domain/cron.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { resync } from '../../../lib/core/engine/resync.ts';
import { run } from '../../../lib/core/engine/run.ts';
import { sweep } from '../../../lib/core/engine/sweep.ts';
import { syncCron, syncSite } from '../../../lib/core/engine/sync.ts';
import { type Dynalite, startDynalite } from '../../support/dynalite.ts';
import { FakeScheduler } from '../../support/fake-scheduler.ts';
import { FakeSsm } from '../../support/fake-ssm.ts';
import { writeUnits } from '../../support/item-size.ts';
import { HOUR, MINUTE, NOON } from '../../support/jobs.ts';
import { priceOfMillion } from '../../support/price.ts';
import { makeWorld, type World, type WorldPorts } from '../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let dynalite: Dynalite;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.close());

let tables = 0;
let calls: string[];
/** The inputs of the commands so far, by their order in `calls`. */
let inputs: object[];
let world: World;
let ports: WorldPorts;
let clock: World['clock'];

/** Records the name of every command that the client sends, and its input. */
function recorded<Client extends { send: unknown }>(client: Client): Client {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'send') return value.bind(target);
      return (command: { readonly input: object }) => {
        calls.push(command.constructor.name.replace(/Command$/, ''));
        inputs.push(command.input);
        return value.call(target, command);
      };
    },
  });
}

beforeEach(async () => {
  calls = [];
  inputs = [];
  const table = `budget-${++tables}`;
  await dynalite.createTable(table);
  world = makeWorld();
  clock = world.clock;
  const { runners, secrets, sweepEveryMs } = world.ports;
  const fake = new FakeScheduler(() => clock.now());
  const bus = new EventBridgeClient({ region: 'us-east-1' });
  mockClient(bus).on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [] });
  world.task = () => {
    calls.push('the runner');
    return undefined;
  };
  ports = {
    registry: new ParameterRegistry({
      client: recorded(new FakeSsm().client),
      root: 'cloudtab',
      clock,
    }),
    store: new DynamoStore({ client: recorded(dynalite.client), table, clock, retentionDays: 90 }),
    queue: new SchedulerQueue({
      scheduler: recorded(fake.scheduler),
      lambda: recorded(fake.lambda),
      clock,
      group: 'cloudtab',
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:run',
      roleArn: 'arn:aws:iam::123456789012:role/scheduler',
      deadLetterArn: 'arn:aws:sqs:us-east-1:123456789012:dead-letters',
    }),
    events: new EventBus({ client: recorded(bus), bus: 'cloudtab', clock }),
    clock,
    random: systemRandom,
    logger: world.logger,
    runners,
    secrets,
    sweepEveryMs,
    codeVersion: '0123456789abcdef',
  };
});
afterEach(() => world.close());

async function save(uid: string, value: object): Promise<void> {
  await ports.registry.write({ site: 'default', uid }, JSON.stringify(value));
  await projectParameter(ports, { site: 'default', uid });
  await syncCron(ports, 'default', uid);
  calls.length = 0;
}

/** Runs the next planned time, and returns the write units of the run. */
async function runAt(plannedAt: number): Promise<number> {
  await clock.advanceTo(plannedAt);
  calls.length = 0;
  inputs.length = 0;
  await run(ports, { site: 'default', uid: 'a', plannedAt }, plannedAt + 15 * MINUTE);
  return units();
}

/** The write units of the recorded commands. */
function units(): number {
  return inputs.reduce((sum, input) => sum + writeUnits(input), 0);
}

/** The calls that write to the schedule group. */
const schedulerWrites = () => calls.filter((name) => name === 'CreateSchedule' || name === 'DeleteSchedule');

describe('the write units of a run', () => {
  it('A run takes six, whatever logsLimit is and whatever earlier runs have said', async () => {
    await save('a', HOURLY);
    for (let n = 0; n < 25; n++) expect(await runAt(NOON + n * HOUR)).toBe(6);
    await save('a', { ...HOURLY, logsLimit: 25 });
    world.task = () => Array(20).fill('x'.repeat(400));
    for (let n = 25; n < 30; n++) await runAt(NOON + n * HOUR);
    world.task = () => undefined;
    expect(await runAt(NOON + 30 * HOUR)).toBe(6);
  });

  it('A run that is not OK takes seven, and two more for each KB of its own messages', async () => {
    await save('a', HOURLY);
    world.task = () => 'something is odd';
    expect(await runAt(NOON)).toBe(7);
    world.task = () => 'x'.repeat(3 * 1024);
    expect(await runAt(NOON + HOUR)).toBe(13);
  });

  it('A run with the longest messages takes 23', async () => {
    await save('a', HOURLY);
    world.task = () => Array(20).fill('時'.repeat(1_000));
    expect(await runAt(NOON)).toBe(7 + 2 * 8);
  });
});

describe('the price of a million runs', () => {
  it.each([
    { cron: 'a default cron', messages: undefined, most: 9.8 },
    { cron: 'a cron with 8 KB of messages', messages: Array(20).fill('時'.repeat(1_000)), most: 32 },
  ])('A million runs of $cron cost at most $most dollars', async ({ messages, most }) => {
    await save('a', HOURLY);
    world.task = () => messages;
    await runAt(NOON);
    const price = priceOfMillion(inputs);
    expect(price).toBeGreaterThan(most / 2);
    expect(price).toBeLessThanOrEqual(most);
  });
});

describe('the AWS calls of a deployment', () => {
  it('A run makes four calls in sequence before the runner starts, and two after it', async () => {
    await save('a', HOURLY);
    await runAt(NOON);
    expect(calls).toEqual([
      'BatchGet',
      'CreateSchedule',
      'Put',
      'PutEvents',
      'the runner',
      'TransactWrite',
      'PutEvents',
    ]);
  });

  it('A delivery that was handled before costs one call', async () => {
    await save('a', HOURLY);
    await runAt(NOON);
    expect(await runAt(NOON)).toBe(0);
    expect(calls).toEqual(['BatchGet']);
  });

  it('An edit of the periodicity of one cron among many writes to EventBridge Scheduler twice', async () => {
    for (const uid of ['a', 'b', 'c']) await save(uid, HOURLY);
    await ports.registry.write(
      { site: 'default', uid: 'b' },
      JSON.stringify({ ...HOURLY, periodicity: '@daily' }),
    );
    await projectParameter(ports, { site: 'default', uid: 'b' });
    calls.length = 0;
    await syncCron(ports, 'default', 'b');
    expect(calls).toEqual(['BatchGet', 'CreateSchedule', 'Put', 'DeleteSchedule', 'PutEvents']);
  });

  it('An edit that leaves the times of a cron as they are makes no call to EventBridge Scheduler', async () => {
    await save('a', HOURLY);
    await ports.registry.write({ site: 'default', uid: 'a' }, JSON.stringify({ ...HOURLY, timeout: '1m' }));
    await projectParameter(ports, { site: 'default', uid: 'a' });
    calls.length = 0;
    await syncCron(ports, 'default', 'a');
    expect(calls).toEqual(['BatchGet']);
  });

  it('A resync of unchanged crons writes neither schedules nor items', async () => {
    for (let n = 0; n < 25; n++) await save(`cron-${n}`, HOURLY);
    inputs.length = 0;
    await resync(ports);
    expect(schedulerWrites()).toEqual([]);
    expect(units()).toBe(0);
    // 25 parameters at ten a page.
    expect(calls.filter((name) => name === 'GetParametersByPath')).toHaveLength(3);
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
    calls.length = 0;
    inputs.length = 0;
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
        Map.groupBy(calls, (name) => name)
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
    expect(calls).toEqual(['Query']);
  });

  it('A sync of a site whose timers are right costs one read of the crontab and one query', async () => {
    for (const uid of ['a', 'b', 'c']) await save(uid, HOURLY);
    await syncSite(ports, 'default');
    expect(calls.sort()).toEqual(['Get', 'Query']);
  });
});
