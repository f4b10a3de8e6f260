/** All ports as one process has them: calls that may go wrong, its own clock, and tasks that the simulation plays. */
import type { RestorePorts } from '../../lib/handlers/restore.ts';
import type { RunPorts } from '../../lib/handlers/run.ts';
import type { LogFields, Logger } from '../../lib/ports/logger.ts';
import type { RunContext, RunnerClass, RunnerResult } from '../../lib/runners/runner.ts';
import { type Media, portsOn } from './calls.ts';
import type { Chance } from './chance.ts';
import { SECRET } from './definition.ts';
import type { Process } from './lambda.ts';
import type { System } from './system.ts';

export type PortsOf = (process: Process) => RestorePorts & RunPorts;

type OnLine = (text: string, process: Process, fields: readonly LogFields[]) => void;

interface PortsParts {
  readonly system: System;
  readonly media: Media;
  readonly chance: Chance;
  /** Plays one run of a task. */
  readonly play: (process: Process, context: RunContext) => Promise<RunnerResult>;
  /** Told of every log line, and of its fields. */
  readonly onLine: OnLine;
}

const LIMITS = { allowedHosts: [], allowedFunctions: [], allowedUsers: [] };

export function makePortsOf({ system, media, chance, play, onLine }: PortsParts): PortsOf {
  let ids = 0;
  const processes = new WeakMap<object, Process>();
  class Task extends system.Runner {
    readonly #context: RunContext;

    constructor(context: RunContext) {
      super(context);
      this.#context = context;
    }

    override run(): Promise<RunnerResult> {
      const process = processes.get(this.tools);
      if (!process) throw new Error('This run belongs to no process.');
      return play(process, this.#context);
    }
  }
  const runners = new system.RunnerTable({ task: Task as RunnerClass, chore: Task as RunnerClass }, LIMITS);
  return (process) => {
    const { clock, call } = process;
    const tools = {
      clock,
      fetch: () => Promise.reject(new Error('There is no network here.')),
      functions: { invoke: () => Promise.reject(new Error('There are no functions here.')) },
      identity: { assume: () => Promise.reject(new Error('There is nobody to be here.')) },
      limits: LIMITS,
    };
    processes.set(tools, process);
    return {
      ...portsOn(media, call),
      clock,
      random: { id: () => `run-${++ids}-${chance.between(100, 999)}` },
      log: loggerFor(process, onLine),
      runners,
      secrets: { read: () => call('secrets.read', {}, () => SECRET), place: (_, name) => `secrets/${name}` },
      tools,
    };
  };
}

function loggerFor(process: Process, onLine: OnLine, always: readonly LogFields[] = []): Logger {
  const line = (message: string, fields: LogFields = {}) => onLine(message, process, [...always, fields]);
  const withMore = (fields: LogFields) => loggerFor(process, onLine, [...always, fields]);
  return { debug: line, info: line, warn: line, error: line, with: withMore };
}
