/** What the code of a run prints, with `console` or on the standard streams, is output of that run, without secrets. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { format, inspect } from 'node:util';
import type { Logger } from '../core/ports/logger.ts';
import type { OutputStream } from '../core/ports/programs.ts';
import type { Runners } from '../core/ports/runners.ts';
import { outputOfRun, type ProgramOutput, reportDropped } from '../runners/program-output.ts';

const LEVELS = { log: 'info', info: 'info', debug: 'debug', warn: 'warn', error: 'error' } as const;

/** From now on `console` writes to that logger, and where there is none as before. The other methods use these. */
export function captureConsole(loggerNow: () => Logger | undefined): void {
  for (const method of Object.keys(LEVELS) as (keyof typeof LEVELS)[]) {
    const print = console[method];
    console[method] = (...values: unknown[]) => {
      const logger = loggerNow();
      if (logger) logger[LEVELS[method]](format(...values));
      else print(...values);
    };
  }
  console.dir = (value: unknown, options) => console.log(inspect(value, options));
  console.dirxml = console.log;
}

/** Where the code of a run prints to. */
interface Printing {
  readonly logger: Logger;
  readonly output: ProgramOutput;
}

/**
 * The same runners. What their code prints, also after its run, is a line of that run and of no other. What it writes to a
 * standard stream is divided into lines, within the bounds of the output of a program.
 */
export function printingToRun(runners: Runners): Runners {
  const runs = new AsyncLocalStorage<Printing | undefined>();
  captureConsole(() => runs.getStore()?.logger);
  captureStream('stdout', () => runs.getStore()?.output);
  captureStream('stderr', () => runs.getStore()?.output);
  return {
    ...runners,
    create: (name, context) => {
      const logger = loggingOutside(runs, context.logger);
      const printing = { logger, output: outputOfRun({ ...context, logger }) };
      const runner = runs.run(printing, () => runners.create(name, { ...context, logger }));
      return (
        runner && {
          run: async () => {
            try {
              return await runs.run(printing, () => runner.run());
            } finally {
              reportDropped(logger, await printing.output.end());
            }
          },
        }
      );
    },
  };
}

/** From now on the stream writes to that output, and where there is none as before. */
function captureStream(name: OutputStream, outputNow: () => ProgramOutput | undefined): void {
  const stream = process[name];
  const write = stream.write.bind(stream) as (...values: unknown[]) => boolean;
  stream.write = (chunk: string | Uint8Array, ...others: unknown[]) => {
    const output = outputNow();
    if (!output) return write(chunk, ...others);
    const encoding = typeof others[0] === 'string' ? (others[0] as BufferEncoding) : 'utf8';
    output.take(name, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    const written = others.find((value) => typeof value === 'function');
    if (written) process.nextTick(written as () => void);
    return true;
  };
}

/** The logger, which itself may write to a standard stream: that is no output of the run. */
function loggingOutside(runs: AsyncLocalStorage<Printing | undefined>, logger: Logger): Logger {
  const outside = <Result>(log: () => Result) => runs.run(undefined, log);
  return {
    debug: (message, fields) => outside(() => logger.debug(message, fields)),
    info: (message, fields) => outside(() => logger.info(message, fields)),
    warn: (message, fields) => outside(() => logger.warn(message, fields)),
    error: (message, fields) => outside(() => logger.error(message, fields)),
    with: (fields) => loggingOutside(runs, logger.with(fields)),
  };
}
