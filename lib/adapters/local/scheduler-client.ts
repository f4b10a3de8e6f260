/** Sends runs and events to the process that runs the crontab of a folder, at the address that its door names. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { CloudtabError, UnavailableError } from '../../core/domain/errors.ts';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import type { Delivery } from '../../core/domain/occurrence.ts';
import type { Event } from '../../core/ports/events.ts';
import type { Door } from './folder-door.ts';

/** Where a scheduler accepts them. */
export const SCHEDULER_PATHS = { deliver: '/deliveries', announce: '/events' };

/** Milliseconds; a scheduler that lives answers much sooner. */
const TIMEOUT = 2_000;

/**
 * Delivers a run to the scheduler, which starts it and announces it. Throws UnavailableError if it does not answer, and
 * CloudtabError with its reason if it refuses.
 */
export function deliverTo(door: Door, delivery: Delivery): Promise<void> {
  return send(door, SCHEDULER_PATHS.deliver, delivery);
}

/** Lets the scheduler announce an event of an edit in this process. Throws as `deliverTo`. */
export function announceTo(door: Door, event: Event): Promise<void> {
  return send(door, SCHEDULER_PATHS.announce, event);
}

async function send({ address, token, pid }: Door, path: string, body: object): Promise<void> {
  const asked = request(new URL(path, address), {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT),
  });
  asked.end(JSON.stringify(body));
  const [answer] = (await once(asked, 'response').catch((cause: unknown) => {
    throw new UnavailableError(
      `The scheduler of this folder, process ${pid}, does not answer. Try again, or stop it and start it again.`,
      { cause },
    );
  })) as [IncomingMessage];
  const reason = await text(answer);
  if (answer.statusCode === 204) return;
  const { detail = reason } = parseJsonObject(reason) ?? {};
  throw new CloudtabError(`The scheduler of this folder refused: ${detail}`);
}
