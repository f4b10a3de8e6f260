/** The table of runners: the built-in ones, and those of the user. */
import type { RunnerChoice } from '../core/domain/cron-schema.ts';
import { ConfigurationError } from '../core/domain/errors.ts';
import { didYouMean } from '../core/domain/nearest.ts';
import { formatValue, type Problem } from '../core/domain/problem.ts';
import { type RunnerDescription, runnerOrder } from '../core/domain/runner-description.ts';
import type { RunnerCatalogue } from '../core/ports/runner-catalogue.ts';
import type { Runners } from '../core/ports/runners.ts';
import { CommandRunner } from './command.ts';
import { environProblems } from './environ.ts';
import { HeartbeatRunner } from './heartbeat.ts';
import { HttpRunner } from './http.ts';
import { functionOf, LAMBDA_PREFIX, LambdaRunner } from './lambda.ts';
import { limitsOf, type RunnerLimits, refusalProblems, type TargetLimits, userRefusal } from './limits.ts';
import type { RunnerClass, RunnerTools } from './runner.ts';

const SHIPPED: Readonly<Record<string, RunnerClass>> = {
  command: CommandRunner,
  heartbeat: HeartbeatRunner,
  http: HttpRunner,
};
const FAMILY = `${LAMBDA_PREFIX}<function>`;

export class RunnerTable implements RunnerCatalogue {
  readonly #runners: ReadonlyMap<string, RunnerClass>;
  readonly #limits: TargetLimits | undefined;

  /**
   * `runners` are the user's, by name; `<site>/<name>` belongs to one site alone. With `limits`, edits of crons that exceed
   * them are already rejected. Throws ConfigurationError if a name belongs to a built-in runner.
   */
  constructor(runners: Readonly<Record<string, RunnerClass>>, limits?: TargetLimits) {
    const taken = Object.keys(runners).filter((key) => isBuiltIn(partsOf(key).name));
    if (taken.length > 0) {
      throw new ConfigurationError(
        `Own runners: got ${taken.map((key) => `"${key}"`).join(', ')}, wanted names that no built-in runner has. Rename them.`,
      );
    }
    this.#runners = new Map(Object.entries({ ...SHIPPED, ...runners }));
    this.#limits = limits;
  }

  /** The family of functions is `lambda:<function>`. */
  describe(site?: string): RunnerDescription[] {
    const all = new Map<string, RunnerClass>([...this.#runners, [FAMILY, LambdaRunner]]);
    const described = [...all].map(([key, { summary = '', environ }]) => {
      return { ...partsOf(key), summary, ...(environ && { environ }) };
    });
    return ofSite(described, site);
  }

  has(name: string, site?: string): boolean {
    return this.#find(name, site) !== undefined;
  }

  /** All that is wrong with a cron's runner name, environ and user. */
  problems(choice: RunnerChoice, site?: string): Problem[] {
    return [...this.#runnerProblems(choice, site), ...this.userProblems(choice, site)];
  }

  /** The problem of a user that the site may not act as. */
  userProblems({ user }: Pick<RunnerChoice, 'user'>, site?: string): Problem[] {
    if (user === undefined || !this.#limits) return [];
    const refusal = userRefusal(user, limitsOf(this.#limits, site));
    return refusalProblems('user', user, 'a user that is allowed', refusal);
  }

  #runnerProblems({ name, environ }: RunnerChoice, site: string | undefined): Problem[] {
    const runner = this.#find(name, site);
    if (!runner) return [unknownRunner(name, this.describe(site))];
    const problems = runner.environ ? environProblems(runner.environ, environ) : [];
    // A runner's own check relies on the types of its settings.
    if (problems.length > 0) return problems;
    const limits = runner.check && this.#limits && limitsOf(this.#limits, site);
    return runner.check?.({ name, environ, limits }) ?? [];
  }

  /** The same runners, with the services that their runs may use, and the limits of the site of each run. */
  withTools(tools: Omit<RunnerTools, 'limits'>): Runners {
    return {
      problems: (choice, site) => this.problems(choice, site),
      create: (name, context) => {
        const Found = this.#find(name, context.site);
        const limits = () => limitsOf(this.#limits ?? { bySite: {} }, context.site);
        return Found && new Found({ ...context, tools: withLimits(tools, limits) });
      },
    };
  }

  #find(name: string, site: string | undefined): RunnerClass | undefined {
    // A name with a slash would reach the runner of another site.
    if (name.includes('/')) return undefined;
    const found = this.#runners.get(`${site}/${name}`) ?? this.#runners.get(name);
    return found ?? (functionOf(name) === undefined ? undefined : LambdaRunner);
  }
}

/** Few runners ask for their limits, and those of a folder are in a file. */
function withLimits(tools: Omit<RunnerTools, 'limits'>, limits: () => RunnerLimits): RunnerTools {
  return {
    ...tools,
    get limits() {
      return limits();
    },
  };
}

/**
 * The runners of that site, or without it all; sorted by name. One of the site takes the place of one of the same name for all.
 */
export function ofSite<One extends Pick<RunnerDescription, 'name' | 'site'>>(
  runners: readonly One[],
  site: string | undefined,
): One[] {
  const own = new Set(runners.filter((one) => one.site === site).map(({ name }) => name));
  return runners
    .filter(
      (one) => site === undefined || one.site === site || (one.site === undefined && !own.has(one.name)),
    )
    .sort((a, b) => (runnerOrder(a) < runnerOrder(b) ? -1 : 1));
}

/** The problem of a cron that names none of these runners. */
export function unknownRunner(name: string, known: readonly Pick<RunnerDescription, 'name'>[]): Problem {
  const names = known.map((one) => one.name);
  return {
    where: 'name',
    got: formatValue(name),
    wanted: `the name of a runner: ${names.join(', ')}`,
    fix: didYouMean(name, names, 'Add a file of that name to your runners, or choose another.'),
  };
}

/** Whether a built-in runner has the name. */
export function isBuiltIn(name: string): boolean {
  return Object.hasOwn(SHIPPED, name) || name.startsWith(LAMBDA_PREFIX);
}

/** The name in a key of the table, and the site if it belongs to one. */
function partsOf(key: string): { readonly name: string; readonly site?: string } {
  const slash = key.indexOf('/');
  return slash === -1 ? { name: key } : { site: key.slice(0, slash), name: key.slice(slash + 1) };
}
