/** Runs a runner in a test as a cron does: validates its settings, resolves secrets and redacts them in the output. */
import { systemClock } from '../adapters/system-clock.ts';
import type { JsonObject } from '../core/domain/cron.ts';
import { loadCron } from '../core/domain/cron-schema.ts';
import type { Status } from '../core/domain/run-record.ts';
import type { SiteLimits } from '../core/domain/site-limits.ts';
import { execute } from '../core/engine/execute.ts';
import type { Functions } from '../core/ports/functions.ts';
import type { Identity } from '../core/ports/identity.ts';
import { type LogFields, type LogLevel, loggerTo } from '../core/ports/logger.ts';
import type { Programs } from '../core/ports/programs.ts';
import { ALL_SITES } from '../runners/limits.ts';
import type { Resolve, RunnerClass } from '../runners/runner.ts';
import { RunnerTable } from '../runners/table.ts';

export interface TryOptions {
  /** The cron's settings. Default: none. */
  readonly environ?: JsonObject;
  /** Secrets by name, for settings such as `{"$secret": "name"}`. Default: none. */
  readonly secrets?: { readonly [name: string]: string };
  /** The user of the cron. Default: none. */
  readonly user?: string;
  /** The planned time in epoch milliseconds. Default: now. */
  readonly plannedAt?: number;
  /** The time limit of the run in seconds. Default: 300. */
  readonly timeout?: number;
  /** What the runner may reach. Default: no host, function, user or program. */
  readonly limits?: SiteLimits;
  /** The tools of the runner. Default: each tool throws an error. */
  readonly tools?: {
    readonly fetch?: typeof globalThis.fetch;
    readonly resolve?: Resolve;
    readonly functions?: Functions;
    readonly identity?: Identity;
    readonly programs?: Programs;
  };
}

/** A line of the output. */
export interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

export interface Tried {
  /** The status of a run; NOTRUN if its settings are invalid. */
  readonly status: Status;
  readonly messages: readonly string[];
  readonly lines: readonly Line[];
}

/** Runs the runner once. Never throws: an error of the runner is a FAILURE, as in a crontab. */
export async function tryRunner(runner: RunnerClass, options: TryOptions = {}): Promise<Tried> {
  const { environ = {}, secrets = {}, user, timeout, tools = {} } = options;
  const lines: Line[] = [];
  const ports = {
    clock: systemClock,
    logger: loggerTo((level, message, fields) => lines.push({ level, message, fields })),
    secrets: {
      read: async (_site: string, name: string) => secrets[name],
      location: (_site: string, name: string) => `the option "secrets" as ${name}`,
    },
    runners: new RunnerTable({ tried: runner }, { bySite: { [ALL_SITES]: options.limits ?? {} } }).withTools({
      clock: systemClock,
      fetch: tools.fetch ?? (() => missingTool('fetch')),
      resolve: tools.resolve ?? (() => missingTool('resolve')),
      functions: tools.functions ?? { invoke: () => missingTool('functions') },
      identity: tools.identity ?? { assume: () => missingTool('identity') },
      programs: tools.programs ?? { start: () => failWithout('programs') },
    }),
  };
  const definition = { uid: 'tried', name: 'tried', periodicity: '@daily', environ };
  const cron = loadCron({ ...definition, ...(user && { user }), ...(timeout && { timeout }) });
  const started = systemClock.now();
  const lease = {
    plannedAt: options.plannedAt ?? started,
    runId: 'tried',
    holder: 'tried',
    deliveredAt: started,
    claimedAt: started,
    expiresAt: started + 900_000,
    definitionVersion: 1,
  };
  const { signal } = new AbortController();
  const { result } = await execute(ports, cron, 'default', lease, lease.expiresAt, signal);
  const { status, messages } = result;
  return { status, messages, lines };
}

async function missingTool(tool: string): Promise<never> {
  return failWithout(tool);
}

function failWithout(tool: string): never {
  throw new Error(
    `The runner used the tool "${tool}", which this test does not have. Pass it as "tools.${tool}".`,
  );
}
