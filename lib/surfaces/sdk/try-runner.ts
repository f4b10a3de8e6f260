/** Trying a runner as a cron would run it, for its tests: with its settings checked, secrets resolved and taken out. */

import { systemClock } from '../../adapters/system-clock.ts';
import type { JsonObject } from '../../core/domain/cron.ts';
import { loadCron } from '../../core/domain/cron-schema.ts';
import type { Status } from '../../core/domain/log.ts';
import { execute } from '../../core/engine/execute.ts';
import type { Functions } from '../../core/ports/functions.ts';
import type { Identity } from '../../core/ports/identity.ts';
import type { LogFields, Logger } from '../../core/ports/logger.ts';
import type { RunnerLimits } from '../../runners/limits.ts';
import type { RunnerClass } from '../../runners/runner.ts';
import { RunnerTable } from '../../runners/table.ts';

export interface TryOptions {
  /** The cron's settings. Default: none. */
  readonly environ?: JsonObject;
  /** Secrets by name, for settings such as `{"$secret": "name"}`. Default: none. */
  readonly secrets?: { readonly [name: string]: string };
  /** Whom the cron names as its user. Default: nobody. */
  readonly user?: string;
  /** The planned time in epoch milliseconds. Default: now. */
  readonly plannedAt?: number;
  /** After so many seconds the run is given up. Default: 300. */
  readonly timeout?: number;
  /** What the deployment allows. Default: nothing. */
  readonly limits?: Partial<RunnerLimits>;
  /** Stands in for what the runner reaches. Default: what is reached throws. */
  readonly tools?: {
    readonly fetch?: typeof globalThis.fetch;
    readonly functions?: Functions;
    readonly identity?: Identity;
  };
}

/** A line that the runner logged. */
export interface Line {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

export interface Tried {
  /** As in the log of a run; NOTRUN when its settings are refused. */
  readonly status: Status;
  readonly messages: readonly string[];
  readonly lines: readonly Line[];
}

/** Runs it once. Never throws: what the runner throws is a FAILURE, as in a crontab. */
export async function tryRunner(runner: RunnerClass, options: TryOptions = {}): Promise<Tried> {
  const { environ = {}, secrets = {}, user, timeout, tools = {} } = options;
  const lines: Line[] = [];
  const limits = { allowedHosts: [], allowedFunctions: [], allowedUsers: [], ...options.limits };
  const ports = {
    clock: systemClock,
    logger: keeping(lines),
    secrets: {
      read: async (_site: string, name: string) => secrets[name],
      location: (_site: string, name: string) => `the option "secrets" as ${name}`,
    },
    runners: new RunnerTable({ tried: runner }, limits).withTools({
      clock: systemClock,
      fetch: tools.fetch ?? (() => nobody('fetch')),
      functions: tools.functions ?? { invoke: () => nobody('functions') },
      identity: tools.identity ?? { assume: () => nobody('identity') },
      limits,
    }),
  };
  const definition = { uid: 'tried', name: 'tried', periodicity: '@daily', environ };
  const cron = loadCron({ ...definition, ...(user && { user }), ...(timeout && { timeout }) });
  const started = systemClock.now();
  const lease = {
    plannedAt: options.plannedAt ?? started,
    runId: 'tried',
    startedAt: started,
    expiresAt: started + 900_000,
  };
  const { status, messages } = await execute(ports, cron, 'default', lease, lease.expiresAt);
  return { status, messages, lines };
}

function nobody(tool: string): Promise<never> {
  return Promise.reject(new Error(`This try reaches nobody: give it "tools.${tool}".`));
}

function keeping(lines: Line[], base: LogFields = {}): Logger {
  const keep = (level: Line['level']) => (message: string, fields?: LogFields) => {
    lines.push({ level, message, fields: { ...base, ...fields } });
  };
  return {
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    with: (fields) => keeping(lines, { ...base, ...fields }),
  };
}
