/** All ports of one process: calls that can fail, the process's own clock, and runners that the simulation plays. */
import type { ResyncPorts } from '../../lib/core/engine/resync.ts';
import type { RunPorts } from '../../lib/core/engine/run.ts';
import type { LogFields, Logger } from '../../lib/core/ports/logger.ts';
import type { RunContext, RunnerResult } from '../../lib/core/ports/runners.ts';
import type { RunnerContext } from '../../lib/runners/runner.ts';
import { noPrograms } from '../support/run-context.ts';
import { MINUTE } from './durations.ts';
import { SECRET } from './intent.ts';
import { type Backends, memoryPorts } from './memory-ports.ts';
import type { Prng } from './prng.ts';
import type { Process } from './process.ts';
import type { System } from './system.ts';

export type ProcessPorts = (process: Process) => ResyncPorts & RunPorts;

type OnLogLine = (text: string, process: Process, fields: readonly LogFields[]) => void;

interface ProcessPortsParts {
  readonly system: System;
  readonly backends: Backends;
  readonly idPrng: Prng;
  /** Plays one run of a runner. */
  readonly simulateRun: (process: Process, context: RunContext) => Promise<RunnerResult>;
  /** Called when a process ends itself. */
  readonly onProcessEnd: () => void;
  /** Called for every log line, with its fields. */
  readonly onLogLine: OnLogLine;
}

const SWEEP_EVERY = 5 * MINUTE;

export function createProcessPorts({
  system,
  backends,
  idPrng,
  simulateRun,
  onProcessEnd,
  onLogLine,
}: ProcessPortsParts): ProcessPorts {
  let ids = 0;
  return (process) => {
    const { clock, call } = process;
    class SimulatedRunner extends system.Runner {
      readonly #context: RunContext;

      constructor(context: RunnerContext) {
        super(context);
        this.#context = context;
      }

      override run(): Promise<RunnerResult> {
        return simulateRun(process, this.#context);
      }
    }
    const table = new system.RunnerTable({ task: SimulatedRunner, chore: SimulatedRunner }, { bySite: {} });
    const runners = table.withTools({
      clock,
      fetch: () => Promise.reject(new Error('The simulation has no network.')),
      resolve: () => Promise.reject(new Error('The simulation has no network.')),
      functions: { invoke: () => Promise.reject(new Error('The simulation has no functions to invoke.')) },
      identity: { assume: () => Promise.reject(new Error('The simulation has no identities.')) },
      programs: noPrograms,
    });
    return {
      ...memoryPorts(backends, call),
      clock,
      random: { id: () => `run-${++ids}-${idPrng.integer(100, 999)}` },
      logger: createLogger(process, onLogLine),
      runners,
      secrets: {
        read: () => call('secrets.read', {}, () => SECRET),
        location: (_, name) => `secrets/${name}`,
      },
      sweepEveryMs: SWEEP_EVERY,
      endProcess: () => {
        onProcessEnd();
        process.crash();
      },
    };
  };
}

function createLogger(
  process: Process,
  onLogLine: OnLogLine,
  boundFields: readonly LogFields[] = [],
): Logger {
  const write = (message: string, fields: LogFields = {}) =>
    onLogLine(message, process, [...boundFields, fields]);
  const bind = (fields: LogFields) => createLogger(process, onLogLine, [...boundFields, fields]);
  return { debug: write, info: write, warn: write, error: write, with: bind };
}
