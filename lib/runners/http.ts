/**
 * A runner that calls a URL. Its settings are in http-environ.ts, the allowed URLs in allowed-url.ts. It follows redirects
 * itself, because fetch would follow one to a host that the deployment does not allow.
 */
import { CloudtabError, ConfigurationError } from '../core/domain/errors.ts';
import { refusal } from './allowed-url.ts';
import { HTTP_FIELDS, type HttpRequest, httpProblems, httpRequest, isExpected } from './http-environ.ts';
import { Runner } from './runner.ts';
import { deadline } from './timing.ts';

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
    const { timeoutSeconds } = request;
    const late = `${this.#describe(request)} was aborted: no complete response within ${timeoutSeconds} s (timeout).`;
    const limit = deadline(clock, timeoutSeconds, this.signal, new CloudtabError(late));
    const startedAt = clock.now();
    try {
      this.#allow(request);
      const answer = await this.#answer(request, limit.signal);
      this.#check(request, answer, clock.now() - startedAt);
    } catch (error) {
      // The reason of the abort explains more than the error of fetch.
      limit.signal.throwIfAborted();
      throw error;
    } finally {
      limit.cancel();
    }
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

  #allow(request: HttpRequest, before = ''): void {
    const reason = refusal(request.url, this.tools.limits.allowedHosts);
    if (reason) throw new ConfigurationError(`${before}${this.#describe(request)} was not sent. ${reason}`);
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
    const headers = new Headers({ 'user-agent': 'cloudtab', 'idempotency-key': this.token });
    request.headers.forEach((value, name) => {
      headers.set(name, value);
    });
    const { url, method, body } = request;
    try {
      const response = await this.tools.fetch(url.href, {
        method,
        headers,
        body,
        signal,
        redirect: 'manual',
      });
      const { status, statusText } = response;
      const location = REDIRECTS.has(status) ? response.headers.get('location') : null;
      return { status, statusText, location, text: await beginning(response) };
    } catch (error) {
      throw new CloudtabError(`${this.#describe(request)} got no answer: ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }

  #redirected(from: HttpRequest, status: number, location: string): HttpRequest {
    const before = `${this.#describe(from)} answered ${status}`;
    if (!URL.canParse(location, from.url.href)) {
      throw new CloudtabError(`${before} with a location that is no URL.`);
    }
    const url = new URL(location, from.url.href);
    // The headers for one host are not for another.
    const headers = new Headers(url.origin === from.url.origin ? from.headers : undefined);
    const becomesGet = status === 303 ? from.method !== 'HEAD' : status < 303 && from.method === 'POST';
    if (becomesGet) headers.delete('content-type');
    const same = { ...from, url, headers };
    const next = becomesGet ? { ...same, method: 'GET', body: undefined } : same;
    this.#allow(next, `${before}, which leads elsewhere. `);
    return next;
  }

  /** Without the query, which may hold anything; without the path too if the URL itself is a secret. */
  #describe({ method, url }: HttpRequest): string {
    const isPublic = typeof this.cron.environ.url === 'string';
    return this.redact(`${method} ${url.origin}${isPublic ? url.pathname : '/…'}`);
  }
}

/** The message of a failed fetch: its cause has the details. */
function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  const reason = cause instanceof Error ? cause : error;
  if (!(reason instanceof Error)) return String(reason);
  // The error of several addresses that all refused has no message.
  return reason.message || ('code' in reason ? String(reason.code) : reason.name);
}

async function beginning({ body }: Response): Promise<string> {
  if (!body) return '';
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
