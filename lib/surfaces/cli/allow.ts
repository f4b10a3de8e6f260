/** `cloudtab allow`: what the runners of a folder may reach, for all sites or one: hosts that are not public, and the rest. */
import { checkFolder, chosen, type Environment, type TargetOptions } from '../../client/chosen-target.ts';
import { readLimits, writeLimits } from '../../client/limits-file.ts';
import { ConfigurationError, InvalidError } from '../../core/domain/errors.ts';
import { SITE, SITE_RULE } from '../../core/domain/names.ts';
import { didYouMean } from '../../core/domain/nearest.ts';
import { formatProblem, formatValue, type Problem } from '../../core/domain/problem.ts';
import type { LimitsBySite, SiteLimits } from '../../core/domain/site-limits.ts';
import { type LimitList, readEntry } from '../../runners/limit-problems.ts';
import { ALL_SITES, listed } from '../../runners/limits.ts';
import type { JsonOptions } from './output.ts';

export interface AllowOptions extends Pick<TargetOptions, 'dir' | 'stack'>, JsonOptions {
  /** Default: all sites. */
  readonly site?: string;
  readonly function?: readonly string[];
  readonly user?: readonly string[];
  readonly commands?: true;
  readonly remove?: true;
}

/** What a problem calls an entry of each list, as in the usage of the command. */
const NOUNS: Readonly<Record<LimitList, string>> = {
  allowedHosts: 'host',
  allowedFunctions: '--function',
  allowedUsers: '--user',
};
const LISTS = Object.keys(NOUNS) as LimitList[];

/**
 * Adds the entries to the folder's settings, or removes them, and returns all that is allowed then. A scheduler that runs
 * follows within a second. Throws InvalidError for an entry that can match nothing, and ConfigurationError for a deployment
 * or damaged settings.
 */
export function allow(hosts: readonly string[], options: AllowOptions, env: Environment) {
  const { dir, stack } = chosen(options, env);
  if (stack !== undefined) {
    throw new ConfigurationError(
      `The limits of the deployment ${stack} are the property "limits" of its construct. Change it, and deploy it.`,
    );
  }
  checkFolder(dir);
  const { site = ALL_SITES, commands, remove } = options;
  const { limits, problems: stored } = readLimits(dir);
  if (stored.length > 0) throw new ConfigurationError(stored.map(formatProblem).join('\n'));
  const problems: Problem[] = [];
  if (site !== ALL_SITES && !SITE.test(site)) {
    problems.push({ where: '--site', got: formatValue(site), wanted: SITE_RULE, fix: 'Correct the name.' });
  }
  const before = limits[site] ?? {};
  const given = { allowedHosts: hosts, allowedFunctions: options.function, allowedUsers: options.user };
  const lists = LISTS.flatMap((list) => {
    const entries = [
      ...new Set((given[list] ?? []).map((one) => readEntry(list, NOUNS[list], one, problems))),
    ];
    if (entries.length === 0) return [];
    const present = before[list] ?? [];
    if (remove) problems.push(...unlisted(NOUNS[list], entries, present));
    const others = present.filter((entry) => !entries.includes(entry));
    return [[list, remove ? others : [...others, ...entries]] as const];
  });
  if (problems.length > 0) throw new InvalidError(problems);
  const changes: SiteLimits = { ...Object.fromEntries(lists), ...(commands && { allowCommands: !remove }) };
  const after = { ...limits, [site]: { ...before, ...changes } };
  if (Object.keys(changes).length > 0) writeLimits(dir, after);
  return { folder: dir, limits: after, message: messageOf(dir, after) };
}

function unlisted(where: string, entries: readonly string[], present: readonly string[]): Problem[] {
  return entries
    .filter((entry) => !present.includes(entry))
    .map((entry) => ({
      where,
      got: formatValue(entry),
      wanted: `one of those that are allowed: ${listed(present)}`,
      fix: didYouMean(entry, present, 'Run cloudtab allow to list them.'),
    }));
}

function messageOf(dir: string, limits: LimitsBySite): string {
  const sites = Object.entries(limits).sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    `Runners in the folder ${dir} may reach every public host.`,
    ...sites.flatMap(
      ([site, { allowedHosts = [], allowedFunctions = [], allowedUsers = [], allowCommands }]) => [
        site === ALL_SITES ? 'All sites also:' : `The site "${site}" also:`,
        `  hosts      ${listed(allowedHosts)}`,
        `  functions  ${listed(allowedFunctions)}`,
        `  users      ${listed(allowedUsers)}`,
        `  commands   ${allowCommands ? 'yes' : 'no'}`,
      ],
    ),
  ].join('\n');
}
