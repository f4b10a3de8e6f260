import { describe, expect, it } from 'vitest';
import { addressRefusal, refusal } from '../../lib/runners/allowed-url.ts';

describe('refusal', () => {
  it.each([
    ['https://api.example.com/a', 'api.example.com'],
    ['https://API.example.com/a', 'Api.Example.com'],
    ['https://api.example.com:443/', 'api.example.com'],
    ['https://api.example.com/', 'https://api.example.com'],
    ['https://api.example.com:8443/', 'api.example.com:8443'],
    ['https://api.example.com:8443/', 'api.example.com:*'],
    ['https://a.b.example.com/', '*.example.com'],
    ['https://example.com/', '*'],
    ['http://old.example.com/', 'http://old.example.com'],
    ['http://old.example.com:8080/', 'http://old.example.com:8080'],
    ['http://old.example.com:8080/', 'http://*.example.com:*'],
    ['http://localhost/', 'localhost'],
    ['http://localhost:3000/', 'localhost:*'],
    ['http://127.0.0.1:3000/', '127.0.0.1:3000'],
    ['http://[::1]:3000/', '[::1]:3000'],
    ['http://127.0.0.2:3000/', '127.0.0.0/8:*'],
    ['https://10.1.2.3/', '10.1.2.3'],
    ['https://10.1.2.3/', '10.0.0.0/8'],
    ['https://[fd00::1]:8443/', 'fd00::/8:8443'],
    ['https://169.254.169.254/', '169.254.169.254'],
  ])('A runner may call %s when %s is allowed', (url, entry) => {
    expect(refusal(new URL(url), { allowedHosts: ['other.example', entry] })).toBeUndefined();
  });

  it('A refusal names the host, the allowed hosts, and the entry to add', () => {
    expect(refusal(new URL('https://example.com/'), { allowedHosts: [] })).toBe(
      'The host "example.com" is not allowed. A site without limits of its own may call: none. ' +
        'Add "example.com" to allowedHosts in the limits of the deployment, for the site or for "*", and deploy it.',
    );
    expect(refusal(new URL('http://example.com/'), { allowedHosts: ['a.example', '*'] })).toBe(
      'The host "example.com" is not allowed without encryption. A site without limits of its own may call: a.example, *. ' +
        'Add "http://example.com" to allowedHosts in the limits of the deployment, for the site or for "*", and deploy it.',
    );
  });

  /** The values in a refusal: the host, the allowed hosts, and the entry to add. */
  const containsInOrder = (...values: string[]) =>
    new RegExp(values.map((value) => value.replace(/[.*+?^$()[\]|/]/g, '\\$&')).join('.*'));

  it.each([
    ['https://example.com/', 'api.example.com'],
    ['https://example.com/', '*.example.com'],
    ['https://badexample.com/', '*.example.com'],
    ['https://example.com.evil.test/', 'example.com'],
    ['https://api.example.com:8443/', 'api.example.com'],
    ['https://api.example.com:8443/', '*'],
    ['https://api.example.com/', 'api.example.com:8443'],
    ['https://old.example.com/', 'http://old.example.com'],
    ['https://example.com/', ''],
  ])('A runner may not call %s when "%s" is allowed', (url, entry) => {
    const { host } = new URL(url);
    expect(refusal(new URL(url), { allowedHosts: [entry] })).toMatch(
      containsInOrder(`"${host}"`, entry, `"${host}"`),
    );
  });

  it.each([['example.com'], ['https://example.com'], ['*'], ['*.com'], ['example.com:80']])(
    'A runner may not call a URL without encryption when %s is allowed',
    (entry) => {
      expect(refusal(new URL('http://example.com/'), { allowedHosts: [entry] })).toMatch(
        containsInOrder('"example.com"', entry, '"http://example.com"'),
      );
    },
  );

  it('A runner may not call a URL of another scheme, whatever is allowed', () => {
    expect(refusal(new URL('file:///etc/passwd'), { allowedHosts: ['*'] })).toBe(
      'The scheme "file:" cannot be called, only https: and http:.',
    );
  });

  it('A runner may not call a URL with credentials, and the refusal does not repeat them', () => {
    expect(refusal(new URL('https://me:hunter2@example.com/'), { allowedHosts: ['*'] })).toBe(
      'A URL may not hold a user and a password. Give them as the header "authorization", from a secret.',
    );
  });
});

describe('addressRefusal', () => {
  const everywhere = ['*:*', 'http://*:*'];

  it.each([
    ['https://example.com/', '93.184.216.34', []],
    ['https://example.com/', '2606:4700::1', []],
    ['https://example.com/', '64:ff9b::5db8:d822', []],
    ['http://nas.example:5000/', '192.168.1.5', ['http://nas.example:5000']],
    ['http://nas.example:5000/', '192.168.1.5', ['http://192.168.1.5:5000']],
    ['http://nas.example:5000/', 'fd00::5', ['http://[fd00::5]:*']],
    ['https://nas.example/', '::ffff:192.168.1.5', ['192.168.0.0/16']],
    ['https://vpn.example/', '100.64.0.9', ['vpn.example']],
    ['http://localhost:8080/', '127.0.0.1', ['localhost:*']],
    ['http://app.localhost:8080/', '::1', ['app.localhost:8080']],
    ['http://localhost:8080/', '127.0.0.1', ['127.0.0.1:*']],
    ['http://metadata.example/', '169.254.169.254', ['http://169.254.169.254']],
  ])('%s may be called at %s when %j is named', (url, address, named) => {
    expect(
      addressRefusal(new URL(url), address, { allowedHosts: [...everywhere, ...named] }),
    ).toBeUndefined();
  });

  const refusals: [string, string, readonly string[]][] = [
    ['https://nas.example/', '192.168.1.5', ['*.example']],
    ['http://nas.example:5000/', '192.168.1.5', ['nas.example', 'http://nas.example']],
    ['https://vpn.example/', '100.64.0.9', []],
    ['https://api.example/', '127.0.0.1', ['api.example']],
    ['https://api.example/', '::1', ['api.example', 'localhost']],
    ['https://api.example/', '::ffff:127.0.0.1', ['api.example']],
    ['https://api.example/', '64:ff9b::7f00:1', ['api.example']],
    ['https://api.example/', '0.0.0.0', ['api.example', 'localhost']],
    ['https://api.example/', '::', ['api.example']],
    ['http://localhost:9001/', '127.0.0.1', ['127.0.0.1:8080', 'localhost:8080']],
    ['http://api.example/', '169.254.169.254', ['http://api.example', '*']],
    ['https://api.example/', 'fe80::1', ['api.example']],
    ['https://api.example/', 'fd00:ec2::254', ['api.example']],
    ['https://api.example/', '100.100.100.200', ['api.example']],
    ['https://api.example/', '168.63.129.16', ['api.example']],
    ['https://api.example/', '2002:7f00:1::', ['api.example']],
    ['https://api.example/', '224.0.0.1', ['api.example']],
    ['https://api.example/', '255.255.255.255', ['api.example']],
  ];
  it.each(refusals)('%s may not be called at %s when %j is allowed', (url, address, allowed) => {
    const reason = addressRefusal(new URL(url), address, { allowedHosts: [...everywhere, ...allowed] });
    expect(reason).toContain(address);
  });

  it('A refusal names the property of a deployment, or the command of the folder, that allows the address', () => {
    const url = new URL('http://nas.example:5000/');
    expect(addressRefusal(url, '192.168.1.5', { allowedHosts: [] })).toBe(
      'The host "nas.example:5000" has the address 192.168.1.5, which belongs to a private network and is allowed only by name. ' +
        'Add "http://nas.example:5000" to allowedHosts in the limits of the deployment, for the site or for "*", and deploy it.',
    );
    expect(addressRefusal(url, '127.0.0.1', { allowedHosts: [], folder: '.cloudtab' })).toBe(
      'The host "nas.example:5000" has the address 127.0.0.1, which leads to this machine itself and is allowed only by name. ' +
        'Run: cloudtab allow http://127.0.0.1:5000 --dir .cloudtab',
    );
    expect(addressRefusal(new URL('https://nas.example'), 'fe80::1', { allowedHosts: [], folder: 'x' })).toBe(
      'The host "nas.example" has the address fe80::1, which is link-local or reserved and is allowed only by name. ' +
        "Run: cloudtab allow '[fe80::1]' --dir x",
    );
  });

  it.each([
    'http://localhost:8080/',
    'https://localhost/',
    'https://localhost./',
    'https://app.localhost/',
    'https://127.0.0.2/',
    'https://0x7f.1/',
    'https://[::ffff:127.0.0.1]/',
    'https://10.0.0.5/',
    'http://169.254.169.254/latest/meta-data/',
  ])('The text of the URL %s shows already that it is not public', (url) => {
    expect(refusal(new URL(url), { allowedHosts: everywhere })).toContain('allowed only by name');
  });
});
