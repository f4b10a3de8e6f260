/** Asks the process that runs the crontab of a folder, at the address that its door names. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { UnavailableError } from '../../core/domain/errors.ts';
import type { Event } from '../../core/domain/event.ts';
import type { WireAnswer } from '../wire-answer.ts';
import type { Door } from './folder-door.ts';

/** Where a scheduler sends its events. */
export const EVENTS_PATH = '/events';

/** Milliseconds; a scheduler that lives answers much sooner. */
const TIMEOUT = 2_000;
/** Milliseconds; some calls change many files. */
const CALL_TIMEOUT = 60_000;

/**
 * The events of the scheduler from now on, until its end, or until the signal, which throws. Throws UnavailableError if it
 * does not send them.
 */
export async function eventsOf(door: Door, signal: AbortSignal): Promise<AsyncIterable<Event>> {
  // A stream has no timeout, and a process that hangs accepts connections.
  const isReady = await isAnswering(door);
  const answer = isReady ? await open(door, 'GET', EVENTS_PATH, signal) : undefined;
  if (answer?.statusCode !== 200) {
    throw new UnavailableError(`The scheduler of this folder, process ${door.pid}, sends no events.`);
  }
  return eventsIn(answer);
}

/** A line of JSON is an event; an empty one is none. */
async function* eventsIn(input: IncomingMessage): AsyncGenerator<Event> {
  const { createInterface } = process.getBuiltinModule('node:readline');
  for await (const line of createInterface({ input })) {
    if (line !== '') yield JSON.parse(line);
  }
}

/** Whether the scheduler answers within two seconds. */
export async function isAnswering(door: Door): Promise<boolean> {
  try {
    const { status } = await exchange(door, 'GET', '/health', TIMEOUT);
    return status === 200;
  } catch {
    return false;
  }
}

/** The answer to a call. Throws UnavailableError if there is none. */
export function postTo(door: Door, path: string, json: string): Promise<WireAnswer> {
  return exchange(door, 'POST', path, CALL_TIMEOUT, json);
}

async function exchange(
  door: Door,
  method: string,
  path: string,
  timeout: number,
  json?: string,
): Promise<WireAnswer> {
  try {
    const answer = await open(door, method, path, AbortSignal.timeout(timeout), json);
    const { statusCode = 0, headers } = answer;
    return { status: statusCode, text: await text(answer), retryAfter: headers['retry-after'] };
  } catch (cause) {
    throw new UnavailableError(
      `The scheduler of this folder, process ${door.pid}, does not answer. Try again, or stop it and start it again.`,
      { cause },
    );
  }
}

async function open(
  { address, token }: Door,
  method: string,
  path: string,
  signal: AbortSignal,
  json?: string,
): Promise<IncomingMessage> {
  // Loaded only here, because most commands on a folder send nothing. An import would also load the implementation of fetch.
  const { request } = process.getBuiltinModule('node:http');
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const asked = request(new URL(path, address), { method, headers, signal });
  asked.end(json);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}
