import type { Cron, JsonObject } from '../domain/cron.ts';
import type { RunnerCheck } from '../domain/cron-schema.ts';
import type { Logger } from './logger.ts';

/** One run, as its runner sees it. */
export interface RunContext {
  readonly site: string;
  /** As it is stored: its environ still has references instead of secrets. */
  readonly cron: Cron;
  /** The cron's environ with every secret in its place. */
  readonly environ: JsonObject;
  /** The planned time in epoch milliseconds, also if the run is late; for a requested run the time of the request. */
  readonly plannedAt: number;
  /** Whether the run starts later than the grace allows. */
  readonly late: boolean;
  readonly runId: string;
  /** `<site>/<uid>/<planned time>`: the same for each attempt of one occurrence. */
  readonly token: string;
  /** Aborted when the run exceeds its timeout, or when a user stops it. */
  readonly signal: AbortSignal;
  /** Its lines carry site, uid and run id, and no secret. */
  readonly logger: Logger;
  /** Takes the secrets out of a text that is going to be shown. Use it before cutting the text. */
  readonly redact: (text: string) => string;
  /** Takes them out of a text that comes in pieces. */
  readonly redactedStream: () => RedactedStream;
  /** The values that `redact` takes out. */
  readonly secrets: readonly string[];
}

/** A text that comes in pieces, between two of which a secret may be divided. */
export interface RedactedStream {
  /** Takes the next piece, and returns all text that is certain: it keeps what may be the beginning of a secret. */
  write(text: string): string;
  /** The rest, when the text has ended. If only its reader ends, leave the rest out: it may be the half of a secret. */
  end(): string;
}

/** No message. */
type Nothing = ReturnType<() => void>;

/** What a run returns: nothing means OK, each text is a message and makes it WARN. Throwing makes it FAILURE. */
export type RunnerResult = string | readonly string[] | undefined | Nothing;

/** A runner for one run. */
export interface RunnableRunner {
  run(): Promise<RunnerResult> | RunnerResult;
  /** Names the code that ran, where it is not the code of this process; known when `run` has ended. */
  readonly codeVersion?: string | undefined;
}

/** The runners of a deployment, by name. */
export interface Runners extends RunnerCheck {
  /** A runner for one run; nothing if there is none of that name. Throws what the runner's constructor throws. */
  create(name: string, context: RunContext): RunnableRunner | undefined;

  /** Whether `admit` may wait for a place for that runner. */
  mayWait?(name: string, site: string): boolean;

  /**
   * Waits for a place where the runner can run, and returns how to give it back. Throws a CloudtabError if no place becomes
   * free within the grace; the signal's reason if it is aborted. Absent where any number of runs may start.
   */
  admit?(name: string, context: Pick<RunContext, 'site' | 'signal' | 'logger'>): Promise<() => void>;
}
