/** What a runner is handed, for tests: a virtual clock, a logger that remembers, and tools that refuse. */
import type { CronFields, JsonObject } from '../../lib/domain/cron.ts';
import type { FunctionEnd } from '../../lib/ports/functions.ts';
import type { RunContext, RunnerTools } from '../../lib/runners/runner.ts';
import { cronOf, NOON } from './jobs.ts';
import { MemoryLogger } from './memory-logger.ts';
import { VirtualClock } from './virtual-clock.ts';

interface Given extends Partial<Omit<RunContext, 'cron' | 'tools' | 'log'>> {
  readonly cron?: Partial<CronFields>;
  readonly tools?: Partial<Omit<RunnerTools, 'clock'>>;
}

/** The run of `default/a`, planned for noon, with what a test looks at. */
export function runContext({ cron, tools, ...rest }: Given = {}) {
  const clock = new VirtualClock(NOON);
  const log = new MemoryLogger();
  const environ: JsonObject = rest.environ ?? cron?.environ ?? {};
  const context: RunContext = {
    site: 'default',
    at: NOON,
    late: false,
    runId: 'run-1',
    token: 'default/a/2026-03-02T12:00:00Z',
    signal: new AbortController().signal,
    redact: (text) => text,
    ...rest,
    cron: cronOf({ environ, ...cron }),
    environ,
    log,
    tools: {
      fetch: () => Promise.reject(new Error('this test calls nobody')),
      functions: { invoke: (): Promise<FunctionEnd> => Promise.reject(new Error('this test calls nobody')) },
      identity: { assume: () => Promise.reject(new Error('this test acts as nobody')) },
      limits: { allowedHosts: [], allowedFunctions: [], allowedUsers: [] },
      ...tools,
      clock,
    },
  };
  return { context, clock, log };
}
