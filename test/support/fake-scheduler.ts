/**
 * EventBridge Scheduler and Lambda's asynchronous invocation in memory, behind the SDK's clients. `fire` delivers the
 * schedules that are due; a schedule for a past time is refused.
 */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ListSchedulesCommand,
  type ListSchedulesCommandInput,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { mockClient } from 'aws-sdk-client-mock';
import { awsError } from './aws-error.ts';

export class FakeScheduler {
  readonly scheduler = new SchedulerClient({ region: 'us-east-1' });
  readonly lambda = new LambdaClient({ region: 'us-east-1' });
  readonly schedulerMock: ReturnType<typeof mockClient>;
  readonly lambdaMock: ReturnType<typeof mockClient>;
  /** The payloads that the function received, oldest first. */
  readonly invoked: string[] = [];
  /** Whether an empty page precedes each page of a list. */
  emptyPages = false;
  readonly #now: () => number;
  readonly #schedules = new Map<string, { readonly time: number; readonly input: string }>();
  readonly #failures: Error[] = [];

  constructor(now: () => number) {
    this.#now = now;
    const scheduler = mockClient(this.scheduler);
    const lambda = mockClient(this.lambda);
    scheduler.on(CreateScheduleCommand).callsFake((input) => this.#call(() => this.#create(input)));
    scheduler.on(DeleteScheduleCommand).callsFake((input) => this.#call(() => this.#delete(input.Name)));
    scheduler.on(ListSchedulesCommand).callsFake((input) => this.#call(() => this.#list(input)));
    lambda.on(InvokeCommand).callsFake(({ Payload }) =>
      this.#call(() => {
        this.invoked.push(Buffer.from(Payload).toString());
        return { StatusCode: 202 };
      }),
    );
    this.schedulerMock = scheduler;
    this.lambdaMock = lambda;
  }

  /** Adds a schedule to the group, as a user of the console does. */
  type(name: string): void {
    this.#schedules.set(name, { time: Number.POSITIVE_INFINITY, input: '' });
  }

  /** Makes the next calls of either service fail with these errors, one each. */
  failNext(...errors: Error[]): void {
    this.#failures.push(...errors);
  }

  /** Delivers the schedules that are due. */
  fire(): void {
    for (const [name, { time, input }] of this.#schedules) {
      if (time > this.#now()) continue;
      this.#schedules.delete(name);
      this.invoked.push(input);
    }
  }

  #call<T>(answer: () => T): T {
    const failure = this.#failures.shift();
    if (failure) throw failure;
    return answer();
  }

  #create({ Name = '', ScheduleExpression = '', Target }: CreateScheduleCommandInput) {
    const [, plannedAt] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(ScheduleExpression) ?? [];
    if (!/^[0-9a-zA-Z-_.]{1,64}$/.test(Name) || plannedAt === undefined)
      throw awsError('ValidationException');
    const time = Date.parse(`${plannedAt}Z`);
    if (time <= this.#now()) throw awsError('ValidationException', 'The time has passed');
    if (this.#schedules.has(Name)) throw awsError('ConflictException');
    this.#schedules.set(Name, { time, input: Target?.Input ?? '' });
    return { ScheduleArn: `arn:aws:scheduler:us-east-1:123456789012:schedule/group/${Name}` };
  }

  #delete(name: string) {
    if (!this.#schedules.delete(name)) throw awsError('ResourceNotFoundException');
    return {};
  }

  /** The token is the last name of the previous page, so that deleting while listing skips nothing. */
  #list({ MaxResults = 100, NamePrefix = '', NextToken = '' }: ListSchedulesCommandInput) {
    if (MaxResults > 100) throw awsError('ValidationException', 'MaxResults is at most 100');
    if (this.emptyPages && !NextToken.endsWith('!')) return { Schedules: [], NextToken: `${NextToken}!` };
    const after = NextToken.replace('!', '');
    const names = [...this.#schedules.keys()]
      .filter((name) => name.startsWith(NamePrefix) && name > after)
      .sort();
    const page = names.slice(0, MaxResults);
    return {
      Schedules: page.map((Name) => ({ Name })),
      ...(names.length > page.length ? { NextToken: page.at(-1) } : {}),
    };
  }
}
