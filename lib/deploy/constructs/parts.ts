/** What the Lambdas' constructs are made of: the parts that they share, and the deployment's choices. */
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { LambdaEnvironment } from '../../adapters/aws/environment.ts';
import type { CloudtabProps } from './cloudtab-props.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Parameters } from './parameters.ts';
import type { StateTable } from './state-table.ts';
import type { Timers } from './timers.ts';

export interface Parts {
  readonly choices: Required<CloudtabProps>;
  /** How long log lines are kept, and what becomes of them. */
  readonly logs: Pick<Required<CloudtabProps>, 'logRetention' | 'removalPolicy'>;
  /** All that Lambdas are told, but for the run Lambda's name, which exists only after them. */
  readonly settings: Omit<LambdaEnvironment, 'runFunctionArn' | 'runLogGroupName'>;
  readonly table: StateTable;
  readonly parameters: Parameters;
  readonly timers: Timers;
  readonly bus: IEventBus;
  readonly deadLetters: DeadLetters;
}
