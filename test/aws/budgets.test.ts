/**
 * How many calls of AWS the work may cost, and which they are, on the adapters of a deployment. A call more, or another
 * order, is a decision: it fails here first.
 */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoStore } from '../../lib/aws/dynamo-store.ts';
import { EventBus } from '../../lib/aws/event-bus.ts';
import { ParameterRegistry } from '../../lib/aws/parameter-registry.ts';
import { SchedulerQueue } from '../../lib/aws/scheduler-queue.ts';
import { project } from '../../lib/handlers/project.ts';
import { restore } from '../../lib/handlers/restore.ts';
import { run } from '../../lib/handlers/run.ts';
import { syncCron, syncSite } from '../../lib/handlers/sync.ts';
import { type Dynalite, startDynalite } from '../support/dynalite.ts';
import { FakeScheduler } from '../support/fake-scheduler.ts';
import { FakeSsm } from '../support/fake-ssm.ts';
import { MINUTE, NOON } from '../support/jobs.ts';
import { makeWorld, type WorldPorts } from '../support/world.ts';

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

/** Notes the name of every command that the client sends. */
function noted<Client extends { send: unknown }>(client: Client): Client {
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
  const { random, runners, secrets, tools } = world.ports;
  const fake = new FakeScheduler(() => clock.now());
  const bus = new EventBridgeClient({ region: 'us-east-1' });
  mockClient(bus).on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [] });
  world.task = () => {
    calls.push('the runner');
    return undefined;
  };
  ports = {
    registry: new ParameterRegistry({
      client: noted(new FakeSsm().client),
      root: 'cloudtab',
      clock,
    }),
    store: new DynamoStore({ client: noted(dynalite.client), table, clock, random }),
    queue: new SchedulerQueue({
      scheduler: noted(fake.scheduler),
      lambda: noted(fake.lambda),
      clock,
      group: 'cloudtab',
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:run',
      roleArn: 'arn:aws:iam::123456789012:role/scheduler',
      deadLetterArn: 'arn:aws:sqs:us-east-1:123456789012:dead-letters',
    }),
    events: new EventBus({ client: noted(bus), bus: 'cloudtab', clock }),
    clock,
    random,
    log: world.log,
    runners,
    secrets,
    tools,
  };
});

async function save(uid: string, value: object): Promise<void> {
  await ports.registry.write({ site: 'default', uid }, JSON.stringify(value));
  await project(ports, { site: 'default', uid });
  await syncCron(ports, 'default', uid);
  calls.length = 0;
}

/** The calls that write to the schedule group. */
const schedulerWrites = () => calls.filter((name) => name === 'CreateSchedule' || name === 'DeleteSchedule');

describe('the calls of AWS that are made', () => {
  it('for one run: four before the runner, in sequence, and two after it, at the same time', async () => {
    await save('a', HOURLY);
    await clock.advanceTo(NOON);
    await run(ports, { site: 'default', uid: 'a', at: NOON }, NOON + 15 * MINUTE);
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

  it('for a delivery that was handled before: one', async () => {
    await save('a', HOURLY);
    await clock.advanceTo(NOON);
    await run(ports, { site: 'default', uid: 'a', at: NOON }, NOON + 15 * MINUTE);
    calls.length = 0;
    await run(ports, { site: 'default', uid: 'a', at: NOON }, NOON + 15 * MINUTE);
    expect(calls).toEqual(['BatchGet']);
  });

  it('for one edited cron among many: two that write to the scheduler', async () => {
    for (const uid of ['a', 'b', 'c']) await save(uid, HOURLY);
    await ports.registry.write(
      { site: 'default', uid: 'b' },
      JSON.stringify({ ...HOURLY, periodicity: '@daily' }),
    );
    await project(ports, { site: 'default', uid: 'b' });
    calls.length = 0;
    await syncCron(ports, 'default', 'b');
    expect(calls).toEqual(['BatchGet', 'CreateSchedule', 'Put', 'DeleteSchedule', 'PutEvents']);
  });

  it('for an edit of something else than its times: none to the scheduler', async () => {
    await save('a', HOURLY);
    await ports.registry.write({ site: 'default', uid: 'a' }, JSON.stringify({ ...HOURLY, timeout: '1m' }));
    await project(ports, { site: 'default', uid: 'a' });
    calls.length = 0;
    await syncCron(ports, 'default', 'a');
    expect(calls).toEqual(['BatchGet']);
  });

  it('for a restart of unchanged crons: none that writes to the scheduler', async () => {
    for (let n = 0; n < 25; n++) await save(`cron-${n}`, HOURLY);
    await restore(ports);
    expect(schedulerWrites()).toEqual([]);
    expect(calls.filter((name) => name === 'Put' || name === 'Update')).toEqual([]);
    // Ten parameters a page; one read of each projection; one page of the site for what is unlisted, one to compare.
    expect(calls.filter((name) => name === 'GetParametersByPath')).toHaveLength(3);
  });

  it('for a site as the dashboard shows it: one query', async () => {
    for (let n = 0; n < 25; n++) await save(`cron-${n}`, HOURLY);
    const { crons } = await ports.store.readSite('default');
    expect(crons).toHaveLength(25);
    expect(calls).toEqual(['Query']);
  });

  it('for a whole site that agrees: one read of its switch and one query', async () => {
    for (const uid of ['a', 'b', 'c']) await save(uid, HOURLY);
    await syncSite(ports, 'default');
    expect(calls.sort()).toEqual(['Get', 'Query']);
  });
});
