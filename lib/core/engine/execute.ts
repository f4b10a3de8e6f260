/** Runs the named runner within its time, and turns whatever it does into a result. It never throws. */
import type { Cron } from '../domain/cron.ts';
import { describeError } from '../domain/describe-error.ts';
import { TimeoutError } from '../domain/errors.ts';
import { iso } from '../domain/iso.ts';
import type { Lease } from '../domain/job.ts';
import type { RunResult } from '../domain/lease.ts';
import { GRACE_MS, isForced } from '../domain/occurrence.ts';
import { formatProblem } from '../domain/problem.ts';
import { MIN_SECRET_CHARACTERS } from '../domain/secret.ts';
import { type Clock, pause } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { RunContext, RunnableRunner, RunnerResult, Runners } from '../ports/runners.ts';
import type { Secrets } from '../ports/secrets.ts';
import { redactingLogger } from './redacting-logger.ts';
import { Redactor } from './redactor.ts';
import { type Resolved, resolveSecrets } from './secrets.ts';

export interface ExecutePorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: Secrets;
  readonly runners: Runners;
}

export interface Execution {
  readonly result: RunResult;
  /** Present if the runner ignored its abort signal: resolves when it has really ended. */
  readonly settled?: Promise<unknown>;
}

/** Time kept for committing the record before the process is ended from outside, in milliseconds. */
export const CLOSING_TIME_MS = 10_000;

/** How long a runner may take to react to its abort signal, in milliseconds. */
const ABORT_GRACE_MS = 2_000;

/**
 * Runs until the runner returns or throws, until its time is up (the cron's `timeout`, or `deadline` less closing time), or
 * until `stop` is aborted with a StoppedError.
 */
export async function execute(
  ports: ExecutePorts,
  cron: Cron,
  site: string,
  lease: Lease,
  deadline: number,
  stop: AbortSignal,
): Promise<Execution> {
  const { clock, logger, runners } = ports;
  // The cron may have been accepted by a deployment that had other runners or other limits.
  const problems = runners.problems(cron, site);
  if (problems.length > 0) return { result: refused(logger, problems.map(formatProblem)) };
  let giveBack: (() => void) | undefined;
  try {
    giveBack = runners.admit && (await runners.admit(cron.name, { site, signal: stop, logger }));
  } catch (error) {
    return { result: failure(logger, error, (text) => text) };
  }
  // Not since the claim: publishing the start, or the wait for a place, may have taken long.
  const startedAt = clock.now();
  const timeout = new AbortController();
  const until = Math.min(startedAt + cron.timeout * 1000, deadline - CLOSING_TIME_MS);
  const cancelTimeout = clock.after(until - startedAt, () => timeout.abort(timeoutError(startedAt, until)));
  const signal = AbortSignal.any([timeout.signal, stop]);
  const work = new Work(ports, { cron, site, lease, signal });
  try {
    const messages = await Promise.race([work.start(), aborted(signal)]);
    const status = messages.length === 0 ? 'OK' : 'WARN';
    return { result: { status, messages: messages.map(work.redact), startedAt, ...work.code } };
  } catch (error) {
    const failed = { ...failure(logger, error, work.redact), startedAt };
    const hasSettled =
      !signal.aborted ||
      (await Promise.race([work.settled.then(() => true), pause(clock, ABORT_GRACE_MS)])) === true;
    const result = { ...failed, ...work.code };
    return hasSettled ? { result } : { result, settled: work.settled };
  } finally {
    cancelTimeout();
    if (giveBack) void work.settled.then(giveBack);
  }
}

interface RunInput {
  readonly cron: Cron;
  readonly site: string;
  readonly lease: Lease;
  readonly signal: AbortSignal;
}

/** The runner at work, with the secrets that it gets. */
class Work {
  readonly #ports: ExecutePorts;
  readonly #input: RunInput;
  #settled: Promise<unknown> = Promise.resolve();
  #runner: RunnableRunner | undefined;
  #redactor = new Redactor([]);

  constructor(ports: ExecutePorts, input: RunInput) {
    this.#ports = ports;
    this.#input = input;
  }

  /** Takes the secrets out of a text, as soon as they are known. */
  readonly redact = (text: string): string => this.#redactor.redact(text);

  /** Resolves when nothing is at work any more, however it ended. */
  get settled(): Promise<unknown> {
    return this.#settled;
  }

  /** What names the code that ran, if the runner knows it. */
  get code(): Pick<RunResult, 'codeVersion'> {
    const codeVersion = this.#runner?.codeVersion;
    return codeVersion === undefined ? {} : { codeVersion };
  }

  start(): Promise<string[]> {
    const work = this.#run();
    this.#settled = work.catch(() => undefined);
    return work;
  }

  async #run(): Promise<string[]> {
    const { cron, site, signal } = this.#input;
    const secrets = await resolveSecrets(cron.environ, site, this.#ports.secrets);
    this.#redactor = new Redactor(secrets.values);
    for (const name of secrets.short) {
      const text = `The secret "${name}" has fewer than ${MIN_SECRET_CHARACTERS} characters: output can reveal it by trial`;
      this.#ports.logger.warn(text, { code: 'secret-short' });
    }
    signal.throwIfAborted();
    this.#runner = this.#ports.runners.create(cron.name, this.#context(secrets));
    return messagesOf(await this.#runner?.run());
  }

  #context({ environ, values }: Resolved): RunContext {
    const { cron, site, lease, signal } = this.#input;
    const { plannedAt, runId, claimedAt } = lease;
    return {
      site,
      cron,
      environ,
      plannedAt,
      late: !isForced(lease) && claimedAt - plannedAt > GRACE_MS,
      runId,
      token: `${site}/${cron.uid}/${iso(plannedAt)}`,
      signal,
      logger: redactingLogger(this.#ports.logger, this.redact),
      redact: this.redact,
      redactedStream: () => this.#redactor.stream(),
      secrets: values,
    };
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function timeoutError(startedAt: number, until: number): TimeoutError {
  const seconds = Math.max(0, Math.round((until - startedAt) / 1000));
  return new TimeoutError(`The run was aborted after ${seconds} s: its time was up.`);
}

/** A runner in JavaScript may return anything: a value that is no text is shown as text. */
function messagesOf(result: RunnerResult): string[] {
  if (result === undefined || result === null) return [];
  return (Array.isArray(result) ? result.map(String) : [String(result)]).filter((text) => text !== '');
}

function refused(logger: Logger, messages: string[]): RunResult {
  logger.error(`The run was refused: ${messages.join(' ')}`, { code: 'run-refused' });
  return { status: 'NOTRUN', reason: 'refused', messages };
}

function failure(logger: Logger, error: unknown, redact: (text: string) => string): RunResult {
  const { message, stack, reason } = describeError(error);
  const text = redact(message);
  const fields = { code: 'run-failed', ...(stack !== undefined && { stack: redact(stack) }) };
  logger.error(`The run failed: ${text}`, fields);
  return { status: 'FAILURE', ...(reason && { reason }), messages: [text] };
}
