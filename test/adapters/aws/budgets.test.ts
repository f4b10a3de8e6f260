/** The AWS calls of each operation, in order, on the adapters of a deployment: a change that adds a call fails here. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoStore } from '../../../lib/adapters/aws/dynamo-store.ts';
import { EventBus } from '../../../lib/adapters/aws/event-bus.ts';
import { ParameterRegistry } from '../../../lib/adapters/aws/parameter-registry.ts';
import { SchedulerQueue } from '../../../lib/adapters/aws/scheduler-queue.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { resync } from '../../../lib/core/engine/resync.ts';
import { run } from '../../../lib/core/engine/run.ts';
import { syncCron, syncSite } from '../../../lib/core/engine/sync.ts';
import { type Dynalite, startDynalite } from '../../support/dynalite.ts';
import { FakeScheduler } from '../../support/fake-scheduler.ts';
import { FakeSsm } from '../../support/fake-ssm.ts';
import { MINUTE, NOON } from '../../support/jobs.ts';
import { makeWorld, type WorldPorts } from '../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let dynalite: Dynalite;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.close());

let tables = 0;
let calls: string[];
let ports: WorldPorts;
let clock: ReturnType<typeof makeWorld>['clock'];

/** Records the name of every command that the client sends. */
function recorded<Client extends { send: unknown }>(client: Client): Client {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'send') return value.bind(target);
      return (command: object) => {
        calls.push(command.constructor.name.replace(/Command$/, ''));
        return value.call(target, command);
      };
    },
  });
}

beforeEach(async () => {
  calls = [];
  const table = `budget-${++tables}`;
  await dynalite.createTable(table);
  const world = makeWorld();
  clock = world.clock;
  const { random, runners, secrets } = world.ports;
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
    store: new DynamoStore({ client: recorded(dynalite.client), table, clock, random }),
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
    random,
    logger: world.logger,
    runners,
    secrets,
  };
});

async function save(uid: string, value: object): Promise<void> {
  await ports.registry.write({ site: 'default', uid }, JSON.stringify(value));
  await projectParameter(ports, { site: 'default', uid });
  await syncCron(ports, 'default', uid);
  calls.length = 0;
}

/** The calls that write to the schedule group. */
const schedulerWrites = () => calls.filter((name) => name === 'CreateSchedule' || name === 'DeleteSchedule');

describe('the AWS calls of a deployment', () => {
  it('A run makes four calls in sequence before the runner starts, and two concurrent calls after it', async () => {
    await save('a', HOURLY);
    await clock.advanceTo(NOON);
    await run(ports, { site: 'default', uid: 'a', plannedAt: NOON }, NOON + 15 * MINUTE);
    expect(calls).toEqual([
      'BatchGet',
      'CreateSchedule',
      'Put',
      'PutEvents',
      'the runner',
      'Put',
      'PutEvents',
    ]);
  });

  it('A delivery that was handled before costs one call', async () => {
    await save('a', HOURLY);
    await clock.advanceTo(NOON);
    await run(ports, { site: 'default', uid: 'a', plannedAt: NOON }, NOON + 15 * MINUTE);
    calls.length = 0;
    await run(ports, { site: 'default', uid: 'a', plannedAt: NOON }, NOON + 15 * MINUTE);
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
    await resync(ports);
    expect(schedulerWrites()).toEqual([]);
    expect(calls.filter((name) => name === 'Put' || name === 'Update')).toEqual([]);
    // 25 parameters at ten a page.
    expect(calls.filter((name) => name === 'GetParametersByPath')).toHaveLength(3);
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
