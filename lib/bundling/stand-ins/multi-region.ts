/**
 * Stands in for `@aws-sdk/signature-v4-multi-region` in the bundles of Lambdas. The original signs for all regions at
 * once too, if one of two libraries is installed that cloudtab has not.
 */
export { SignatureV4 as SignatureV4MultiRegion } from '@smithy/signature-v4';
