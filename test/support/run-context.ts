/** The context of a run for tests: a virtual clock, a logger in memory, and tools that refuse every call. */
import type { CronFields, JsonObject } from '../../lib/core/domain/cron.ts';
import { Redactor } from '../../lib/core/engine/redactor.ts';
import type { FunctionEnd } from '../../lib/core/ports/functions.ts';
import type { Programs } from '../../lib/core/ports/programs.ts';
import type { RunnerContext, RunnerTools } from '../../lib/runners/runner.ts';
import { cronOf, NOON } from './jobs.ts';
import { MemoryLogger } from './memory-logger.ts';
import { VirtualClock } from './virtual-clock.ts';

interface ContextOptions
  extends Partial<Omit<RunnerContext, 'cron' | 'tools' | 'logger' | 'redact' | 'redactedStream'>> {
  readonly cron?: Partial<CronFields>;
  readonly tools?: Partial<Omit<RunnerTools, 'clock'>>;
}

/** Programs for tests that start none. */
export const noPrograms: Programs = {
  start: () => {
    throw new Error('this test starts no programs');
  },
};

/** The run of `default/a` that is planned for noon, with its clock and its logger. */
export function runContext({ cron, tools, ...rest }: ContextOptions = {}) {
  const clock = new VirtualClock(NOON);
  const logger = new MemoryLogger();
  const redactor = new Redactor(rest.secrets ?? []);
  const environ: JsonObject = rest.environ ?? cron?.environ ?? {};
  const context: RunnerContext = {
    site: 'default',
    plannedAt: NOON,
    late: false,
    runId: 'run-1',
    token: 'default/a/2026-03-02T12:00:00Z',
    signal: new AbortController().signal,
    redact: (text) => redactor.redact(text),
    redactedStream: () => redactor.stream(),
    secrets: [],
    ...rest,
    cron: cronOf({ environ, ...cron }),
    environ,
    logger,
    tools: {
      fetch: () => Promise.reject(new Error('this test allows no fetch')),
      resolve: () => Promise.reject(new Error('this test resolves no names')),
      functions: {
        invoke: (): Promise<FunctionEnd> => Promise.reject(new Error('this test has no functions')),
      },
      identity: { assume: () => Promise.reject(new Error('this test has no roles')) },
      programs: noPrograms,
      limits: { allowedHosts: [], allowedFunctions: [], allowedUsers: [] },
      ...tools,
      clock,
    },
  };
  return { context, clock, logger };
}
