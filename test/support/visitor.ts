/** A browser without scripts: requests pages, sends forms, follows redirects, keeps cookies. */
import { makeApp } from '../../lib/admin/app.ts';
import type { OperationPorts } from '../../lib/operations/ports.ts';
import type { RunLines } from '../../lib/ports/run-lines.ts';

export interface Seen {
  readonly status: number;
  /** The path after all redirects. */
  readonly path: string;
  readonly html: string;
  /** The visible text: without tags, with single spaces. */
  readonly text: string;
  readonly headers: Headers;
}

export type Fields = Readonly<Record<string, string | readonly string[]>>;

export class Visitor {
  readonly #app: ReturnType<typeof makeApp>;
  readonly #cookies = new Map<string, string>();

  constructor(ports: OperationPorts, lines?: RunLines) {
    this.#app = makeApp(ports, lines ? { lines } : {});
  }

  /** Sends the headers with the first request only, not with redirects. */
  get(path: string, headers: Record<string, string> = {}): Promise<Seen> {
    return this.#ask(path, { headers });
  }

  post(path: string, fields: Fields = {}): Promise<Seen> {
    const body = new URLSearchParams();
    for (const [name, values] of Object.entries(fields)) {
      for (const value of [values].flat()) body.append(name, value);
    }
    return this.#ask(path, { method: 'POST', body, headers: { 'Sec-Fetch-Site': 'same-origin' } });
  }

  async #ask(path: string, init: RequestInit): Promise<Seen> {
    const headers = new Headers(init.headers);
    headers.set('Accept', 'text/html');
    if (this.#cookies.size > 0)
      headers.set('Cookie', [...this.#cookies].map((pair) => pair.join('=')).join('; '));
    const response = await this.#app.request(path, { ...init, headers });
    this.#keep(response.headers.getSetCookie());
    const to = response.headers.get('Location');
    if (to?.startsWith('/')) return this.#ask(to, {});
    const html = await response.text();
    return { status: response.status, path: to ?? path, html, text: textOf(html), headers: response.headers };
  }

  #keep(cookies: readonly string[]): void {
    for (const cookie of cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/Max-Age=0/.test(cookie)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

/** The visible text of a page. */
export function textOf(html: string): string {
  return html
    .replace(/<(head|datalist|title)\b.*?<\/\1>/gs, ' ')
    .replace(/<span class="of">([^<]*)<\/span>/g, '$1')
    .replace(/<\/?(?:strong|time)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The value of the hidden input of that name. */
export function hidden({ html }: Seen, name: string): string {
  return new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
}
