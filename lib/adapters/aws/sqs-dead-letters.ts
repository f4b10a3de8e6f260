/** The dead letters of a deployment, in its SQS queue. */
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
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
    const AttributeNames: QueueAttributeName[] = ['ApproximateNumberOfMessages'];
    const command = new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames });
    const { Attributes } = await this.#asking('count the messages of', () => this.#sqs.send(command));
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }

  /** A message whose deletion fails is returned again by a later call. */
  async take(): Promise<readonly string[]> {
    const QueueUrl = this.#url;
    const page = { QueueUrl, MaxNumberOfMessages: PAGE, MessageAttributeNames: ['All'] };
    const texts: string[] = [];
    while (texts.length < MAX_TAKEN) {
      const command = new ReceiveMessageCommand(page);
      const { Messages = [] } = await this.#asking('read', () => this.#sqs.send(command));
      for (const message of Messages) {
        texts.push(textOf(message));
        const { ReceiptHandle } = message;
        const deletion = new DeleteMessageCommand({ QueueUrl, ReceiptHandle });
        await this.#asking('delete a message of', () => this.#sqs.send(deletion));
      }
      if (Messages.length === 0) break;
    }
    return texts;
  }

  #asking<T>(what: string, call: () => Promise<T>): Promise<T> {
    return translatingErrors(`Cannot ${what} the dead-letter queue`, call);
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
