/** What the code of a run prints with `console` is output of that run, without secrets. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { format, inspect } from 'node:util';
import type { Logger } from '../core/ports/logger.ts';
import type { Runners } from '../core/ports/runners.ts';

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

/** The same runners. What their code prints, also after its run, is a line of that run and of no other. */
export function printingToRun(runners: Runners): Runners {
  const loggers = new AsyncLocalStorage<Logger>();
  captureConsole(() => loggers.getStore());
  return {
    ...runners,
    create: (name, context) => {
      const runner = loggers.run(context.logger, () => runners.create(name, context));
      return runner && { run: () => loggers.run(context.logger, () => runner.run()) };
    },
  };
}
