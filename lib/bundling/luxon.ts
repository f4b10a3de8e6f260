/**
 * Stands in for luxon in the bundles of Lambdas. cron-parser brings it for its iteration, which cloudtab does not use:
 * for the fields of an expression it wants no more than a valid moment. Anything else fails at once.
 */
export const DateTime = {
  fromMillis: (_milliseconds: number, { zone }: { readonly zone: string }) => ({
    isValid: true,
    zoneName: zone,
  }),
};
