import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../lib/core/domain/cron.ts';
import { formatValue } from '../../lib/core/domain/problem.ts';
import { refusal } from '../../lib/runners/allowed-url.ts';
import { RunnerTable } from '../../lib/runners/table.ts';

const limits = { allowedHosts: ['example.com'], allowedFunctions: [], allowedUsers: [] };
const problemsOf = (environ: JsonObject) =>
  new RunnerTable({}, { bySite: { '*': limits } }).problems({ name: 'http', environ });

const url = 'https://example.com/';

describe('settings of the http runner', () => {
  it.each<JsonObject>([
    { url },
    { url: { $secret: 'hook' }, timeout: 0.5 },
    { url, method: 'POST', headers: { 'x-a': 'b', authorization: { $secret: 'token' } }, body: 'text' },
    { url, method: { $secret: 'method' }, body: { $secret: 'body' } },
    { url, body: [1], status: '3XX' },
    { url, status: [200, '4xx', '503'] },
  ])('The settings %j are valid', (environ) => {
    expect(problemsOf(environ)).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    ['url', {}, 'a string'],
    ['url', { url: 'example.com' }, 'a whole URL'],
    ['method', { url, method: 'get' }, 'one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
    [
      'headers',
      { url, headers: { 'x-a': 1 } },
      'an object of header names, without those of the connection, and one-line texts',
    ],
    ['body', { url, body: 1 }, 'a string or an object or a list'],
    ['status', { url, status: 600 }, 'a status such as 204, a class such as "2xx", or a list of them'],
    ['timeout', { url, timeout: 0 }, 'a number of seconds above 0'],
  ])('The setting %s is invalid in %j, because it wants %s', (name, environ, wanted) => {
    expect(problemsOf(environ)).toMatchObject([
      { where: `environ.${name}`, got: formatValue(environ[name]), wanted },
    ]);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['headers', { url, headers: { 'a b': 'c' } }, { url, headers: { 'x-a': 1 } }],
    ['headers', { url, headers: { a: 'b\r\nc: d' } }, { url, headers: { 'x-a': 1 } }],
    ['headers', { url, headers: { Host: 'other.example' } }, { url, headers: { 'x-a': 1 } }],
    ...(['ok', [], [[200]], [200, null]] as const).map((status): [string, JsonObject, JsonObject] => [
      'status',
      { url, status },
      { url, status: 600 },
    ]),
  ])('The setting %s is invalid in %j for the same reason as in %j', (name, environ, other) => {
    const [problem] = problemsOf(other);
    expect(problemsOf(environ)).toEqual([{ ...problem, got: formatValue(environ[name]) }]);
  });

  it.each<[string, JsonObject, string, JsonObject]>([
    ['url', {}, 'The URL to call, of a host that is allowed.', { url: 'https://example.com/ping' }],
    [
      'method',
      { url, method: 'get' },
      'The method; GET by default, POST if there is a body.',
      { method: 'POST' },
    ],
    [
      'headers',
      { url, headers: 1 },
      'Headers, each a text or a reference to a secret.',
      { headers: { authorization: { $secret: 'my-token' } } },
    ],
    [
      'body',
      { url, body: 1 },
      'The body to send: a text as it is, any other value as JSON.',
      { body: { text: 'hello' } },
    ],
    [
      'status',
      { url, status: 600 },
      'The expected status of the response; 2xx by default.',
      { status: [200, '3xx'] },
    ],
    [
      'timeout',
      { url, timeout: 0 },
      'Seconds until the response has to be complete; 30 by default.',
      { timeout: 10 },
    ],
  ])('The problem of the setting %s in %j explains it: %s', (_, environ, meaning, example) => {
    const [problem] = problemsOf(environ);
    expect(problem?.fix).toContain(meaning);
    expect(problem?.fix).toContain(JSON.stringify(example));
  });

  it('A URL whose host the deployment does not allow is invalid', () => {
    const other = 'https://other.example/path';
    expect(problemsOf({ url: other })).toEqual([
      {
        where: 'environ.url',
        got: '"https://other.example"',
        wanted: 'a URL that is allowed',
        fix: refusal(new URL(other), limits),
      },
    ]);
  });

  it('A body is invalid with a method that sends none', () => {
    expect(problemsOf({ url, method: 'GET', body: 'a' })).toEqual([
      {
        where: 'environ.body',
        got: '"a"',
        wanted: 'no body with the method GET',
        fix: 'Remove the body, or choose another method.',
      },
    ]);
  });

  it('The runner table reports all invalid settings at once', () => {
    expect(problemsOf({ url: 1, mehtod: 'GET', timeout: -1 })).toHaveLength(3);
  });

  it('A table without limits accepts any host', () => {
    expect(
      new RunnerTable({}).problems({ name: 'http', environ: { url: 'https://other.example/' } }),
    ).toEqual([]);
  });
});
