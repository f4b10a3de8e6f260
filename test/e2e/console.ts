/**
 * A user of the AWS console, by plain calls of the SDK. It uses only the names of parameters and timers from cloudtab,
 * which are part of its interface.
 */
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  paginateListSchedules,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import {
  DeleteParameterCommand,
  GetParameterHistoryCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { DeploymentOutputs } from '../../lib/adapters/aws/deployment-outputs.ts';
import { type ParameterKey, parameterName } from '../../lib/core/domain/names.ts';

/** An event of the bus, as a subscriber receives it. */
export interface BusEvent {
  readonly type: string;
  readonly source: string;
  readonly detail: { readonly [key: string]: unknown };
}

/** A service that does not answer fails the test instead of blocking it. */
const SETTINGS = { requestHandler: { requestTimeout: 30_000, throwOnRequestTimeout: true } } as const;

export class Console {
  readonly #outputs: DeploymentOutputs;
  readonly #parameters = new SSMClient(SETTINGS);
  readonly #schedules = new SchedulerClient(SETTINGS);
  readonly #functions = new LambdaClient(SETTINGS);
  readonly #logs = new CloudWatchLogsClient(SETTINGS);
  readonly #bus = new EventBridgeClient(SETTINGS);
  // MiniStack returns queue URLs on `localhost`, where it does not listen.
  readonly #queues = new SQSClient({ ...SETTINGS, useQueueUrlAsEndpoint: false });
  readonly #events: BusEvent[] = [];
  #subscription = '';

  constructor(outputs: DeploymentOutputs) {
    this.#outputs = outputs;
  }

  /** Creates or replaces a parameter, and returns its version. A value that is not a string is written as JSON. */
  async put(key: ParameterKey, value: unknown): Promise<number> {
    const { Version } = await this.#parameters.send(
      new PutParameterCommand({
        Name: this.#nameOf(key),
        Value: typeof value === 'string' ? value : JSON.stringify(value),
        Type: 'String',
        Overwrite: true,
      }),
    );
    return Version ?? 0;
  }

  async delete(key: ParameterKey): Promise<void> {
    await this.#parameters.send(new DeleteParameterCommand({ Name: this.#nameOf(key) }));
  }

  /** The labels of each version, oldest first. */
  async labels(key: ParameterKey): Promise<{ readonly version: number; readonly labels: string[] }[]> {
    const { Parameters = [] } = await this.#parameters.send(
      new GetParameterHistoryCommand({ Name: this.#nameOf(key) }),
    );
    return Parameters.map(({ Version = 0, Labels = [] }) => ({ version: Version, labels: Labels }));
  }

  /** The names of the timers in the deployment's group, sorted. */
  async timers(): Promise<string[]> {
    return this.#schedulesOf(this.#outputs.groupName);
  }

  /** The names of all schedules of the account, sorted. */
  async allSchedules(): Promise<string[]> {
    return this.#schedulesOf(undefined);
  }

  /** Invokes the run function asynchronously, as a timer does. */
  async invokeRun(delivery: object): Promise<void> {
    await this.#functions.send(
      new InvokeCommand({
        FunctionName: this.#outputs.runFunctionName,
        InvocationType: 'Event',
        Payload: JSON.stringify(delivery),
      }),
    );
  }

  /** Deletes a timer, which cloudtab is not notified of. */
  async deleteTimer(name: string): Promise<void> {
    const { groupName } = this.#outputs;
    await this.#schedules.send(new DeleteScheduleCommand({ GroupName: groupName, Name: name }));
  }

  /** Creates a schedule with another name and the target of this timer. */
  async copyTimer(name: string, copy: string): Promise<void> {
    const GroupName = this.#outputs.groupName;
    const { ScheduleExpression, FlexibleTimeWindow, Target } = await this.#schedules.send(
      new GetScheduleCommand({ GroupName, Name: name }),
    );
    await this.#schedules.send(
      new CreateScheduleCommand({ Name: copy, GroupName, ScheduleExpression, FlexibleTimeWindow, Target }),
    );
  }

  /**
   * Invokes the targets of all rules with this schedule, one after the other, with their input. Returns the number of
   * targets. Throws when a function fails.
   */
  async fire(schedule: string): Promise<number> {
    const { Rules = [] } = await this.#bus.send(new ListRulesCommand({}));
    let count = 0;
    for (const { Name } of Rules.filter((rule) => rule.ScheduleExpression === schedule)) {
      const { Targets = [] } = await this.#bus.send(new ListTargetsByRuleCommand({ Rule: Name }));
      for (const { Arn, Input } of Targets) {
        const command = new InvokeCommand({ FunctionName: Arn, Payload: Input });
        const { FunctionError, Payload } = await this.#functions.send(command);
        if (FunctionError) throw new Error(`${Arn} failed: ${Payload?.transformToString()}`);
        count += 1;
      }
    }
    return count;
  }

  /**
   * The structured lines of a log group that have all these fields with these values. On AWS the filter pattern
   * `{ $.runId = "…" }` selects them; MiniStack ignores filter patterns, so this compares the fields itself.
   */
  async lines(
    group: string,
    fields: { readonly [name: string]: string },
  ): Promise<Record<string, unknown>[]> {
    const lines = (await this.#messages(group)).map(structured).filter((line) => line !== undefined);
    return lines.filter((line) => hasFields(line, fields));
  }

  /** The lines of all functions with the level ERROR, and those that Lambda writes when a function times out. */
  async errors(): Promise<string[]> {
    const { logGroups = [] } = await this.#logs.send(new DescribeLogGroupsCommand({}));
    const lines: string[] = [];
    for (const { logGroupName = '' } of logGroups) {
      for (const line of await this.#messages(logGroupName)) {
        if (structured(line)?.level === 'ERROR' || line.includes('Task timed out')) lines.push(line);
      }
    }
    return lines;
  }

  /** Sends all later events of the deployment's bus to a queue. */
  async subscribe(): Promise<void> {
    const { QueueUrl = '' } = await this.#queues.send(new CreateQueueCommand({ QueueName: 'all-events' }));
    this.#subscription = QueueUrl;
    const { Attributes } = await this.#queues.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const rule = { Name: 'all-events', EventBusName: this.#outputs.busName };
    const EventPattern = JSON.stringify({ source: [{ prefix: '' }] });
    await this.#bus.send(new PutRuleCommand({ ...rule, EventPattern }));
    await this.#bus.send(
      new PutTargetsCommand({
        Rule: rule.Name,
        EventBusName: rule.EventBusName,
        Targets: [{ Id: 'queue', Arn: Attributes?.QueueArn ?? '' }],
      }),
    );
  }

  /** The events since the subscription, in order of arrival. */
  async events(): Promise<readonly BusEvent[]> {
    for (;;) {
      const { Messages = [] } = await this.#queues.send(
        new ReceiveMessageCommand({ QueueUrl: this.#subscription, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return this.#events;
      for (const { Body = '', ReceiptHandle = '' } of Messages) {
        const { 'detail-type': type, source, detail } = JSON.parse(Body);
        this.#events.push({ type, source, detail });
        await this.#queues.send(new DeleteMessageCommand({ QueueUrl: this.#subscription, ReceiptHandle }));
      }
    }
  }

  /** The bodies of the messages in the dead-letter queue. */
  async deadLetters(): Promise<string[]> {
    const { Messages = [] } = await this.#queues.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#outputs.deadLetterQueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
      }),
    );
    return Messages.map(({ Body = '' }) => Body);
  }

  async #messages(logGroupName: string): Promise<string[]> {
    const messages: string[] = [];
    for await (const { events = [] } of paginateFilterLogEvents({ client: this.#logs }, { logGroupName })) {
      messages.push(...events.map(({ message = '' }) => message));
    }
    return messages;
  }

  async #schedulesOf(GroupName: string | undefined): Promise<string[]> {
    const names: string[] = [];
    for await (const { Schedules = [] } of paginateListSchedules({ client: this.#schedules }, { GroupName }))
      names.push(...Schedules.map(({ Name = '' }) => Name));
    return names.sort();
  }

  #nameOf(key: ParameterKey): string {
    return parameterName(this.#outputs.root, key);
  }
}

function structured(message: string): Record<string, unknown> | undefined {
  if (!message.startsWith('{')) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

function hasFields(line: Record<string, unknown>, fields: { readonly [name: string]: string }): boolean {
  return Object.entries(fields).every(([name, value]) => line[name] === value);
}
