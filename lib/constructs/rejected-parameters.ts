/** Counts parameters that were rejected, from the lines that tell of them: `cloudtab` / `RejectedParameters`. */
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface RejectedParametersProps {
  /** The lines of a Lambda that projects parameters. */
  readonly logGroup: ILogGroup;
}

export class RejectedParameters extends MetricFilter {
  constructor(scope: Construct, id: string, props: RejectedParametersProps) {
    super(scope, id, {
      ...props,
      metricNamespace: 'cloudtab',
      metricName: 'RejectedParameters',
      filterPattern: FilterPattern.stringValue('$.code', '=', 'parameter-rejected'),
    });
  }
}
