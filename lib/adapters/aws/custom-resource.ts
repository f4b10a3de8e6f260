/** The Lambda's side of a custom resource: CloudFormation waits until the Lambda has reported how its work ended. */
import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';
import { UnavailableError } from '../../core/domain/errors.ts';
import { truncateBytes } from '../../core/domain/truncate-bytes.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { retry } from '../../core/ports/retry.ts';

export interface CustomResourceParts {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** The work at each creation and change of the resource. */
  readonly work: (properties: { readonly [name: string]: unknown }) => Promise<void>;
}

/** CloudFormation accepts 4,096 bytes of a response, which also has the ids of the request. */
const MAX_REASON_BYTES = 2_000;

const DELAYS_MS = [1_000, 5_000];

/**
 * Does the work that the event requests, and reports its end: a failure fails the deployment with the message of the error.
 * A resource is deleted without work. Throws UnavailableError if the report does not arrive.
 */
export async function answerCustomResource(
  event: CloudFormationCustomResourceEvent,
  { fetch, clock, work }: CustomResourceParts,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, ResourceProperties, ResponseURL: url } = event;
  // The same id for ever: with another one, CloudFormation would delete the resource that had the old one.
  const ids = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: LogicalResourceId };
  const failure = event.RequestType === 'Delete' ? undefined : await failureOf(work(ResourceProperties));
  const report: CloudFormationCustomResourceResponse =
    failure === undefined
      ? { ...ids, Status: 'SUCCESS' }
      : { ...ids, Status: 'FAILED', Reason: truncateBytes(failure, MAX_REASON_BYTES).text };
  await retry(
    clock,
    DELAYS_MS,
    () => send(fetch, url, report),
    () => true,
  );
}

async function failureOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function send(fetch: typeof globalThis.fetch, url: string, report: object): Promise<void> {
  // The address is signed for a request without a content type.
  const request = { method: 'PUT', headers: { 'content-type': '' }, body: JSON.stringify(report) };
  const answer = await fetch(url, request).catch((cause: unknown) => {
    throw new UnavailableError('CloudFormation cannot be reached. Deploy again.', { cause });
  });
  if (!answer.ok) {
    throw new UnavailableError(`CloudFormation refused the report with ${answer.status}. Deploy again.`);
  }
}
