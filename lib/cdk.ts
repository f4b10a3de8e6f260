/** The public API of `cloudtab/cdk`: a whole stack, or a construct for another stack. */
export type { AccessGrant } from './deploy/constructs/access.ts';
export { Cloudtab } from './deploy/constructs/cloudtab.ts';
export type { CloudtabProps } from './deploy/constructs/cloudtab-props.ts';
export { CloudtabStack, type CloudtabStackProps } from './deploy/constructs/cloudtab-stack.ts';
