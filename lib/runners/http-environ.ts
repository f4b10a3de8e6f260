/** The settings of the `http` runner: their descriptions, their validation, and the request that they describe. */
import type { Json, JsonObject } from '../core/domain/cron.ts';
import { ConfigurationError } from '../core/domain/errors.ts';
import { formatValue, type Problem } from '../core/domain/problem.ts';
import type { EnvironFields } from '../core/domain/runner-description.ts';
import { isSecretReference } from '../core/domain/secret-reference.ts';
import { refusal } from './allowed-url.ts';
import { refusalProblems } from './limits.ts';
import type { Written } from './runner.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const WITHOUT_BODY: ReadonlySet<Json> = new Set(['GET', 'HEAD']);
/** Headers that belong to the connection: the runner sets them itself. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const DEFAULT_TIMEOUT_SECONDS = 30;

export const HTTP_FIELDS: EnvironFields = {
  url: {
    type: 'string',
    required: true,
    meaning: 'The URL to call, of a host that is allowed.',
    example: 'https://example.com/ping',
    wanted: (url) => (URL.canParse(String(url)) ? undefined : 'a whole URL'),
  },
  method: {
    type: 'string',
    meaning: 'The method; GET by default, POST if there is a body.',
    example: 'POST',
    values: METHODS,
  },
  headers: {
    type: 'object',
    meaning: 'Headers, each a text or a reference to a secret.',
    example: { authorization: { $secret: 'my-token' } },
    wanted: (headers) =>
      isHeaders(headers)
        ? undefined
        : 'an object of header names, without those of the connection, and one-line texts',
  },
  body: {
    type: ['string', 'object', 'list'],
    meaning: 'The body to send: a text as it is, any other value as JSON.',
    example: { text: 'hello' },
  },
  status: {
    type: ['number', 'string', 'list'],
    meaning: 'The expected status of the response; 2xx by default.',
    example: [200, '3xx'],
    wanted: (status) =>
      isStatus(status) ? undefined : 'a status such as 204, a class such as "2xx", or a list of them',
  },
  timeout: {
    type: 'number',
    meaning: `Seconds until the response has to be complete; ${DEFAULT_TIMEOUT_SECONDS} by default.`,
    example: 10,
    wanted: (timeout) => (Number(timeout) > 0 ? undefined : 'a number of seconds above 0'),
  },
};

/** The settings with their defaults and without references. */
export interface HttpRequest {
  readonly url: URL;
  readonly method: string;
  /** Those of the settings alone. */
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly status: Json;
  readonly timeoutSeconds: number;
}

/** The request of an environ that has no problems and no references. Throws ConfigurationError if a secret is not a URL. */
export function httpRequest({ url, method, headers, body, status, timeout }: JsonObject): HttpRequest {
  if (!URL.canParse(String(url)))
    throw new ConfigurationError('The secret of the setting "url" is not a URL.');
  const given = new Headers(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
  const isJson = typeof body === 'object';
  if (isJson && !given.has('content-type')) given.set('content-type', 'application/json');
  return {
    url: new URL(String(url)),
    method: String(method ?? (body === undefined ? 'GET' : 'POST')),
    headers: given,
    body: body === undefined ? undefined : isJson ? JSON.stringify(body) : String(body),
    status: status ?? '2xx',
    timeoutSeconds: Number(timeout ?? DEFAULT_TIMEOUT_SECONDS),
  };
}

/** Whether the status of a response equals the wanted one, or is in the wanted class or list. */
export function isExpected(status: number, wanted: Json): boolean {
  if (Array.isArray(wanted)) return wanted.some((one: Json) => isExpected(status, one));
  const text = String(wanted).toLowerCase();
  return text.endsWith('xx') ? text[0] === String(status)[0] : text === String(status);
}

/** The problems of settings of the right types: a host that is not allowed, a body that cannot be sent. */
export function httpProblems({ environ, limits }: Written): Problem[] {
  const { url, method, body } = environ;
  const problems: Problem[] = [];
  if (limits && typeof url === 'string') {
    const parsed = new URL(url);
    const reason = refusal(parsed, limits);
    problems.push(...refusalProblems('environ.url', parsed.origin, 'a URL that is allowed', reason));
  }
  if (body !== undefined && method !== undefined && WITHOUT_BODY.has(method)) {
    problems.push({
      where: 'environ.body',
      got: formatValue(body),
      wanted: `no body with the method ${method}`,
      fix: 'Remove the body, or choose another method.',
    });
  }
  return problems;
}

function isStatus(value: Json): boolean {
  if (Array.isArray(value))
    return value.length > 0 && value.every((one: Json) => !Array.isArray(one) && isStatus(one));
  return /^[1-5](\d\d|xx)$/i.test(String(value));
}

function isHeaders(value: Json): boolean {
  return Object.entries(value ?? {}).every(
    ([name, text]: [string, Json]) =>
      /^[\w!#$%&'*+.^`|~-]+$/.test(name) &&
      !OF_CONNECTION.has(name.toLowerCase()) &&
      (isSecretReference(text) || (typeof text === 'string' && /^[^\r\n\0]*$/.test(text))),
  );
}
