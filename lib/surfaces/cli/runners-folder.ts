/** Where a project has its own runners: `lambdas/runners` in a checkout of cloudtab, `runners` in any other project. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder, as CLOUDTAB_RUNNERS names it or relative to `cwd`; it may not exist yet. `lambdas/runners` counts wherever it
 * exists.
 */
export function runnersFolder(env: { readonly CLOUDTAB_RUNNERS?: string }, cwd = '.'): string {
  const ofCheckout = join('lambdas', 'runners');
  return env.CLOUDTAB_RUNNERS || (existsSync(join(cwd, ofCheckout)) ? ofCheckout : 'runners');
}
