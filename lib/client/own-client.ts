/** A client whose calls are done in this process. */
import { type Call, makeDoor } from '../app/door/call.ts';
import type { CallPorts } from '../app/door/operation.ts';
import { pause } from '../core/ports/clock.ts';
import type { Target } from '../core/ports/target.ts';
import type { Client } from './client.ts';
import { version } from './version.ts';

/** Closing the client closes the target. */
export function ownClient(target: Omit<Target, 'maintenance'>, call: Call = ownCall(target.ports)): Client {
  const { name, title, option, note, ports } = target;
  return {
    name,
    title,
    option,
    ...(note !== undefined && { note }),
    doesRuns: true,
    call,
    runners: async () => ports.runners,
    now: () => ports.clock.now(),
    pause: (milliseconds, signal) => pause(ports.clock, milliseconds, signal),
    [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
  };
}

/** Calls by the user of this process, whom the system lets do everything. */
export function ownCall(ports: CallPorts): Call {
  return makeDoor({ ...ports, version: version() }).as(ports.by === undefined ? {} : { name: ports.by });
}
