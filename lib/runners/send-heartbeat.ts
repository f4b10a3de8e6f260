/**
 * The heartbeat: a request to the URL of an external monitor, which raises an alarm when it stays away. The URL is a secret,
 * because who knows it can keep the monitor quiet: neither it nor its host is in a message.
 */
import type { IncomingMessage } from 'node:http';
import { CloudtabError, ConfigurationError } from '../core/domain/errors.ts';
import { HEARTBEAT_SECRET, OWN_SECRETS } from '../core/domain/names.ts';
import { secretCommand } from '../core/domain/secret.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { Secrets } from '../core/ports/secrets.ts';
import { addressRange } from './address-range.ts';
import { refusal } from './allowed-url.ts';
import type { Resolve } from './runner.ts';
import { sendRequest } from './send-request.ts';
import { withDeadline } from './timing.ts';

export interface HeartbeatPorts {
  readonly secrets: Pick<Secrets, 'read'>;
  readonly clock: Clock;
  readonly resolve: Resolve;
  readonly logger: Pick<Logger, 'warn'>;
  /** The option of the command line that chooses the target, for hints. Absent: not known. */
  readonly option?: string;
  /** Sends the request. Default: `sendRequest`. */
  readonly send?: (...request: Parameters<typeof sendRequest>) => Promise<HeartbeatAnswer>;
}

type HeartbeatAnswer = Pick<IncomingMessage, 'statusCode' | 'destroy'>;

const TIMEOUT_SECONDS = 10;

/** Every host of the internet, at any port, encrypted. */
const HOSTS = { allowedHosts: ['*:*'] };

/**
 * Sends a GET request to the URL in the secret, which waits ten seconds at most and follows no redirect. It never throws: a
 * heartbeat that was not sent, or not answered with a status of success, is one warning.
 */
export async function sendHeartbeat(ports: HeartbeatPorts, signal: AbortSignal): Promise<void> {
  const { clock, logger } = ports;
  const late = new CloudtabError(`it got no answer within ${TIMEOUT_SECONDS} s.`);
  try {
    await withDeadline({ clock, seconds: TIMEOUT_SECONDS, error: late }, signal, (limit) =>
      request(ports, limit),
    );
  } catch (error) {
    if (!signal.aborted) {
      logger.warn(`The heartbeat failed: ${reasonOf(error)}`, { code: 'heartbeat-failed' });
    }
  }
}

async function request(ports: HeartbeatPorts, signal: AbortSignal): Promise<void> {
  const { secrets, resolve, send = sendRequest } = ports;
  const text = await secrets.read(OWN_SECRETS, HEARTBEAT_SECRET);
  if (text === undefined) {
    const command = secretCommand(OWN_SECRETS, HEARTBEAT_SECRET, ports.option);
    throw new ConfigurationError(`its URL is not set. Run: ${command}`);
  }
  const url = URL.parse(text.trim());
  if (!url || refusal(url, HOSTS) !== undefined) {
    throw new ConfigurationError('the secret is no https URL of a public host without user and password.');
  }
  const refused = (address: string) =>
    addressRange(address) === 'public' ? undefined : 'its host has no public address.';
  const get = { url, method: 'GET', headers: new Headers(), body: undefined };
  const response = await send(get, { signal, resolve, refused });
  response.destroy();
  const { statusCode = 0 } = response;
  if (statusCode < 200 || statusCode > 299) throw new CloudtabError(`it was answered with ${statusCode}.`);
}

/** Errors of Node and of TLS may contain the host. */
function reasonOf(error: unknown): string {
  if (error instanceof CloudtabError) return error.message;
  const { code, name } = error as NodeJS.ErrnoException;
  return `${code ?? name}.`;
}
