/** Where a command does its work: the folder of a laptop, or a deployment. */
import { existsSync } from 'node:fs';
import { runners } from '../../lambdas/runners/index.ts';
import { ConfigurationError } from '../domain/errors.ts';
import { Laptop } from '../local/laptop.ts';
import type { Store } from '../ports/store.ts';
import { systemClock } from '../system/clock.ts';
import { systemRandom } from '../system/random.ts';
import { openDeployment } from './deployment.ts';
import { quietLogger } from './quiet-logger.ts';

export interface TargetOptions {
  readonly dir?: string;
  readonly stack?: string;
}

export interface Target extends AsyncDisposable {
  readonly store: Store;
  /** In words, for messages. */
  readonly name: string;
  /** What a person should know before believing what is listed. */
  readonly note?: string;
  /** Asks for a run now and returns its id. */
  force(site: string, uid: string): Promise<string>;
}

export const DEFAULT_DIR = '.cloudtab';

/** Throws ConfigurationError when both or neither can be meant. */
export async function openTarget({ dir, stack }: TargetOptions): Promise<Target> {
  if (dir !== undefined && stack !== undefined) {
    throw new ConfigurationError('--dir is a folder, --stack a deployment: give one of them.');
  }
  return stack === undefined ? openFolder(dir ?? DEFAULT_DIR) : openDeployment(stack);
}

async function openFolder(dir: string): Promise<Target> {
  if (!existsSync(dir)) {
    throw new ConfigurationError(
      `There is no folder ${dir}. Make a crontab there with "cloudtab start --dir ${dir}", or name another folder with --dir or a deployment with --stack.`,
    );
  }
  const laptop = new Laptop({
    dir,
    clock: systemClock,
    random: systemRandom,
    log: quietLogger,
    runners,
    limits: { allowedHosts: ['localhost:*', '127.0.0.1:*'], allowedFunctions: ['*'], allowedUsers: [] },
  });
  // Whoever keeps it running follows the files; else they may have changed unseen.
  const isKept = laptop.keeper !== undefined;
  if (!isKept) await laptop.refresh();
  return {
    name: dir,
    ...(isKept ? {} : { note: `Nobody keeps this crontab running. Do it with: cloudtab start --dir ${dir}` }),
    store: laptop.ports.store,
    force: async (site, uid) => laptop.force(site, uid),
    [Symbol.asyncDispose]: () => laptop.stop(),
  };
}
