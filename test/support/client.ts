/** A client whose calls are done on the ports of a test. */
import type { CallPorts } from '../../lib/app/door/operation.ts';
import type { Client } from '../../lib/client/client.ts';
import { ownClient } from '../../lib/client/own-client.ts';

export function clientOn(
  ports: CallPorts,
  names: Partial<Pick<Client, 'name' | 'note' | 'option'>> = {},
): Client {
  return ownClient({
    name: 'crons',
    title: 'folder crons',
    option: '--dir crons',
    ...names,
    ports,
    async [Symbol.asyncDispose]() {},
  });
}
