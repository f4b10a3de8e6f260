/** The runners that a site has, of a list with runners of several sites. */

interface SiteRunner {
  readonly name: string;
  /** The only site that has it. Default: all sites. */
  readonly site?: string;
}

/** Those of that site, or without it all; sorted by name. One of the site takes the place of one of the same name for all. */
export function ofSite<One extends SiteRunner>(runners: readonly One[], site: string | undefined): One[] {
  const own = new Set(runners.filter((one) => one.site === site).map(({ name }) => name));
  return runners
    .filter(
      (one) => site === undefined || one.site === site || (one.site === undefined && !own.has(one.name)),
    )
    .sort((a, b) => (`${a.name}/${a.site ?? ''}` < `${b.name}/${b.site ?? ''}` ? -1 : 1));
}
