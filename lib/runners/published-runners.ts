/**
 * The runners of a target as its catalogue describes them. Built-in ones are validated by their code, which every process
 * has; the others by the schema of their settings. What only their own code checks, their run checks.
 */
import type { RunnerCheck, RunnerChoice } from '../core/domain/cron-schema.ts';
import { CloudtabError } from '../core/domain/errors.ts';
import type { Problem } from '../core/domain/problem.ts';
import type {
  Catalogue,
  EnvironFields,
  PublishedRunner,
  RunnerDescription,
} from '../core/domain/runner-description.ts';
import type { RunnerCatalogue } from '../core/ports/runner-catalogue.ts';
import { environProblems } from './environ.ts';
import type { TargetLimits } from './limits.ts';
import { runnerKey } from './runner-files.ts';
import { schemaSettings, settingsSchema } from './settings-schema.ts';
import { isBuiltIn, ofSite, RunnerTable, unknownRunner } from './table.ts';

export interface DescribedRunner extends RunnerDescription {
  readonly file?: string;
}

export class PublishedRunners implements RunnerCatalogue {
  readonly #table: RunnerTable;
  readonly #own: ReadonlyMap<string, DescribedRunner>;
  readonly #acceptUnknown: string | undefined;

  /**
   * `table` has the runners whose code this process has; `own` are the others. `acceptUnknown`: accepts every name, because
   * runners may exist that are not described, for this reason, as a sentence. Default: rejects.
   */
  constructor(table: RunnerTable, own: readonly DescribedRunner[], acceptUnknown?: string) {
    this.#table = table;
    this.#own = new Map(
      own.flatMap((one) => (table.has(one.name, one.site) ? [] : [[runnerKey(one), one] as const])),
    );
    this.#acceptUnknown = acceptUnknown;
  }

  /** The described runner of that name that the site has. */
  find(name: string, site: string | undefined): DescribedRunner | undefined {
    // A name with a slash would reach the runner of another site.
    if (name.includes('/')) return undefined;
    return this.#own.get(`${site}/${name}`) ?? this.#own.get(name);
  }

  describe(site?: string): RunnerDescription[] {
    const own = [...this.#own.values()].map(({ file: _, ...description }) => description);
    return ofSite([...this.#table.describe(), ...own], site);
  }

  problems(choice: RunnerChoice, site?: string): Problem[] {
    const { name, environ } = choice;
    if (this.#table.has(name, site)) return this.#table.problems(choice, site);
    const user = this.#table.userProblems(choice, site);
    const own = this.find(name, site);
    if (own) return [...(own.environ ? environProblems(own.environ, environ) : []), ...user];
    return this.#acceptUnknown === undefined ? [unknownRunner(name, this.describe(site)), ...user] : user;
  }

  /** A check that accepts runners that are not known here, because the process that runs the cron may have them. */
  get knownOnly(): RunnerCheck {
    const isKnown = (name: string, site?: string) => this.find(name, site) || this.#table.has(name, site);
    return {
      problems: (choice, site) => (isKnown(choice.name, site) ? this.problems(choice, site) : []),
    };
  }

  unchecked(name: string, site?: string): string | undefined {
    return this.find(name, site) || this.#table.has(name, site) ? undefined : this.#acceptUnknown;
  }
}

/** What is published about these runners, built-in ones included. Throws ConfigurationError for settings that are not described as such. */
export function catalogueOf(
  described: readonly DescribedRunner[],
  { bySite }: TargetLimits,
): Pick<Catalogue, 'runners' | 'limits'> {
  const runners = described.map(({ environ, ...one }): PublishedRunner => {
    return { ...one, ...(environ && { settings: settingsSchema(environ) }) };
  });
  return { runners, limits: bySite };
}

/** The runners of the catalogue that are not built in. */
export function describedRunners({ runners }: Pick<Catalogue, 'runners'>): DescribedRunner[] {
  return runners.flatMap(({ settings, ...one }) => {
    const environ: EnvironFields | undefined = settings && schemaSettings(settings);
    return isBuiltIn(one.name) ? [] : [{ ...one, ...(environ && { environ }) }];
  });
}

/**
 * The runners of a target by the catalogue that it published. A catalogue that cannot be read stops nothing: then every name is
 * accepted, with a note. `folder` is that of the crontab, so that messages name its command; absent for a deployment.
 */
export async function publishedRunners(
  read: () => Promise<Catalogue | undefined>,
  folder?: string,
): Promise<PublishedRunners> {
  try {
    const catalogue = await read();
    if (!catalogue) return unchecked('this deployment has not published its runners. Deploy it again.');
    return new PublishedRunners(
      new RunnerTable({}, { bySite: catalogue.limits, ...(folder !== undefined && { folder }) }),
      describedRunners(catalogue),
    );
  } catch (error) {
    if (!(error instanceof CloudtabError)) throw error;
    return unchecked(error.message);
  }
}

function unchecked(reason: string): PublishedRunners {
  const table = new RunnerTable({}, { bySite: {} });
  return new PublishedRunners(table, [], `Its runner was not checked: ${reason}`);
}
