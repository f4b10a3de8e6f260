/** Runs the named runner within its time, and turns whatever it does into a result. It never throws. */
import type { Cron } from '../domain/cron.ts';
import { CloudtabError } from '../domain/errors.ts';
import { GRACE_MS, type Lease } from '../domain/job.ts';
import { iso } from '../domain/log.ts';
import { formatProblem } from '../domain/problem.ts';
import type { RunResult } from '../domain/release.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { RunContext, RunnerResult, Runners } from '../ports/runners.ts';
import type { Secrets } from '../ports/secrets.ts';
import { redactingLogger, redactor } from './redact.ts';
import { resolveSecrets } from './secrets.ts';
import { TimeLimit } from './time-limit.ts';

export interface ExecutePorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: Secrets;
  readonly runners: Runners;
}

/** Time kept for writing the log before the process is stopped from outside, in milliseconds. */
export const CLOSING_TIME = 10_000;

/** Runs until the runner returns, throws, or its time is up: the cron's `timeout`, or `deadline` less closing time. */
export async function execute(
  ports: ExecutePorts,
  cron: Cron,
  site: string,
  lease: Lease,
  deadline: number,
): Promise<RunResult> {
  // The cron may have been accepted by a deployment that had other runners.
  const problems = ports.runners.problems(cron.name, cron.environ);
  if (problems.length > 0) return refused(ports.logger, problems.map(formatProblem));
  // Not since the claim: publishing the start may have taken long.
  const began = ports.clock.now();
  const until = Math.min(began + cron.timeout * 1000, deadline - CLOSING_TIME);
  const seconds = Math.max(0, Math.round((until - began) / 1000));
  const limit = new TimeLimit(ports.clock, until, `The run was aborted after ${seconds} s: its time was up.`);
  let redact = (text: string) => text;
  try {
    const secrets = await limit.race(resolveSecrets(cron.environ, site, ports.secrets));
    redact = redactor(secrets.values);
    const { environ } = secrets;
    const context = contextOf(ports.logger, cron, site, lease, { environ, redact, signal: limit.signal });
    const messages = messagesOf(await limit.race(start(ports.runners, cron.name, context)));
    return { status: messages.length === 0 ? 'OK' : 'WARN', messages: messages.map(redact) };
  } catch (error) {
    return failure(ports.logger, error, redact);
  } finally {
    limit.cancel();
  }
}

function contextOf(
  logger: Logger,
  cron: Cron,
  site: string,
  { plannedAt, runId, startedAt, forced }: Lease,
  rest: Pick<RunContext, 'environ' | 'redact' | 'signal'>,
): RunContext {
  return {
    ...rest,
    site,
    cron,
    plannedAt,
    late: forced === undefined && startedAt - plannedAt > GRACE_MS,
    runId,
    token: `${site}/${cron.uid}/${iso(plannedAt)}`,
    logger: redactingLogger(logger, rest.redact),
  };
}

/** Asynchronous throughout, so that a runner that throws at once is caught like any other. */
async function start(runners: Runners, name: string, context: RunContext): Promise<RunnerResult> {
  return runners.create(name, context)?.run();
}

/** A runner in JavaScript may return anything: other values are converted to text. */
function messagesOf(result: RunnerResult): string[] {
  if (result === undefined || result === null) return [];
  return (Array.isArray(result) ? result.map(String) : [String(result)]).filter((text) => text !== '');
}

function refused(logger: Logger, messages: string[]): RunResult {
  logger.error(`The run was refused: ${messages.join(' ')}`, { code: 'run-refused' });
  return { status: 'NOTRUN', reason: 'refused', messages };
}

function failure(logger: Logger, error: unknown, redact: (text: string) => string): RunResult {
  const text = redact(words(error));
  const isDefect = error instanceof Error && !(error instanceof CloudtabError);
  logger.error(`The run failed: ${text}`, {
    code: 'run-failed',
    ...(isDefect ? { stack: redact(String(error.stack)) } : {}),
  });
  return { status: 'FAILURE', messages: [text] };
}

/** The error's message with those of its causes: "fetch failed: connect ECONNREFUSED …". */
function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || error.name;
  return error.cause === undefined ? own : `${own}: ${words(error.cause)}`;
}
