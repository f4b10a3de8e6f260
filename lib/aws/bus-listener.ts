/**
 * Hears what a deployment tells on its bus: a rule and a queue of one's own, for as long as somebody listens. Whoever
 * dies without taking them away leaves a queue that keeps nothing longer than an hour, and the rule; both names begin
 * with `cloudtab-listener-`.
 */
import {
  DeleteRuleCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Clock } from '../ports/clock.ts';
import type { Event } from '../ports/events.ts';
import type { Logger } from '../ports/logger.ts';
import type { Random } from '../ports/random.ts';
import { pause } from '../system/clock.ts';
import { asking, awsErrorName } from './errors.ts';
import { EVENT_SOURCE } from './event-bus.ts';

export interface BusListenerParts {
  readonly events: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly bus: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Told when the queue does not answer for a while. */
  readonly log: Logger;
}

const TARGET = 'listener';
const KEPT_SECONDS = 3600;
/** Shorter than the SDK waits for an answer. */
const WAIT_SECONDS = 5;
const PAUSE_MS = 5_000;

/**
 * Tells `hear` each event from now on: at least once, nearly in order. AWS may take a minute until it carries the first.
 * The returned function stops that and takes rule and queue away. Throws UnavailableError when they cannot be made.
 */
export async function listenToBus(
  parts: BusListenerParts,
  hear: (event: Event) => Promise<void>,
): Promise<() => Promise<void>> {
  const listener = new BusListener(parts, hear);
  await listener.open();
  return () => listener.close();
}

class BusListener {
  readonly #parts: BusListenerParts;
  readonly #hear: (event: Event) => Promise<void>;
  readonly #name: string;
  readonly #stop = new AbortController();
  #queue = '';
  #listening = Promise.resolve();

  constructor(parts: BusListenerParts, hear: (event: Event) => Promise<void>) {
    this.#parts = parts;
    this.#hear = hear;
    this.#name = `cloudtab-listener-${parts.random.id()}`;
  }

  async open(): Promise<void> {
    try {
      await asking(`Cannot listen to the bus ${this.#parts.bus}`, () => this.#make());
    } catch (error) {
      // Why it could not be made is what the caller has to know.
      await this.close().catch(() => {});
      throw error;
    }
    this.#listening = this.#listen();
  }

  /** What is gone already is fine. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#listening;
    const { bus, events, sqs } = this.#parts;
    const rule = { EventBusName: bus };
    await asking(`Cannot take away the rule and the queue ${this.#name}`, async () => {
      await unlessGone(events.send(new RemoveTargetsCommand({ ...rule, Rule: this.#name, Ids: [TARGET] })));
      await unlessGone(events.send(new DeleteRuleCommand({ ...rule, Name: this.#name })));
      if (this.#queue) await unlessGone(sqs.send(new DeleteQueueCommand({ QueueUrl: this.#queue })));
    });
  }

  async #make(): Promise<void> {
    const { bus, events, sqs } = this.#parts;
    const Attributes = { MessageRetentionPeriod: String(KEPT_SECONDS) };
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: this.#name, Attributes }));
    this.#queue = QueueUrl;
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    const Arn = (await sqs.send(asked)).Attributes?.QueueArn;
    const { RuleArn } = await events.send(
      new PutRuleCommand({
        Name: this.#name,
        EventBusName: bus,
        Description: 'cloudtab: somebody listens, or did not take this away',
        EventPattern: JSON.stringify({ source: [EVENT_SOURCE] }),
      }),
    );
    const Policy = JSON.stringify(policy(Arn, RuleArn));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const Targets = [{ Id: TARGET, Arn }];
    await events.send(new PutTargetsCommand({ Rule: this.#name, EventBusName: bus, Targets }));
  }

  /** Until it is closed. A queue that does not answer is asked again. */
  async #listen(): Promise<void> {
    const { clock, log } = this.#parts;
    while (!this.#stop.signal.aborted) {
      try {
        for (const message of await this.#receive()) await this.#handle(message);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        log.warn(`Cannot hear what the bus tells: ${error}`, { code: 'listener-failed', error });
        await pause(clock, PAUSE_MS);
      }
    }
  }

  async #receive(): Promise<Message[]> {
    const { sqs } = this.#parts;
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#queue,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: WAIT_SECONDS,
    });
    const { Messages = [] } = await sqs.send(command, { abortSignal: this.#stop.signal });
    return Messages;
  }

  /** One that was heard and could not be deleted comes again. */
  async #handle({ Body = '{}', ReceiptHandle }: Message): Promise<void> {
    const told: { 'detail-type'?: string; detail?: unknown } = JSON.parse(Body);
    await this.#hear({ type: told['detail-type'], detail: told.detail } as Event);
    const { sqs } = this.#parts;
    await sqs.send(new DeleteMessageCommand({ QueueUrl: this.#queue, ReceiptHandle }));
  }
}

async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!/NotFound|NotExist|NonExistent/.test(awsErrorName(error))) throw error;
  }
}

/** Lets this rule, and nobody else, put events into the queue. */
function policy(queueArn: string | undefined, ruleArn: string | undefined): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
      },
    ],
  };
}
