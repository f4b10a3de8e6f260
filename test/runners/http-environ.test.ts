import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../lib/domain/cron.ts';
import { problemText } from '../../lib/domain/problem.ts';
import { RunnerTable } from '../../lib/runners/table.ts';

const limits = { allowedHosts: ['example.com'], allowedFunctions: [], allowedUsers: [] };

function problems(environ: JsonObject): string[] {
  return new RunnerTable({}, limits).problems('http', environ).map(problemText);
}

const url = 'https://example.com/';

describe('settings that are fine', () => {
  it.each<JsonObject>([
    { url },
    { url: { $secret: 'hook' }, timeout: 0.5 },
    { url, method: 'POST', headers: { 'x-a': 'b', authorization: { $secret: 'token' } }, body: 'text' },
    { url, method: { $secret: 'method' }, body: { $secret: 'body' } },
    { url, body: [1], status: '3XX' },
    { url, status: [200, '4xx', '503'] },
  ])('%j', (environ) => {
    expect(problems(environ)).toEqual([]);
  });
});

describe('settings that are not', () => {
  it.each<[JsonObject, string]>([
    [
      {},
      'environ.url: got nothing, wanted a string. The URL to call, of a host that the deployment allows. ' +
        'For example {"url":"https://example.com/ping"}.',
    ],
    [
      { url: 'example.com' },
      'environ.url: got "example.com", wanted a whole URL. The URL to call, of a host that the deployment allows. ' +
        'For example {"url":"https://example.com/ping"}.',
    ],
    [
      { url: 'https://other.example/path' },
      'environ.url: got "https://other.example", wanted a URL that this deployment allows. ' +
        'The host "other.example" is not allowed. This deployment allows: example.com. ' +
        'Add "other.example" to allowedHosts.',
    ],
    [
      { url, method: 'get' },
      'environ.method: got "get", wanted one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS. ' +
        'The method; GET unless said otherwise, POST when there is a body. For example {"method":"POST"}.',
    ],
    [
      { url, headers: { 'x-a': 1 } },
      'environ.headers: got {"x-a":1}, wanted an object of header names and one-line texts. ' +
        'Headers, each a text or a reference to a secret. ' +
        'For example {"headers":{"authorization":{"$secret":"my-token"}}}.',
    ],
    [
      { url, headers: { 'a b': 'c' } },
      'environ.headers: got {"a b":"c"}, wanted an object of header names and one-line texts. ' +
        'Headers, each a text or a reference to a secret. ' +
        'For example {"headers":{"authorization":{"$secret":"my-token"}}}.',
    ],
    [
      { url, headers: { a: 'b\r\nc: d' } },
      'environ.headers: got {"a":"b\\r\\nc: d"}, wanted an object of header names and one-line texts. ' +
        'Headers, each a text or a reference to a secret. ' +
        'For example {"headers":{"authorization":{"$secret":"my-token"}}}.',
    ],
    [
      { url, body: 1 },
      'environ.body: got 1, wanted a string or an object or a list. ' +
        'What to send: a text as it is, anything else as JSON. For example {"body":{"text":"hello"}}.',
    ],
    [
      { url, method: 'GET', body: 'a' },
      'environ.body: got "a", wanted no body with the method GET. Remove the body, or choose another method.',
    ],
    ...([600, 'ok', [], [[200]], [200, null]] as const).map((status): [JsonObject, string] => [
      { url, status },
      `environ.status: got ${JSON.stringify(status)}, wanted a status such as 204, a class such as "2xx", or a list ` +
        'of them. The status that is wanted of the answer; 2xx unless said otherwise. ' +
        'For example {"status":[200,"3xx"]}.',
    ]),
    [
      { url, timeout: 0 },
      'environ.timeout: got 0, wanted a number of seconds above 0. ' +
        'Seconds until the answer has to be there; 30 unless said otherwise. For example {"timeout":10}.',
    ],
  ])('%j', (environ, text) => {
    expect(problems(environ)).toEqual([text]);
  });

  it('are all told at once', () => {
    expect(problems({ url: 1, mehtod: 'GET', timeout: -1 })).toHaveLength(3);
  });
});

it('does not judge hosts where the limits are not known', () => {
  expect(new RunnerTable({}).problems('http', { url: 'https://other.example/' })).toEqual([]);
});
