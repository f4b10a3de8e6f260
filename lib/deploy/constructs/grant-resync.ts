/** The permissions of the two Lambdas that sync, sweep and resync: sync and setup. */
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type CloudtabFunction, commonEnvironment, type LambdaProps } from './cloudtab-function.ts';
import { allow } from './permission.ts';
import type { Timers } from './timers.ts';

export interface ResyncProps extends LambdaProps {
  /** The timers that are made equal to the crontabs. */
  readonly timers: Timers;
  /** The run Lambda, which an overdue occurrence is redelivered to. */
  readonly run: IFunction;
}

/** Lets the Lambda read the parameters, write their projections, and repair the timers. */
export function grantResync({ role }: CloudtabFunction, props: ResyncProps): void {
  const { table, parameters, timers, run } = props;
  table.grantSync(role);
  parameters.grantProject(role);
  parameters.grantList(role);
  timers.grantRepair(role);
  allow(role, { actions: ['lambda:InvokeFunction'], resources: [run.functionArn] });
}

/** The part of their environment that both Lambdas need. */
export function resyncEnvironment(props: ResyncProps) {
  const { timers, run } = props;
  return { ...commonEnvironment(props), ...timers.environment, runFunctionArn: run.functionArn };
}
