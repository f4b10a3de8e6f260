/**
 * The entry of a worker: loads the file of a runner as it is now, runs or describes it, and reports to the scheduler.
 * runner-process.ts starts it.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire, flushCompileCache } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import type { Cron, CronFields } from '../../../core/domain/cron.ts';
import { InvalidError } from '../../../core/domain/errors.ts';
import { Redactor } from '../../../core/engine/redactor.ts';
import { type LogFields, type Logger, loggerTo } from '../../../core/ports/logger.ts';
import { environProblems } from '../../../runners/environ.ts';
import type { RunnerClass, RunnerContext } from '../../../runners/runner.ts';
import { runnerClassOf } from '../../../runners/runner-module.ts';
import { settingsSchema } from '../../../runners/settings-schema.ts';
import { captureConsole } from '../../run-console.ts';
import { systemClock } from '../../system-clock.ts';
import { localTools } from '../local-tools.ts';
import { loadFailure } from './load-failure.ts';
import type { AbortMessage, RunInput, WorkerInput, WorkerMessage } from './messages.ts';
import { receiveError, sendError } from './sent-error.ts';

/* v8 ignore start -- @preserve: test/adapters/local/runner-workers.test.ts runs it in processes of their own */
/** How long an editor may take to write a file, in milliseconds. */
const WRITING_MS = 100;
const ATTEMPTS = 5;

process.once('message', (input: WorkerInput) => void host(input));
send({ kind: 'ready' });

/** Sends the last message when the work has ended. Never throws. */
async function host({ file, run }: WorkerInput): Promise<void> {
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', (reason) => {
    fail(new Error('A promise was rejected, and nothing handled it', { cause: reason }));
  });
  const logger = loggerTo((level, message, fields) => {
    send({ kind: 'line', level, message: String(message), fields: sendable(fields) });
  });
  // The scheduler reads what is written past the console.
  captureConsole(() => logger);
  try {
    const Class = await load(file);
    const last: WorkerMessage = run
      ? { kind: 'ended', messages: await result(Class, run, contextOf(run, logger)) }
      : { kind: 'described', description: describe(Class) };
    await flush();
    send(last);
  } catch (error) {
    await flush();
    fail(error);
  }
}

/** The last message ends this process: writes the cache of compiled code, and waits for what was written past the console. */
async function flush(): Promise<void> {
  flushCompileCache();
  const streams = [process.stdout, process.stderr];
  await Promise.all(streams.map((stream) => new Promise((resolve) => stream.write('', resolve))));
}

function fail(error: unknown): void {
  send({ kind: 'failed', error: sendError(error) });
}

/** Nothing is sent once the scheduler has gone: this process is about to be killed. */
function send(message: WorkerMessage): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

/** Loads the file. One that was edited meanwhile is loaded again, so that the version is that of the code, and no half is run. */
async function load(file: string): Promise<RunnerClass> {
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
    return hash('sha256', readFileSync(file)).slice(0, 16);
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

function contextOf({ cron, tools, ...run }: RunInput, logger: Logger): RunnerContext {
  const stop = new AbortController();
  const cronOf = lazyCron(cron);
  const redactor = new Redactor(run.secrets);
  process.on('message', ({ abort }: AbortMessage) => stop.abort(receiveError(abort)));
  return {
    ...run,
    get cron() {
      return cronOf();
    },
    signal: stop.signal,
    logger,
    redact: (text) => redactor.redact(text),
    redactedStream: () => redactor.stream(),
    tools: { ...localTools(tools.functions, systemClock), limits: tools.limits },
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

/** The fields as they are if they can be sent, else as JSON shows them. */
function sendable(fields: LogFields): LogFields {
  try {
    return deserialize(serialize(fields));
  } catch {
    try {
      return JSON.parse(JSON.stringify(fields));
    } catch (error) {
      return { fields: `They cannot be shown: ${error}` };
    }
  }
}
/* v8 ignore stop -- @preserve */
