/** The Lambda's side of a custom resource: CloudFormation waits until the Lambda has reported how its work ended. */
import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';
import { messageOf, UnavailableError } from '../../core/domain/errors.ts';
import { truncateBytes } from '../../core/domain/truncate-bytes.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { retry } from '../../core/ports/retry.ts';

export interface CustomResourceParts {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /**
   * The work at each creation and change of the resource. Returns the id of the resource: if it differs from the former one,
   * CloudFormation removes that when the deployment has succeeded, or this one when it is rolled back. Nothing: the logical id.
   */
  readonly work: (properties: { readonly [name: string]: unknown }) => Promise<string | undefined>;
  /** The work at the removal of the resource with that id. It must not throw. Default: none. */
  readonly remove?: (id: string) => Promise<void>;
}

/** The types of the resources that setup handles. */
export const RESOURCE_TYPES = { limits: 'Custom::CloudtabLimits', setup: 'Custom::CloudtabSetup' } as const;

/** CloudFormation accepts 4,096 bytes of a response, which also has the ids of the request. */
const MAX_REASON_BYTES = 2_000;

const DELAYS_MS = [1_000, 5_000];

/**
 * Does the work that the event requests, and reports its end: a failure fails the deployment with the message of the error.
 * Throws UnavailableError if the report does not arrive.
 */
export async function answerCustomResource(
  event: CloudFormationCustomResourceEvent,
  { fetch, clock, work, remove }: CustomResourceParts,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, ResourceProperties, ResponseURL: url } = event;
  const ids = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: formerId(event) };
  let report: CloudFormationCustomResourceResponse = { ...ids, Status: 'SUCCESS' };
  if (event.RequestType === 'Delete') await remove?.(event.PhysicalResourceId);
  else {
    try {
      const id = await work(ResourceProperties);
      report = { ...report, PhysicalResourceId: id ?? LogicalResourceId };
    } catch (error) {
      report = { ...ids, Status: 'FAILED', Reason: truncateBytes(messageOf(error), MAX_REASON_BYTES).text };
    }
  }
  await retry(
    clock,
    DELAYS_MS,
    () => send(fetch, url, report),
    () => true,
  );
}

/** The id that the resource has, or gets if its creation fails. */
function formerId(event: CloudFormationCustomResourceEvent): string {
  return 'PhysicalResourceId' in event ? event.PhysicalResourceId : event.LogicalResourceId;
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
