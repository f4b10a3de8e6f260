/** The table of runners by name: the built-in ones, and those of lambdas/runners. */
import type { JsonObject } from '../core/domain/cron.ts';
import type { RunnerCheck } from '../core/domain/cron-schema.ts';
import { ConfigurationError } from '../core/domain/errors.ts';
import { didYouMean } from '../core/domain/nearest.ts';
import { formatValue, type Problem } from '../core/domain/problem.ts';
import type { RunnerCatalogue, RunnerDescription } from '../core/ports/runner-catalogue.ts';
import type { Runners } from '../core/ports/runners.ts';
import { CommandRunner } from './command.ts';
import { environProblems } from './environ.ts';
import { HeartbeatRunner } from './heartbeat.ts';
import { HttpRunner } from './http.ts';
import { functionOf, LAMBDA_PREFIX, LambdaRunner } from './lambda.ts';
import type { RunnerLimits } from './limits.ts';
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
   * `runners` are the user's, by name. With `limits`, edits of crons that exceed them are already rejected. Throws
   * ConfigurationError if a name belongs to a built-in runner.
   */
  constructor(runners: Readonly<Record<string, RunnerClass>>, limits?: RunnerLimits) {
    const taken = Object.keys(runners).filter(
      (name) => Object.hasOwn(SHIPPED, name) || name.startsWith(LAMBDA_PREFIX),
    );
    if (taken.length > 0) {
      throw new ConfigurationError(
        `lambdas/runners registers ${taken.map((name) => `"${name}"`).join(', ')}, which a runner that ships is ` +
          'called. Choose another name.',
      );
    }
    this.#runners = new Map(Object.entries({ ...SHIPPED, ...runners }));
    this.#limits = limits;
  }

  /** The names that a cron can have, sorted; the family of functions is `lambda:<function>`. */
  names(): string[] {
    return [...this.#runners.keys(), FAMILY].sort();
  }

  /** All runners, sorted by name. */
  describe(): RunnerDescription[] {
    return this.names().map((name) => {
      const { summary = '', environ }: RunnerClass = this.#runners.get(name) ?? LambdaRunner;
      return environ ? { name, summary, environ } : { name, summary };
    });
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** All that is wrong with a cron's runner name and environ. */
  problems(name: string, environ: JsonObject): Problem[] {
    const runner = this.#find(name);
    if (!runner) return [this.#unknown(name)];
    const problems = runner.environ ? environProblems(runner.environ, environ) : [];
    // A runner's own check relies on the types of its settings.
    if (problems.length > 0) return problems;
    return runner.check?.({ name, environ, limits: this.#limits }) ?? [];
  }

  /** A check that accepts runners that are not in this table, because the process that runs the cron may have them. */
  get knownRunnersOnly(): RunnerCheck {
    return { problems: (name, environ) => (this.has(name) ? this.problems(name, environ) : []) };
  }

  /** The same runners, with the services that their runs may use. */
  withTools(tools: RunnerTools): Runners {
    return {
      problems: (name, environ) => this.problems(name, environ),
      create: (name, context) => {
        const Found = this.#find(name);
        return Found && new Found({ ...context, tools });
      },
    };
  }

  #find(name: string): RunnerClass | undefined {
    return this.#runners.get(name) ?? (functionOf(name) === undefined ? undefined : LambdaRunner);
  }

  #unknown(name: string): Problem {
    const names = this.names();
    return {
      where: 'name',
      got: formatValue(name),
      wanted: `the name of a runner: ${names.join(', ')}`,
      fix: didYouMean(name, names, 'Register it in lambdas/runners, or choose another.'),
    };
  }
}
