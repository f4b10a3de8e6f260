/** Examines and repairs a target as its operator, with the operator's own permissions: it works when the scheduler or the admin function does not. */
import { examine, repair } from '../app/doctor/examine.ts';
import { siteNames } from '../app/operations/read.ts';
import type { Finding } from '../core/domain/finding.ts';
import { siteNotFound } from '../core/domain/not-found.ts';
import { loggerTo } from '../core/ports/logger.ts';
import type { Target } from '../core/ports/target.ts';

export interface Doctor extends AsyncDisposable, Pick<Target, 'name' | 'title'> {
  /** The findings; with a site, without those of other sites. Throws NotFoundError when the site does not exist. */
  examine(site?: string): Promise<Finding[]>;
  /** Repairs what can be repaired. */
  repair(): Promise<Repaired>;
}

export interface Repaired {
  /** A line about each repair. */
  readonly done: readonly string[];
  /** A line about each message that could not be handled, and was removed. */
  readonly deadLetters: readonly string[];
}

/** `versions`: the findings about the version of the target, if it alone can say it. */
export function doctorOf(target: Target, versions?: () => Promise<readonly Finding[]>): Doctor {
  const { name, title, ports } = target;
  return {
    name,
    title,
    async examine(site) {
      if (site !== undefined) {
        const sites = await siteNames(ports);
        if (!sites.includes(site)) throw siteNotFound(site, sites, name);
      }
      const findings = await examine({ ...target, ...(versions && { versions }) });
      return findings.filter(({ key }) => site === undefined || !key || key.site === site);
    },
    async repair() {
      const done: string[] = [];
      // A message with a code reports a repair.
      const logger = loggerTo((level, message, fields) => {
        if (level !== 'debug' && 'code' in fields) done.push(message);
      });
      const deadLetters = await repair(target, logger);
      return { done, deadLetters };
    },
    [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
  };
}
