/** A stack that contains one cloudtab and nothing else. */
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Cloudtab } from './cloudtab.ts';
import type { CloudtabProps } from './cloudtab-props.ts';

export interface CloudtabStackProps extends StackProps, CloudtabProps {}

export class CloudtabStack extends Stack {
  readonly cloudtab: Cloudtab;

  constructor(scope: Construct, id: string, props: CloudtabStackProps = {}) {
    super(scope, id, { description: 'cloudtab: a crontab for AWS', ...props });
    this.cloudtab = new Cloudtab(this, 'Cloudtab', props);
  }
}
