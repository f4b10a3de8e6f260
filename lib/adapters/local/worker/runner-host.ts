/**
 * The worker of one run, or of one description, of a runner: loads its file as it is now, and reports to the scheduler.
 * runner-thread.ts starts it.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format } from 'node:util';
import type { MessagePort } from 'node:worker_threads';
import type { Cron, CronFields } from '../../../core/domain/cron.ts';
import { InvalidError } from '../../../core/domain/errors.ts';
import { redactor } from '../../../core/engine/redact.ts';
import type { LogFields, Logger } from '../../../core/ports/logger.ts';
import { environProblems } from '../../../runners/environ.ts';
import type { RunnerClass, RunnerContext } from '../../../runners/runner.ts';
import { runnerClassOf } from '../../../runners/runner-module.ts';
import { settingsSchema } from '../../../runners/settings-schema.ts';
import { systemClock } from '../../system-clock.ts';
import { localTools } from '../local-tools.ts';
import { loadFailure } from './load-failure.ts';
import type { AbortMessage, Level, RunInput, WorkerInput, WorkerMessage } from './messages.ts';
import { receiveError, sendError } from './sent-error.ts';

/* v8 ignore start -- @preserve: test/adapters/local/runner-workers.test.ts runs it in threads of their own */
/** How long an editor may take to write a file, in milliseconds. */
const WRITING_MS = 100;
const ATTEMPTS = 5;

/** Sends the last message when the work has ended. Never throws. */
export async function host(port: MessagePort, { file, run }: WorkerInput): Promise<void> {
  const send = (message: WorkerMessage) => port.postMessage(message);
  const fail = (error: unknown) => send({ kind: 'failed', error: sendError(error) });
  process.on('unhandledRejection', (reason) => {
    fail(new Error('A promise was rejected, and nothing handled it', { cause: reason }));
  });
  const logger = portLogger(send);
  captureConsole(logger);
  try {
    const Class = await load(file, send);
    if (run) send({ kind: 'ended', messages: await result(Class, run, contextOf(port, run, logger)) });
    else send({ kind: 'described', description: describe(Class) });
  } catch (error) {
    fail(error);
  }
}

/** Loads the file. One that was edited meanwhile is loaded again, so that the version is that of the code, and no half is run. */
async function load(file: string, send: (message: WorkerMessage) => void): Promise<RunnerClass> {
  for (let attempt = 1; ; attempt++) {
    const version = versionOf(file);
    const [loaded] = await Promise.allSettled([importClass(file, attempt)]);
    // An editor may have emptied the file, and is about to write it.
    if (loaded.status === 'rejected') await setTimeout(WRITING_MS);
    if (versionOf(file) !== version && attempt < ATTEMPTS) continue;
    if (version !== undefined) send({ kind: 'loaded', codeVersion: version });
    if (loaded.status === 'fulfilled') return loaded.value;
    throw loadFailure(file, loaded.reason);
  }
}

/** Node loads a module once for each address. */
async function importClass(file: string, attempt: number): Promise<RunnerClass> {
  const { href } = pathToFileURL(file);
  return runnerClassOf(await import(attempt === 1 ? href : `${href}?attempt=${attempt}`), file);
}

/** Names the content of the file; nothing if it cannot be read. */
function versionOf(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
  } catch {
    return undefined;
  }
}

function describe({ summary, environ }: RunnerClass) {
  return {
    summary: typeof summary === 'string' ? summary : '',
    ...(environ !== undefined && { settings: settingsSchema(environ) }),
  };
}

/** The messages of the run. Throws an InvalidError for settings that only the code of the runner can check. */
async function result(Class: RunnerClass, run: RunInput, context: RunnerContext): Promise<string[]> {
  const { name, environ } = run.cron;
  const problems = Class.environ ? environProblems(Class.environ, environ) : [];
  if (problems.length === 0)
    problems.push(...(Class.check?.({ name, environ, limits: run.tools.limits }) ?? []));
  if (problems.length > 0) throw new InvalidError(problems);
  const returned: unknown = await new Class(context).run();
  if (returned === undefined || returned === null) return [];
  return Array.isArray(returned) ? returned.map(String) : [String(returned)];
}

function contextOf(port: MessagePort, { cron, tools, ...run }: RunInput, logger: Logger): RunnerContext {
  const stop = new AbortController();
  const cronOf = lazyCron(cron);
  port.on('message', ({ abort }: AbortMessage) => stop.abort(receiveError(abort)));
  return {
    ...run,
    get cron() {
      return cronOf();
    },
    signal: stop.signal,
    logger,
    redact: redactor(run.secrets),
    tools: localTools(tools, systemClock),
  };
}

/** The cron, made when it is asked for: few runners look at it, and loading its parser takes a third of a worker's start. */
function lazyCron(fields: CronFields): () => Cron {
  let cron: Cron | undefined;
  return () => {
    const module = new URL(`../../../core/domain/cron${import.meta.url.slice(-3)}`, import.meta.url);
    const { Cron: CronClass }: { Cron: typeof Cron } = createRequire(import.meta.url)(fileURLToPath(module));
    cron ??= new CronClass(fields);
    return cron;
  };
}

function portLogger(send: (message: WorkerMessage) => void, base: LogFields = {}): Logger {
  const line = (level: Level) => (message: string, fields?: LogFields) =>
    send({ kind: 'line', level, message: String(message), fields: cloneable({ ...base, ...fields }) });
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    with: (fields) => portLogger(send, { ...base, ...fields }),
  };
}

/** The fields as they are if they can be cloned, else as JSON shows them. */
function cloneable(fields: LogFields): LogFields {
  try {
    return structuredClone(fields);
  } catch {
    try {
      return JSON.parse(JSON.stringify(fields));
    } catch (error) {
      return { fields: `They cannot be shown: ${error}` };
    }
  }
}

/** What a runner prints becomes output of its run: a thread shares the standard output of the scheduler. */
function captureConsole(logger: Logger): void {
  const print =
    (level: Level) =>
    (...values: unknown[]) =>
      logger[level](format(...values));
  console.log = print('info');
  console.info = print('info');
  console.debug = print('debug');
  console.warn = print('warn');
  console.error = print('error');
}
/* v8 ignore stop -- @preserve */
