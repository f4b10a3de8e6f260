/**
 * Attacks on the network of a runner through the runner `http`: names that lead to other addresses than they seem to. The
 * attacker owns `evil.example`, with its name server and its web server. All connections end at this machine.
 */
import type { LookupAddress } from 'node:dns';
import { isIPv6, setDefaultAutoSelectFamily } from 'node:net';
import { describe, expect, it } from 'vitest';
import { folderLimits } from '../../lib/adapters/local/folder-limits.ts';
import { ConfigurationError } from '../../lib/core/domain/errors.ts';
import { HttpRunner } from '../../lib/runners/http.ts';
import { limitsOf } from '../../lib/runners/limits.ts';
import { startServer } from '../support/answering-server.ts';
import { divertConnections } from '../support/diverted-connections.ts';
import { runContext } from '../support/run-context.ts';
import { tempFolder } from '../support/temp-folder.ts';

const PUBLIC = '93.184.216.34';
const METADATA = '169.254.169.254';

/** A name server: the addresses of each name, and the names that were asked for. */
function nameServer(answers: (hostname: string) => readonly string[]) {
  const asked: string[] = [];
  return {
    asked,
    resolve: async (hostname: string): Promise<LookupAddress[]> => {
      asked.push(hostname);
      return answers(hostname).map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
    },
  };
}

/** The run of a cron with that URL, in a deployment that allows these hosts, or in a new folder. */
function call(
  url: string,
  resolve: ReturnType<typeof nameServer>['resolve'],
  allowedHosts?: readonly string[],
) {
  const limits = allowedHosts
    ? { allowedHosts, allowedFunctions: [], allowedUsers: [] }
    : limitsOf(folderLimits(tempFolder()), 'default');
  const environ = { url };
  return new HttpRunner(runContext({ environ, tools: { limits, resolve } }).context).run();
}

const refusedFor = (address: string) => ({
  name: 'ConfigurationError',
  message: expect.stringMatching(
    new RegExp(`was not sent\\. .*the address ${address.replaceAll('.', '\\.')},`),
  ),
});

describe('the runner http of a laptop', () => {
  it('Any public host is reached, without being named', async () => {
    using connections = divertConnections();
    await using server = await startServer((_asked, response) => response.end());
    const port = server.host.split(':')[1];
    await call(`http://api.example:${port}/a`, nameServer(() => [PUBLIC]).resolve);
    expect(connections.reached).toEqual([PUBLIC]);
    expect(server.asked).toMatchObject([{ path: '/a', headers: { host: `api.example:${port}` } }]);
  });

  it.each([
    METADATA,
    '127.0.0.1',
    '::1',
    '192.168.0.1',
    '10.0.0.1',
    '100.64.0.1',
    'fd00::1',
    'fe80::1',
    '0.0.0.0',
  ])('A name that leads to %s is refused before a connection is made', async (address) => {
    using connections = divertConnections();
    await expect(call('http://evil.example/', nameServer(() => [address]).resolve)).rejects.toMatchObject(
      refusedFor(address),
    );
    expect(connections.reached).toEqual([]);
  });

  it('The command in a refusal names the folder and the address, and allows it', async () => {
    const { resolve } = nameServer(() => ['192.168.0.1']);
    await expect(call('http://evil.example/', resolve)).rejects.toThrow(
      /Run: cloudtab allow http:\/\/evil\.example --site default --dir \/\S+$/,
    );
  });
});

describe('DNS rebinding', () => {
  it('A name is resolved once for each connection, and the connection goes to the address that was checked', async () => {
    using connections = divertConnections();
    await using server = await startServer((_asked, response) => response.end());
    const answers = [PUBLIC, '127.0.0.1'];
    const names = nameServer(() => [answers.shift() ?? '']);
    await call(`http://evil.example:${server.host.split(':')[1]}/`, names.resolve);
    expect(names.asked).toEqual(['evil.example']);
    expect(connections.reached).toEqual([PUBLIC]);
  });

  it('A name that leads elsewhere at the second connection, after a redirect to itself, is refused', async () => {
    using connections = divertConnections();
    await using server = await startServer((_asked, response) =>
      response.writeHead(307, { location: '/b' }).end(),
    );
    const answers = [PUBLIC, '127.0.0.1'];
    const names = nameServer(() => [answers.shift() ?? '']);
    const port = server.host.split(':')[1];
    await expect(call(`http://evil.example:${port}/a`, names.resolve)).rejects.toMatchObject(
      refusedFor('127.0.0.1'),
    );
    expect(connections.reached).toEqual([PUBLIC]);
    expect(server.asked).toMatchObject([{ path: '/a' }]);
  });

  it.each([true, false])(
    'Of several addresses only those that are allowed are tried (several at once: %s)',
    async (isSeveral) => {
      setDefaultAutoSelectFamily(isSeveral);
      try {
        await using server = await startServer((_asked, response) => response.end());
        const port = server.host.split(':')[1];
        const { resolve } = nameServer(() => [METADATA, '::1', '127.0.0.1', '10.0.0.1']);
        await call(`http://evil.example:${port}/`, resolve, [
          `http://evil.example:${port}`,
          `http://127.0.0.1:${port}`,
          'http://10.0.0.0/8',
        ]);
        expect(server.asked).toHaveLength(1);
      } finally {
        setDefaultAutoSelectFamily(true);
      }
    },
  );
});

describe('redirects', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
    'http://[::ffff:169.254.169.254]/',
    'http://0x7f000001/',
    'http://localhost:9001/2018-06-01/runtime/invocation/next',
    'http://other.example/',
    '//other.example/',
  ])('A redirect of a public host to %s is not followed, although it may be called', async (location) => {
    using connections = divertConnections();
    await using server = await startServer((_asked, response) => response.writeHead(307, { location }).end());
    const names = nameServer(() => [PUBLIC]);
    const url = `http://evil.example:${server.host.split(':')[1]}/`;
    const everything = ['http://*:*', 'http://169.254.169.254', 'http://127.0.0.1:*', 'http://localhost:*'];
    await expect(call(url, names.resolve, everything)).rejects.toThrow(
      `which leads to ${new URL(location, url).origin}`,
    );
    expect(connections.reached).toEqual([PUBLIC]);
    expect(names.asked).toEqual(['evil.example']);
  });
});

describe('the runner http of a deployment', () => {
  it.each([
    METADATA,
    '169.254.170.2',
    // Lambda serves the API of its runtime at one of these two.
    '127.0.0.1',
    '169.254.100.1',
    '0.0.0.0',
    '::',
    '::1',
    '::ffff:169.254.169.254',
    '::ffff:127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    'fd00:ec2::254',
    '168.63.129.16',
  ])('A listed name that leads to %s is refused', async (address) => {
    using connections = divertConnections();
    const { resolve } = nameServer(() => [address]);
    await expect(
      call('https://listed.example/', resolve, ['listed.example', '*', 'http://*:*']),
    ).rejects.toMatchObject(refusedFor(address));
    expect(connections.reached).toEqual([]);
  });

  it('A listed name may lead to a private address, and one that only a pattern covers may not', async () => {
    using connections = divertConnections();
    await using server = await startServer((_asked, response) => response.end());
    const port = server.host.split(':')[1];
    const { resolve } = nameServer(() => ['10.0.0.7']);
    await call(`http://db.corp.example:${port}/`, resolve, [`http://db.corp.example:${port}`]);
    expect(connections.reached).toEqual(['10.0.0.7']);
    await expect(
      call(`http://db.corp.example:${port}/`, resolve, ['http://*.corp.example:*']),
    ).rejects.toThrow(ConfigurationError);
    expect(server.asked).toHaveLength(1);
  });

  it('A host that is not listed is refused before its name is resolved', async () => {
    const names = nameServer(() => [PUBLIC]);
    await expect(call('https://other.example/', names.resolve, ['listed.example'])).rejects.toThrow(
      'The host "other.example" is not allowed.',
    );
    expect(names.asked).toEqual([]);
  });
});
