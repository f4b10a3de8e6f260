/** Validates limits where they are written: an entry that can match nothing would allow nothing, without a word. */
import { isJsonObject } from '../core/domain/json-object.ts';
import { kindOf } from '../core/domain/json-text.ts';
import { SITE, SITE_RULE } from '../core/domain/names.ts';
import { didYouMean } from '../core/domain/nearest.ts';
import { formatValue, type Problem } from '../core/domain/problem.ts';
import type { LimitsBySite, SiteLimits } from '../core/domain/site-limits.ts';
import { normalHost } from './allowed-url.ts';
import { ALL_SITES } from './limits.ts';

export type LimitList = keyof Omit<SiteLimits, 'allowCommands'>;

interface ListRule {
  /** The entry as it is compared; undefined if it can match nothing. */
  readonly normal: (entry: string) => string | undefined;
  readonly wanted: string;
}

const FUNCTION = /^(?:arn:[\w-]+:lambda:[\w-]+:\d{12}:function:)?[\w-]{0,64}\*?$/;
const USER = /^(?:arn:[\w-]+:iam::\d{12}:role\/)?[\w+=,.@/-]{0,512}\*?$/;

const LISTS: Readonly<Record<LimitList, ListRule>> = {
  allowedHosts: {
    normal: normalHost,
    wanted: 'a host without a path, such as api.example.com, *.example.com, localhost:8080 or 10.0.0.0/8',
  },
  allowedFunctions: {
    normal: matching(FUNCTION),
    wanted: 'a function: its name, its ARN, or a prefix such as reports-*',
  },
  allowedUsers: { normal: matching(USER), wanted: 'a role: its name, its ARN, or a prefix such as cron-*' },
};
const NAMES = [...Object.keys(LISTS), 'allowCommands'];

export interface ReadLimits {
  /** With each entry as it is compared: international names in ASCII. */
  readonly limits: LimitsBySite;
  readonly problems: readonly Problem[];
}

/** Reads limits that a user wrote. `isUnknown`: an entry whose text is known only later is taken as it is. */
export function readLimits(input: unknown, isUnknown: (entry: string) => boolean = () => false): ReadLimits {
  if (!isJsonObject(input))
    return { limits: {}, problems: [problemOf('limits', input, 'an object by site')] };
  const problems: Problem[] = [];
  const limits = Object.entries(input).map(([site, given]) => {
    const where = `limits.${site}`;
    if (site !== ALL_SITES && !SITE.test(site)) {
      const wanted = `a site (${SITE_RULE}), or "${ALL_SITES}" for all sites`;
      problems.push({ where, got: formatValue(site), wanted, fix: 'Correct the name of the site.' });
    }
    if (isJsonObject(given)) return [site, siteLimits(where, given, isUnknown, problems)] as const;
    problems.push(problemOf(where, given, 'an object'));
    return [site, {}] as const;
  });
  return { limits: Object.fromEntries(limits), problems };
}

/** The entry of that list as it is compared. Adds a problem at that place if it can match nothing. */
export function readEntry(list: LimitList, where: string, entry: unknown, problems: Problem[]): string {
  const { normal, wanted } = LISTS[list];
  const text = typeof entry === 'string' && entry !== '' ? normal(entry) : undefined;
  if (text === undefined) problems.push({ ...problemOf(where, entry, wanted), got: formatValue(entry) });
  return text ?? '';
}

function siteLimits(
  where: string,
  given: object,
  isUnknown: (entry: string) => boolean,
  problems: Problem[],
): SiteLimits {
  const entries = Object.entries(given).map(([name, value]: [string, unknown]) => {
    const place = `${where}.${name}`;
    if (!NAMES.includes(name)) {
      const wanted = `one of ${NAMES.join(', ')}`;
      problems.push({
        where: place,
        got: formatValue(name),
        wanted,
        fix: didYouMean(name, NAMES, 'Remove it.'),
      });
    } else if (name === 'allowCommands') {
      if (typeof value !== 'boolean') problems.push(problemOf(place, value, 'true or false'));
    } else if (Array.isArray(value)) {
      const read = (entry: unknown) =>
        typeof entry === 'string' && isUnknown(entry)
          ? entry
          : readEntry(name as LimitList, place, entry, problems);
      return [name, [...new Set(value.map(read))]];
    } else problems.push(problemOf(place, value, 'a list of texts'));
    return [name, value];
  });
  return Object.fromEntries(entries);
}

function problemOf(where: string, value: unknown, wanted: string): Problem {
  return { where, got: kindOf(value), wanted, fix: `Write ${wanted}.` };
}

function matching(pattern: RegExp): ListRule['normal'] {
  return (entry) => (pattern.test(entry) ? entry : undefined);
}
