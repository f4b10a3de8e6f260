/** The dead letters of a deployment, in its SQS queue. */
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { truncate } from '../../core/domain/truncate.ts';
import { translatingErrors } from './errors.ts';

const MAX_TAKEN = 100;
const PAGE = 10;
const MAX_CHARACTERS = 300;

export class SqsDeadLetters {
  readonly #sqs: SQSClient;
  readonly #url: string;

  constructor(sqs: SQSClient, url: string) {
    this.#sqs = sqs;
    this.#url = url;
  }

  async count(): Promise<number> {
    const { Attributes } = await translatingErrors('Cannot count the messages of the dead-letter queue', () =>
      this.#sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: this.#url,
          AttributeNames: ['ApproximateNumberOfMessages'],
        }),
      ),
    );
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }

  /** A message whose deletion fails is returned again by a later call. */
  async take(): Promise<readonly string[]> {
    const texts: string[] = [];
    while (texts.length < MAX_TAKEN) {
      const messages = await this.#receive();
      for (const message of messages) {
        texts.push(textOf(message));
        await this.#delete(message);
      }
      if (messages.length === 0) break;
    }
    return texts;
  }

  async #receive(): Promise<readonly Message[]> {
    const { Messages = [] } = await translatingErrors('Cannot read the dead-letter queue', () =>
      this.#sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: PAGE,
          MessageAttributeNames: ['All'],
        }),
      ),
    );
    return Messages;
  }

  async #delete({ ReceiptHandle }: Message): Promise<void> {
    await translatingErrors('Cannot delete a message of the dead-letter queue', () =>
      this.#sqs.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle })),
    );
  }
}

/** The reasons and the body of a message. EventBridge and Lambda write the reasons to its attributes or its body. */
function textOf({ Body = '', MessageAttributes = {} }: Message): string {
  const reasons = Object.entries(MessageAttributes)
    .filter(([name]) => /error/i.test(name))
    .map(([, { StringValue }]) => StringValue ?? '');
  const text = [...reasons, Body].join(' ').replace(/\s+/g, ' ').trim();
  return truncate(text, MAX_CHARACTERS);
}
