import { afterEach, describe, expect, it, vi } from 'vitest';
import { UnavailableError } from '../../lib/core/domain/errors.ts';
import { type HeartbeatPorts, sendHeartbeat } from '../../lib/runners/send-heartbeat.ts';
import { startServer } from '../support/answering-server.ts';
import { divertConnections } from '../support/diverted-connections.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const URL = 'https://monitor.example/ping/6f1d-secret-path';
const PUBLIC = { address: '93.184.215.14', family: 4 };

const clock = new VirtualClock(0);
const never = new AbortController().signal;

function heartbeat({ url = URL, status = 200, ...ports }: Choices = {}) {
  const logger = new MemoryLogger();
  const destroy = vi.fn();
  const send = vi.fn(async (..._request: Parameters<NonNullable<HeartbeatPorts['send']>>) => ({
    statusCode: status,
    destroy,
  }));
  const read = vi.fn(async (_site: string, _name: string) => url ?? undefined);
  const all = { clock, logger, send, resolve: async () => [PUBLIC], secrets: { read }, ...ports };
  const done = (signal = never) => sendHeartbeat(all, signal);
  const warnings = () => logger.lines.map(({ message }) => message);
  return { done, send, read, destroy, logger, warnings };
}

const portOf = ({ host }: { readonly host: string }) => host.replace(/^.*:/, '');

interface Choices extends Partial<HeartbeatPorts> {
  /** Nothing: there is no secret. */
  readonly url?: string | null;
  readonly status?: number;
}

afterEach(() => vi.restoreAllMocks());

describe('sendHeartbeat', () => {
  it('A heartbeat is a GET request to the URL in the secret, and logs nothing', async () => {
    const { done, send, read, destroy, warnings } = heartbeat({ url: `${URL}\n`, status: 204 });
    await done();
    expect(read).toHaveBeenCalledExactlyOnceWith('_deployment', 'heartbeat');
    expect(send).toHaveBeenCalledOnce();
    const [request] = send.mock.calls[0] ?? [];
    expect([request?.method, request?.url.href, request?.body]).toEqual(['GET', URL, undefined]);
    expect(destroy).toHaveBeenCalledOnce();
    expect(warnings()).toEqual([]);
  });

  it.each([
    ['a redirect, which is not followed', { status: 302 }, 'it was answered with 302.'],
    ['an error of the monitor', { status: 500 }, 'it was answered with 500.'],
    ['a URL without encryption', { url: 'http://monitor.example/p' }, 'the secret is no https URL'],
    ['another scheme', { url: 'file:///etc/passwd' }, 'the secret is no https URL'],
    ['a text', { url: 'not a url' }, 'the secret is no https URL'],
    ['a user in the URL', { url: 'https://ana:pw@monitor.example/' }, 'the secret is no https URL'],
    ['the address of a private network', { url: 'https://10.0.0.7/' }, 'the secret is no https URL'],
    ['the address of a metadata service', { url: 'https://[fd00:ec2::254]/' }, 'the secret is no https URL'],
    ['no secret', { url: null }, 'its URL is not set. Run: cloudtab secret set heartbeat --deployment'],
    [
      'no secret of a known target',
      { url: null, option: '--stack Tab' },
      'its URL is not set. Run: cloudtab secret set heartbeat --deployment --stack Tab',
    ],
  ])('After %s one warning without the URL is logged', async (_, choices, reason) => {
    const { done, logger } = heartbeat(choices);
    await done();
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { code: 'heartbeat-failed' } }]);
    expect(logger.lines[0]?.message).toContain(`The heartbeat failed: ${reason}`);
    expect(JSON.stringify(logger.lines)).not.toMatch(/monitor\.example|passwd|pw@|10\.0\.0\.7|fd00/);
  });

  it.each(['127.0.0.1', '10.0.0.7', '169.254.169.254', '::1', 'fd00:ec2::254'])(
    'A name that leads to %s is not connected to',
    async (address) => {
      await using server = await startServer((_, response) => response.end());
      const family = address.includes(':') ? 6 : 4;
      const { done, warnings } = heartbeat({
        url: `https://monitor.example:${portOf(server)}/ping`,
        send: undefined,
        resolve: async () => [{ address, family }],
      } as Choices);
      await done();
      expect(warnings()).toEqual(['The heartbeat failed: its host has no public address.']);
      expect(server.asked).toEqual([]);
    },
  );

  it('The errors of a connection are named by their code, without the host', async () => {
    await using server = await startServer((_, response) => response.end());
    using diverted = divertConnections();
    const { done, warnings } = heartbeat({
      url: `https://monitor.example:${portOf(server)}/ping`,
      send: undefined,
    } as Choices);
    await done();
    expect(diverted.reached).toEqual([PUBLIC.address]);
    expect(warnings()).toEqual([expect.stringMatching(/^The heartbeat failed: E[A-Z_]+\.$|ERR_[A-Z_]+\.$/)]);
  });

  it('An error without a code is named by its name', async () => {
    const { done, warnings } = heartbeat({ send: async () => Promise.reject(new TypeError(`bad ${URL}`)) });
    await done();
    expect(warnings()).toEqual(['The heartbeat failed: TypeError.']);
  });

  it('A secret that cannot be read is a warning, and no error', async () => {
    const read = async () => Promise.reject(new UnavailableError('Cannot read the secret /x: denied.'));
    const { done, warnings } = heartbeat({ secrets: { read } });
    await done();
    expect(warnings()).toEqual(['The heartbeat failed: Cannot read the secret /x: denied.']);
  });

  /** Never answers; ends with its signal. */
  const silent: HeartbeatPorts['send'] = (_, { signal }) =>
    new Promise((_answer, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));

  it('A monitor that does not answer is given up after ten seconds', async () => {
    const { done, warnings } = heartbeat({ send: silent });
    const end = done();
    await clock.advance(9_999);
    expect(warnings()).toEqual([]);
    await clock.advance(1);
    await end;
    expect(warnings()).toEqual(['The heartbeat failed: it got no answer within 10 s.']);
  });

  it('A heartbeat ends without a warning when the process stops', async () => {
    const { done, warnings } = heartbeat({ send: silent });
    const stop = new AbortController();
    const end = done(stop.signal);
    await clock.advance(1);
    stop.abort();
    await end;
    expect(warnings()).toEqual([]);
  });
});
