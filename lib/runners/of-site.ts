/** The runners that a site has, of a list with runners of several sites. */
import { type RunnerDescription, runnerOrder } from '../core/domain/runner-description.ts';

type SiteRunner = Pick<RunnerDescription, 'name' | 'site'>;

/** Those of that site, or without it all; sorted by name. One of the site takes the place of one of the same name for all. */
export function ofSite<One extends SiteRunner>(runners: readonly One[], site: string | undefined): One[] {
  const own = new Set(runners.filter((one) => one.site === site).map(({ name }) => name));
  return runners
    .filter(
      (one) => site === undefined || one.site === site || (one.site === undefined && !own.has(one.name)),
    )
    .sort((a, b) => (runnerOrder(a) < runnerOrder(b) ? -1 : 1));
}
