/** Invokes the run Lambda now, without a timer. */
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { iso } from '../../core/domain/iso.ts';
import type { Delivery } from '../../core/domain/occurrence.ts';
import { formatDelivery } from './delivery.ts';
import { translatingErrors } from './errors.ts';

const FUNCTION_ARN_PARTS = 7;

/**
 * The function's ARN without the version or alias of an invocation. Timers name the function itself, which alone their role
 * may invoke.
 */
export function unqualifiedArn(invokedArn: string): string {
  return invokedArn.split(':').slice(0, FUNCTION_ARN_PARTS).join(':');
}

/** Returns when Lambda has accepted the delivery. `name` is the function's name or ARN. */
export async function invokeRun(lambda: LambdaClient, name: string, delivery: Delivery): Promise<void> {
  const { site, uid, plannedAt } = delivery;
  const command = new InvokeCommand({
    FunctionName: name,
    InvocationType: 'Event',
    Payload: Buffer.from(formatDelivery(delivery)),
  });
  await translatingErrors(`Cannot start the run of ${site}/${uid} at ${iso(plannedAt)}`, () =>
    lambda.send(command),
  );
}
