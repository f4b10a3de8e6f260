/**
 * A runner that calls a URL. Its settings are in http-environ.ts, the URLs and addresses that are allowed in allowed-url.ts,
 * and send-request.ts sends a request. A redirect is followed within the origin of the URL only: what another host answers, with
 * whatever was meant for this one, is not what the cron asks for.
 */
import type { IncomingMessage } from 'node:http';
import { CloudtabError, ConfigurationError } from '../core/domain/errors.ts';
import { addressRefusal, refusal } from './allowed-url.ts';
import { HTTP_FIELDS, type HttpRequest, httpProblems, httpRequest, isExpected } from './http-environ.ts';
import { Runner } from './runner.ts';
import { sendRequest } from './send-request.ts';
import { withDeadline } from './timing.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const SHOWN_CHARACTERS = 200;
/** The runner reads no more of a response. */
const MAX_BYTES = 65_536;

interface Answer {
  readonly status: number;
  readonly statusText: string;
  /** The target of a redirect. */
  readonly location: string | null;
  /** The beginning of the body. */
  readonly text: string;
}

export class HttpRunner extends Runner {
  static readonly summary = 'Calls a URL and expects a status.';
  static readonly environ = HTTP_FIELDS;
  static readonly check = httpProblems;

  async run() {
    const request = httpRequest(this.environ);
    const { clock } = this.tools;
    const { timeoutSeconds: seconds } = request;
    const late = `${this.#describe(request)} was aborted: no complete response within ${seconds} s (timeout).`;
    const startedAt = clock.now();
    await withDeadline({ clock, seconds, error: new CloudtabError(late) }, this.signal, async (signal) => {
      const reason = refusal(request.url, this.tools.limits);
      if (reason) throw this.#notSent(request, reason);
      const answer = await this.#answer(request, signal);
      this.#check(request, answer, clock.now() - startedAt);
    });
  }

  #check(request: HttpRequest, { status, statusText, text }: Answer, milliseconds: number): void {
    const answered = `${this.#describe(request)} answered ${`${status} ${statusText}`.trim()}`;
    if (isExpected(status, request.status)) {
      this.log.info(answered, { code: 'http-answered', status, milliseconds });
      return;
    }
    // Redact before cutting: half a secret would not be found.
    const excerpt = this.redact(text).replace(/\s+/g, ' ').trim().slice(0, SHOWN_CHARACTERS);
    const wanted = [request.status].flat().join(' or ');
    throw new CloudtabError(
      `${answered}, wanted ${wanted}${excerpt ? `: ${excerpt}` : '. The answer was empty.'}`,
    );
  }

  #notSent(request: HttpRequest, reason: string): ConfigurationError {
    return new ConfigurationError(`${this.#describe(request)} was not sent. ${this.redact(reason)}`);
  }

  /** The first response whose status is expected, or that is no redirect. */
  async #answer(first: HttpRequest, signal: AbortSignal): Promise<Answer> {
    let request = first;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const answer = await this.#send(request, signal);
      if (isExpected(answer.status, first.status) || answer.location === null) return answer;
      request = this.#redirected(request, answer.status, answer.location);
    }
    throw new CloudtabError(`${this.#describe(first)} was redirected more than ${MAX_REDIRECTS} times.`);
  }

  async #send(request: HttpRequest, signal: AbortSignal): Promise<Answer> {
    const headers = new Headers({ 'idempotency-key': this.token });
    if (request.body !== undefined) headers.set('content-type', 'text/plain;charset=UTF-8');
    request.headers.forEach((value, name) => {
      headers.set(name, value);
    });
    const { resolve, limits } = this.tools;
    const refused = (address: string) => addressRefusal(request.url, address, limits);
    try {
      const response = await sendRequest({ ...request, headers }, { signal, resolve, refused });
      const { statusCode: status = 0, statusMessage: statusText = '' } = response;
      const { location = null } = REDIRECTS.has(status) ? response.headers : {};
      return { status, statusText, location, text: await beginning(response) };
    } catch (error) {
      if (error instanceof ConfigurationError) throw this.#notSent(request, error.message);
      throw new CloudtabError(`${this.#describe(request)} got no answer: ${reasonOf(error)}`);
    }
  }

  #redirected(from: HttpRequest, status: number, location: string): HttpRequest {
    const before = `${this.#describe(from)} answered ${status}`;
    if (!URL.canParse(location, from.url.href)) {
      throw new CloudtabError(`${before} with a location that is no URL.`);
    }
    const url = new URL(location, from.url.href);
    if (url.origin !== from.url.origin) {
      throw new CloudtabError(
        this.redact(
          `${before}, which leads to ${url.origin}${url.pathname}: redirects to another origin are not followed. Set the URL to the one that answers.`,
        ),
      );
    }
    const headers = new Headers(from.headers);
    const becomesGet = status === 303 ? from.method !== 'HEAD' : status < 303 && from.method === 'POST';
    if (becomesGet) headers.delete('content-type');
    const same = { ...from, url, headers };
    return becomesGet ? { ...same, method: 'GET', body: undefined } : same;
  }

  /** Without the query, which may hold anything; without the path too if the URL itself is a secret. */
  #describe({ method, url }: HttpRequest): string {
    const isPublic = typeof this.cron.environ.url === 'string';
    return this.redact(`${method} ${url.origin}${isPublic ? url.pathname : '/…'}`);
  }
}

/** The message of a failed request. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The error of several addresses that all refused has no message.
  return error.message || ('code' in error ? String(error.code) : error.name);
}

async function beginning(body: IncomingMessage): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    text += decoder.decode(chunk, { stream: true });
    if (bytes >= MAX_BYTES) break;
  }
  return text;
}
