/** What CDK apps import from `cloudtab/cdk`: a whole stack, or the construct for a stack of their own. */
export { Cloudtab } from './deploy/constructs/cloudtab.ts';
export type { CloudtabProps } from './deploy/constructs/cloudtab-props.ts';
export { CloudtabStack, type CloudtabStackProps } from './deploy/constructs/cloudtab-stack.ts';
