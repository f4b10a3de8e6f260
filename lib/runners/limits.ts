/**
 * What a deployment or a folder allows its runners to reach: hosts, functions, users, programs; by site. Default of a
 * deployment: nothing. limit-problems.ts validates them where they are written.
 */
import { formatValue, type Problem } from '../core/domain/problem.ts';
import type { LimitsBySite, SiteLimits } from '../core/domain/site-limits.ts';

/** The name of the limits that hold for all sites. No site has it. */
export const ALL_SITES = '*';

export interface TargetLimits {
  readonly bySite: LimitsBySite;
  /** The folder whose limits these are, so that messages name its command; absent for a deployment. */
  readonly folder?: string;
  /** Why the target runs no commands, whatever its limits are, and the fix; absent if it may. */
  readonly noCommands?: string | undefined;
}

/** What a run of that site may reach. Absent: a cron of any site. */
export interface RunnerLimits
  extends Required<Omit<SiteLimits, 'allowCommands'>>,
    Pick<SiteLimits, 'allowCommands'>,
    Omit<TargetLimits, 'bySite'> {
  readonly site?: string | undefined;
}

const NONE: SiteLimits = {};

/** The limits of a site: what all sites may reach, and what this one may. The only way to them, at an edit and at a run. */
export function limitsOf(
  { bySite, folder, noCommands }: TargetLimits,
  site: string | undefined,
): RunnerLimits {
  const own = site !== undefined && Object.hasOwn(bySite, site) ? bySite[site] : undefined;
  const parts = [bySite[ALL_SITES] ?? NONE, own ?? NONE];
  return {
    allowedHosts: parts.flatMap(({ allowedHosts = [] }) => allowedHosts),
    allowedFunctions: parts.flatMap(({ allowedFunctions = [] }) => allowedFunctions),
    allowedUsers: parts.flatMap(({ allowedUsers = [] }) => allowedUsers),
    allowCommands: noCommands === undefined && parts.some(({ allowCommands }) => allowCommands === true),
    ...(noCommands !== undefined && { noCommands }),
    ...(folder !== undefined && { folder }),
    ...(site !== undefined && { site }),
  };
}

/** The problem of a value that limits refuse: `refusal` says why, and the fix. */
export function refusalProblems(
  where: string,
  value: string,
  wanted: string,
  refusal: string | undefined,
): Problem[] {
  return refusal === undefined ? [] : [{ where, got: formatValue(value), wanted, fix: refusal }];
}

/** Why a site may not act as that user, and the fix; undefined if it may. */
export function userRefusal(user: string, limits: RunnerLimits): string | undefined {
  if (isListed(user, limits.allowedUsers)) return undefined;
  const fix = howToAllow(limits, 'allowedUsers', user, '--user ');
  return `${siteOf(limits)} may act as: ${listed(limits.allowedUsers)}. ${fix}`;
}

/** Why this site runs no commands, and the fix; undefined when it runs them. */
export function commandsRefusal(limits: RunnerLimits): string | undefined {
  if (limits.allowCommands) return undefined;
  if (limits.noCommands !== undefined) return limits.noCommands;
  return `${siteOf(limits)} may run no commands. ${howToAllow(limits, 'allowCommands', undefined, '--commands')}`;
}

/** How to let the site reach the entry: a property of the deployment, or a command with this option. */
export function howToAllow(
  { folder, site }: Pick<RunnerLimits, 'folder' | 'site'>,
  property: keyof SiteLimits,
  entry: string | undefined,
  option: string,
): string {
  if (folder === undefined) {
    const where = `in the limits of the deployment, for the site or for "${ALL_SITES}", and deploy it`;
    return entry === undefined
      ? `Set ${property}: true ${where}.`
      : `Add "${entry}" to ${property} ${where}.`;
  }
  // Some shells replace brackets and asterisks.
  const argument = entry !== undefined && /[^\w:./@+=,-]/.test(entry) ? `'${entry}'` : (entry ?? '');
  const sites = site === undefined ? '' : ` --site ${site}`;
  return `Run: cloudtab allow ${option}${argument}${sites} --dir ${folder}`;
}

/** The subject of a message about the limits. */
export function siteOf({ site }: Pick<RunnerLimits, 'site'>): string {
  return site === undefined ? 'A site without limits of its own' : `The site "${site}"`;
}

/** Whether the list has the name, or a prefix of it that ends in `*`. */
export function isListed(name: string, list: readonly string[]): boolean {
  return list.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry));
}

/** The list as text for a message. */
export function listed(list: readonly string[]): string {
  return list.length === 0 ? 'none' : list.join(', ');
}
