/** What CDK apps import from `cloudtab/cdk`: a whole stack, or the construct for a stack of their own. */
export { Cloudtab } from './constructs/cloudtab.ts';
export type { CloudtabProps } from './constructs/cloudtab-props.ts';
export { CloudtabStack, type CloudtabStackProps } from './constructs/cloudtab-stack.ts';
