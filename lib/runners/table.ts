/** The table of runners: the built-in ones, and those of the user. */
import type { JsonObject } from '../core/domain/cron.ts';
import { ConfigurationError } from '../core/domain/errors.ts';
import { didYouMean } from '../core/domain/nearest.ts';
import { formatValue, type Problem } from '../core/domain/problem.ts';
import type { RunnerDescription } from '../core/domain/runner-description.ts';
import type { RunnerCatalogue } from '../core/ports/runner-catalogue.ts';
import type { Runners } from '../core/ports/runners.ts';
import { CommandRunner } from './command.ts';
import { environProblems } from './environ.ts';
import { HeartbeatRunner } from './heartbeat.ts';
import { HttpRunner } from './http.ts';
import { functionOf, LAMBDA_PREFIX, LambdaRunner } from './lambda.ts';
import type { RunnerLimits } from './limits.ts';
import { ofSite } from './of-site.ts';
import type { RunnerClass, RunnerTools } from './runner.ts';

const SHIPPED: Readonly<Record<string, RunnerClass>> = {
  command: CommandRunner,
  heartbeat: HeartbeatRunner,
  http: HttpRunner,
};
const FAMILY = `${LAMBDA_PREFIX}<function>`;

export class RunnerTable implements RunnerCatalogue {
  readonly #runners: ReadonlyMap<string, RunnerClass>;
  readonly #limits: RunnerLimits | undefined;

  /**
   * `runners` are the user's, by name; `<site>/<name>` belongs to one site alone. With `limits`, edits of crons that exceed
   * them are already rejected. Throws ConfigurationError if a name belongs to a built-in runner.
   */
  constructor(runners: Readonly<Record<string, RunnerClass>>, limits?: RunnerLimits) {
    const taken = Object.keys(runners).filter((key) => isBuiltIn(partsOf(key).name));
    if (taken.length > 0) {
      throw new ConfigurationError(
        `Own runners: got ${taken.map((key) => `"${key}"`).join(', ')}, wanted names that no built-in runner has. Rename them.`,
      );
    }
    this.#runners = new Map(Object.entries({ ...SHIPPED, ...runners }));
    this.#limits = limits;
  }

  /** The names that a cron of the site can have, sorted; the family of functions is `lambda:<function>`. */
  names(site?: string): string[] {
    return this.describe(site).map(({ name }) => name);
  }

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

  /** All that is wrong with a cron's runner name and environ. */
  problems(name: string, environ: JsonObject, site?: string): Problem[] {
    const runner = this.#find(name, site);
    if (!runner) return [unknownRunner(name, this.describe(site))];
    const problems = runner.environ ? environProblems(runner.environ, environ) : [];
    // A runner's own check relies on the types of its settings.
    if (problems.length > 0) return problems;
    return runner.check?.({ name, environ, limits: this.#limits }) ?? [];
  }

  /** The same runners, with the services that their runs may use. */
  withTools(tools: RunnerTools): Runners {
    return {
      problems: (name, environ, site) => this.problems(name, environ, site),
      create: (name, context) => {
        const Found = this.#find(name, context.site);
        return Found && new Found({ ...context, tools });
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
