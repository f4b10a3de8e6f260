import { describe, expect, it } from 'vitest';
import { refusal } from '../../lib/runners/allowed-url.ts';

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
  ])('A runner may call %s when %s is allowed', (url, entry) => {
    expect(refusal(new URL(url), ['other.example', entry])).toBeUndefined();
  });

  it('A refusal names the host, the allowed hosts, and the entry to add', () => {
    expect(refusal(new URL('https://example.com/'), [])).toBe(
      'The host "example.com" is not allowed. This deployment allows: none. Add "example.com" to allowedHosts.',
    );
    expect(refusal(new URL('http://example.com/'), ['a.example', '*'])).toBe(
      'The host "example.com" is not allowed without encryption. This deployment allows: a.example, *. ' +
        'Add "http://example.com" to allowedHosts.',
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
    ['https://localhost/', '*'],
    ['https://example.com/', ''],
  ])('A runner may not call %s when "%s" is allowed', (url, entry) => {
    const { host } = new URL(url);
    expect(refusal(new URL(url), [entry])).toMatch(containsInOrder(`"${host}"`, entry, `"${host}"`));
  });

  it.each([['example.com'], ['https://example.com'], ['*'], ['*.com'], ['example.com:80']])(
    'A runner may not call a URL without encryption when %s is allowed',
    (entry) => {
      expect(refusal(new URL('http://example.com/'), [entry])).toMatch(
        containsInOrder('"example.com"', entry, '"http://example.com"'),
      );
    },
  );

  it('A runner may not call a URL of another scheme, whatever is allowed', () => {
    expect(refusal(new URL('file:///etc/passwd'), ['*'])).toBe(
      'The scheme "file:" cannot be called, only https: and http:.',
    );
  });

  it('A runner may not call a URL with credentials, and the refusal does not repeat them', () => {
    expect(refusal(new URL('https://me:hunter2@example.com/'), ['*'])).toBe(
      'A URL may not hold a user and a password. Give them as the header "authorization", from a secret.',
    );
  });
});
