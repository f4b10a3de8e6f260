/** The base class of all runners. The table of runners by name is in table.ts; their execution is in core/engine/execute.ts. */
import type { LookupAddress } from 'node:dns';
import type { Cron, JsonObject } from '../core/domain/cron.ts';
import { ConfigurationError } from '../core/domain/errors.ts';
import type { Problem } from '../core/domain/problem.ts';
import type { EnvironFields } from '../core/domain/runner-description.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Functions } from '../core/ports/functions.ts';
import type { Credentials, Identity } from '../core/ports/identity.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { Programs } from '../core/ports/programs.ts';
import type { RedactedStream, RunContext, RunnerResult } from '../core/ports/runners.ts';
import { type RunnerLimits, userRefusal } from './limits.ts';

/** The type of a runner's settings, exported here so that a runner needs one import. */
export type { EnvironFields };

/** Returns the addresses of a host name, best first. Rejects if it has none. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** The services that a runner may use. */
export interface RunnerTools {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** The addresses of a host name. */
  readonly resolve: Resolve;
  readonly functions: Functions;
  readonly identity: Identity;
  readonly programs: Programs;
  readonly limits: RunnerLimits;
}

/** One run, with the services of its runner. */
export interface RunnerContext extends RunContext {
  readonly tools: RunnerTools;
}

/**
 * A task. Subclasses implement `run`, may return messages, and may throw.
 *
 * ```ts
 * export class MyCronJob extends Runner {
 *   async run() { this.log.info('foo'); }
 * }
 * ```
 */
export abstract class Runner {
  readonly #context: RunnerContext;

  constructor(context: RunnerContext) {
    this.#context = context;
  }

  /** Does the task. When the signal is aborted, the run has ended as a FAILURE whatever this still does. */
  abstract run(): Promise<RunnerResult> | RunnerResult;

  protected get site(): string {
    return this.#context.site;
  }

  protected get cron(): Cron {
    return this.#context.cron;
  }

  /** The cron's settings for this runner, secrets resolved. */
  protected get environ(): JsonObject {
    return this.#context.environ;
  }

  /** The planned time in epoch milliseconds. */
  protected get plannedAt(): number {
    return this.#context.plannedAt;
  }

  protected get late(): boolean {
    return this.#context.late;
  }

  protected get runId(): string {
    return this.#context.runId;
  }

  /** Names this occurrence, for others who must not do the same thing twice. */
  protected get token(): string {
    return this.#context.token;
  }

  protected get signal(): AbortSignal {
    return this.#context.signal;
  }

  protected get log(): Logger {
    return this.#context.logger;
  }

  protected get tools(): RunnerTools {
    return this.#context.tools;
  }

  /** The text without secrets. Messages and log lines need it only before they are cut. */
  protected redact(text: string): string {
    return this.#context.redact(text);
  }

  /** Takes the secrets out of a text that comes in pieces, such as the output of a program. */
  protected redactedStream(): RedactedStream {
    return this.#context.redactedStream();
  }

  /**
   * Credentials of the cron's user, for an SDK client: `new S3Client({ credentials: await this.credentials() })`.
   * Throws ConfigurationError when the cron names no user, or one that is not allowed.
   */
  protected async credentials(): Promise<Credentials> {
    const { site, cron, tools } = this.#context;
    const { user, uid } = cron;
    if (user === undefined) {
      throw new ConfigurationError(
        `The cron ${site}/${uid} has no user to act as. Give it "user": the name or the ARN of a role.`,
      );
    }
    const refusal = userRefusal(user, tools.limits);
    if (refusal) throw new ConfigurationError(`The cron ${site}/${uid} may not act as "${user}". ${refusal}`);
    return tools.identity.assume(user, { site, uid });
  }
}

/** A registered runner: its class and its description. */
export interface RunnerClass {
  new (context: RunnerContext): Runner;
  /** Its purpose, in one sentence. */
  readonly summary?: string;
  /** The settings that it accepts; others are rejected. If absent, it accepts any. */
  readonly environ?: EnvironFields;
  /** Further problems of a cron whose settings are valid by themselves. */
  check?(written: Written): Problem[];
}

/** The definition of a user, for a runner's own check. */
export interface Written {
  /** The runner's name. */
  readonly name: string;
  /** With references in place of secrets. */
  readonly environ: JsonObject;
  /** Absent where the limits are not known: the run checks them again. */
  readonly limits: RunnerLimits | undefined;
}
