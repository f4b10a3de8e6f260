/** All that restoring needs: reading the registry, projecting it, and making the timers equal to it. */
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { CloudtabFunction } from './cloudtab-function.ts';
import type { Parts } from './parts.ts';

export interface RestoreParts extends Parts {
  /** What timers invoke, and what is delivered to when a run was missed. */
  readonly run: IFunction;
}

/** Lets the Lambda synchronise, sweep and restore. */
export function allowRestore(
  lambda: CloudtabFunction,
  { table, parameters, timers, bus, run }: RestoreParts,
): void {
  table.grantSync(lambda);
  parameters.grantProject(lambda);
  parameters.grantList(lambda);
  timers.grantArm(lambda);
  lambda.allow({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
  lambda.allow({ actions: ['lambda:InvokeFunction'], resources: [run.functionArn] });
}
