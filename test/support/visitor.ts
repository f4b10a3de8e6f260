/** A browser without scripts: it requests pages, sends forms and follows redirects. Without cookies, as a browser may be. */
import { type HTMLElement, parse } from 'node-html-parser';
import { makeDoor } from '../../lib/app/door/call.ts';
import type { CallPorts } from '../../lib/app/door/operation.ts';
import { type AdminOptions, makeApp } from '../../lib/surfaces/web/app.ts';

export interface VisitedPage {
  readonly status: number;
  /** The path after all redirects, as the script of a page shows it: without the message of an action. */
  readonly path: string;
  readonly html: string;
  readonly document: HTMLElement;
  /** The visible text: without tags, with whitespace collapsed. */
  readonly text: string;
  readonly headers: Headers;
}

export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** The header of a request that a page of the dashboard causes. */
export const FROM_PAGE = { 'Sec-Fetch-Site': 'same-origin' };

export class Visitor {
  readonly #app: ReturnType<typeof makeApp>;

  constructor(ports: CallPorts, options: AdminOptions = {}) {
    this.#app = makeApp(makeDoor(ports), options);
  }

  /** Only the first request carries these headers, not those after a redirect. */
  get(path: string, headers: Record<string, string> = {}): Promise<VisitedPage> {
    return this.#request(path, { headers });
  }

  post(path: string, fields: Fields = {}): Promise<VisitedPage> {
    const body = new URLSearchParams();
    for (const [name, values] of Object.entries(fields)) {
      for (const value of [values].flat()) body.append(name, value);
    }
    return this.#request(path, { method: 'POST', body, headers: FROM_PAGE });
  }

  async #request(path: string, init: RequestInit): Promise<VisitedPage> {
    const headers = new Headers(init.headers);
    headers.set('Accept', 'text/html');
    const response = await this.#app.request(path, { ...init, headers });
    if (response.headers.has('Set-Cookie')) throw new Error(`${path} sets a cookie`);
    const location = response.headers.get('Location');
    if (location?.startsWith('/')) return this.#request(location, { headers: FROM_PAGE });
    const html = await response.text();
    return {
      status: response.status,
      path: location ?? path.replace(/[?&]flash=[\w-]+$/, ''),
      html,
      document: parse(html),
      text: textOf(html),
      headers: response.headers,
    };
  }
}

/** The visible text of a piece of HTML. */
export function textOf(html: string): string {
  return (
    html
      .replace(/<(head|datalist|title)\b.*?<\/\1>/gs, ' ')
      .replace(/<span class="of">([^<]*)<\/span>/g, '$1')
      .replace(/<\/?(?:bdi|strong|time)\b[^>]*>/g, '')
      .replace(/<[^>]*>/g, ' ')
      // cspell:ignore quot
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&')
      .replace(/\s+/g, ' ')
      .trim()
  );
}

/** The visible text of each element that matches the CSS selector. */
export function texts({ document }: Pick<VisitedPage, 'document'>, selector: string): string[] {
  return document.querySelectorAll(selector).map((element) => textOf(element.outerHTML));
}

/** The value of that attribute of each element that matches the CSS selector. */
export function attributes(
  { document }: VisitedPage,
  selector: string,
  name: string,
): (string | undefined)[] {
  return document.querySelectorAll(selector).map((element) => element.getAttribute(name));
}

/** Whether any element matches the CSS selector. */
export function has({ document }: VisitedPage, selector: string): boolean {
  return document.querySelector(selector) !== null;
}

/** The message that the last action left for this page; undefined when there is none. */
export function flash(page: VisitedPage): { kind: 'done' | 'refused'; message: string } | undefined {
  const [message] = texts(page, '#flash .flash p');
  if (message === undefined) return undefined;
  return { kind: has(page, '#flash .is-refused') ? 'refused' : 'done', message };
}

/** The value of the input or textarea of that name, or of its selected or checked option. */
export function inputValue({ document }: VisitedPage, name: string): string | undefined {
  const textarea = document.querySelector(`textarea[name="${name}"]`);
  if (textarea) return textarea.text.replace(/^\n/, '');
  const choice = document.querySelector(
    `select[name="${name}"] option[selected], input[type="radio"][name="${name}"][checked]`,
  );
  return (choice ?? document.querySelector(`input[name="${name}"]`))?.getAttribute('value');
}

/** The value of the hidden input of that name; empty when there is none. */
export function hidden({ document }: VisitedPage, name: string): string {
  return document.querySelector(`input[type="hidden"][name="${name}"]`)?.getAttribute('value') ?? '';
}
