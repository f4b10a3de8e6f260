/** The responses of the dashboard: pages, refusals as pages, and redirects after actions. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { CloudtabError } from '../../../core/domain/errors.ts';
import { SITE } from '../../../core/domain/names.ts';
import { formatProblem } from '../../../core/domain/problem.ts';
import { isTimeZone } from '../../../core/domain/time-zone.ts';
import type { AdminEnv } from '../env.ts';
import { type HttpProblem, httpProblemOf } from '../http-error.ts';
import { type Flash, redirectWithFlash, takeFlash } from './flash.ts';
import { layout, type Page } from './layout.ts';
import { refusalPage, refusalTitle } from './simple-pages.ts';
import type { Viewpoint } from './time-view.ts';

export type PageContext = Context<AdminEnv>;

/** Sends the page with the flash message of the last action. */
export function sendPage(
  context: PageContext,
  page: Page,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  const reading = context.get('reading');
  const waiting = reading ? { reading, refresh: 1 } : {};
  const events = context.get('events');
  return context.html(layout({ flash: takeFlash(context), events, ...page, ...waiting }), status);
}

/** The site in the path of a page. */
export function siteOf({ req }: PageContext): string {
  return req.param('site') ?? '';
}

/** The cron in the path of a page. */
export function cronOf(context: PageContext): { readonly site: string; readonly uid: string } {
  return { site: siteOf(context), uid: context.req.param('uid') ?? '' };
}

/** The place of a change that replaces only the version with that tag; with an empty tag any version. */
export function withTag<Place extends object>(place: Place, tag: string): Place & { expected?: string[] } {
  return tag === '' ? place : { ...place, expected: [tag] };
}

/** The time zone that the reader chose, which the script sends; undefined for none, or for one that does not exist. */
export function chosenZone({ req }: PageContext): string | undefined {
  const zone = req.header('Time-Zone');
  return zone !== undefined && isTimeZone(zone) ? zone : undefined;
}

/** The present, in the zone that the reader chose, else in that of the crontab or the cron. */
export function viewOf(context: PageContext, timezone: string): Viewpoint {
  return { now: context.get('now'), timezone: chosenZone(context) ?? timezone };
}

/** Whether a browser requests a page; programs send their requests to /api. */
export function wantsPage({ req }: PageContext): boolean {
  return !req.path.startsWith('/api') && (req.header('Accept') ?? '').includes('text/html');
}

/** Sends the reason of a refusal as a page. */
export function sendRefusal(context: PageContext, refusal: HttpProblem): Response | Promise<Response> {
  const [, , site = '', page] = context.req.path.split('/');
  const body = refusalPage(refusal, page !== undefined && SITE.test(site) ? site : undefined);
  return context.html(layout({ title: refusalTitle(refusal), body }), refusal.status);
}

/** The result of an action. */
export interface Done extends Omit<Flash, 'kind'> {
  /** The path of the next page. */
  readonly to: string;
  /** The request was valid, but nothing was done. */
  readonly refused?: boolean;
}

/**
 * Redirects to the next page with the message of the action, or to `back` with the reason of a refusal. An action may also
 * answer with a page itself.
 */
export async function act(
  context: PageContext,
  back: string,
  action: () => Promise<Done | Response>,
): Promise<Response> {
  try {
    const done = await action();
    if (done instanceof Response) return done;
    const { to, refused, ...flash } = done;
    return redirectWithFlash(context, to, { kind: refused ? 'refused' : 'done', ...flash });
  } catch (error) {
    if (!(error instanceof CloudtabError)) throw error;
    return redirectWithFlash(context, back, { kind: 'refused', message: reasonOf(httpProblemOf(error)) });
  }
}

function reasonOf({ detail, problems = [] }: HttpProblem): string {
  return [detail, ...problems.map(formatProblem)].join(' ');
}
