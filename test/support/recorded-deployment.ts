/** The handlers on the adapters of a deployment. Its services are fakes, and every request to them is recorded. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { DynamoStore } from '../../lib/adapters/aws/dynamo-store.ts';
import { EventBus } from '../../lib/adapters/aws/event-bus.ts';
import { ParameterRegistry } from '../../lib/adapters/aws/parameter-registry.ts';
import { SchedulerQueue } from '../../lib/adapters/aws/scheduler-queue.ts';
import { systemRandom } from '../../lib/adapters/system-random.ts';
import type { EventSelection } from '../../lib/core/domain/event.ts';
import { projectParameter } from '../../lib/core/engine/project-parameter.ts';
import { run } from '../../lib/core/engine/run.ts';
import { syncCron } from '../../lib/core/engine/sync.ts';
import type { RunnerResult } from '../../lib/core/ports/runners.ts';
import type { Dynalite } from './dynalite.ts';
import { FakeScheduler } from './fake-scheduler.ts';
import { FakeSsm } from './fake-ssm.ts';
import { MINUTE } from './jobs.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { makeWorld, type WorldPorts } from './world.ts';

export interface RecordedRequest {
  /** Such as `PutItem` without the word Item: the SDK's command. */
  readonly name: string;
  readonly input: object;
  /** Items that a read returned. */
  items: readonly object[];
}

/** The name under which the start of the runner is recorded, among the requests. */
export const RUNNER = 'the runner';

export interface RecordedDeployment {
  readonly ports: WorldPorts;
  readonly clock: VirtualClock;
  /** Oldest first; empty it before what is to be counted. */
  readonly requests: RecordedRequest[];
  /** The runner `task` returns that. */
  result: () => RunnerResult;
  /** Writes the parameter of a cron, projects it and syncs it. */
  save(uid: string, value: object): Promise<void>;
  /** Runs the planned time of a cron. */
  runAt(uid: string, plannedAt: number): Promise<void>;
  close(): void;
}

export async function recordedDeployment(
  dynalite: Dynalite,
  table: string,
  events: EventSelection = 'all',
): Promise<RecordedDeployment> {
  await dynalite.createTable(table);
  const world = makeWorld();
  const { clock } = world;
  const { runners, secrets, secretNames, sweepEveryMs } = world.ports;
  const fake = new FakeScheduler(() => clock.now());
  const bus = new EventBridgeClient({ region: 'us-east-1' });
  mockClient(bus).on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [] });
  const requests: RecordedRequest[] = [];
  const recorded = <Client extends { send: unknown }>(client: Client) => recording(client, requests);
  const ports: WorldPorts = {
    registry: new ParameterRegistry({ client: recorded(new FakeSsm().client), root: 'cloudtab', clock }),
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
    events: new EventBus({ client: recorded(bus), bus: 'cloudtab', events, clock }),
    clock,
    random: systemRandom,
    logger: world.logger,
    runners,
    secrets,
    secretNames,
    sweepEveryMs,
    codeVersion: '0123456789abcdef',
  };
  const deployment: RecordedDeployment = {
    ports,
    clock,
    requests,
    result: () => undefined,
    async save(uid, value) {
      await ports.registry.write({ site: 'default', uid }, JSON.stringify(value));
      await projectParameter(ports, { site: 'default', uid });
      await syncCron(ports, 'default', uid);
    },
    async runAt(uid, plannedAt) {
      await clock.advanceTo(plannedAt);
      await run(ports, { site: 'default', uid, plannedAt }, plannedAt + 15 * MINUTE);
    },
    close: () => world.close(),
  };
  world.task = () => {
    requests.push({ name: RUNNER, input: {}, items: [] });
    return deployment.result();
  };
  return deployment;
}

/** The client, which records each command that it sends. */
function recording<Client extends { send: unknown }>(client: Client, requests: RecordedRequest[]): Client {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'send') return value.bind(target);
      return async (command: { readonly input: object }) => {
        const request: RecordedRequest = {
          name: command.constructor.name.replace(/Command$/, ''),
          input: command.input,
          items: [],
        };
        requests.push(request);
        const answer = await value.call(target, command);
        request.items = itemsOf(answer);
        return answer;
      };
    },
  });
}

interface Answer {
  readonly Item?: object;
  readonly Items?: readonly object[];
  readonly Responses?: Readonly<Record<string, readonly object[]>>;
}

function itemsOf({ Item, Items = [], Responses = {} }: Answer): object[] {
  return [...(Item ? [Item] : []), ...Items, ...Object.values(Responses).flat()];
}
