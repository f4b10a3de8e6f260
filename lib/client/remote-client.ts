/** A client whose calls another process does. */
import { systemClock } from '../adapters/system-clock.ts';
import type { Call } from '../app/door/call.ts';
import { wholeCatalogue } from '../app/door/whole-lists.ts';
import { pause } from '../core/ports/clock.ts';
import type { Client } from './client.ts';

export interface RemoteTarget extends Pick<Client, 'name' | 'title' | 'option' | 'note'> {
  readonly call: Call;
  /** The folder of the crontab; absent for a deployment. */
  readonly folder?: string;
}

export function remoteClient({ call, folder, ...names }: RemoteTarget): Client {
  return {
    ...names,
    call,
    async runners() {
      // Loaded only here: most commands need no runners.
      const { publishedRunners } = await import('../runners/published-runners.ts');
      return publishedRunners(() => wholeCatalogue(call), folder);
    },
    now: () => systemClock.now(),
    pause: (milliseconds, signal) => pause(systemClock, milliseconds, signal),
    async [Symbol.asyncDispose]() {},
  };
}
