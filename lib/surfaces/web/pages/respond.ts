/** Sends pages, and what is refused as a page. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { CloudtabError } from '../../../core/domain/errors.ts';
import { formatProblem } from '../../../core/domain/problem.ts';
import type { AdminEnv } from '../env.ts';
import { type HttpProblem, httpProblemOf } from '../http-error.ts';
import { redirectSaying, takeFlash } from './flash.ts';
import { layout, type Page } from './layout.ts';
import { refusalPage, refusalTitle } from './simple-pages.ts';

export type PageContext = Context<AdminEnv>;

/** The page, with what the last action did. */
export function sendPage(
  context: PageContext,
  page: Page,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  return context.html(layout({ flash: takeFlash(context), ...page }), status);
}

/** Whether a person asks with a browser; programs ask below /api. */
export function wantsPage({ req }: PageContext): boolean {
  return !req.path.startsWith('/api') && (req.header('Accept') ?? '').includes('text/html');
}

/** Why there is no such page, or why it did not work. */
export function sendRefusal(context: PageContext, refusal: HttpProblem): Response | Promise<Response> {
  return context.html(layout({ title: refusalTitle(refusal), body: refusalPage(refusal) }), refusal.status);
}

/** What an action that did its work has to say. */
export interface Done {
  readonly message: string;
  readonly to: string;
  readonly fresh?: readonly string[];
  /** Nothing of what was asked for was done, though nothing was wrong with asking. */
  readonly refused?: boolean;
}

/** Goes on to the next page, which tells what was done; or back, where it is told why it was not. */
export async function act(
  context: PageContext,
  back: string,
  action: () => Promise<Done>,
): Promise<Response> {
  try {
    const { message, to, fresh = [], refused = false } = await action();
    return redirectSaying(context, to, { kind: refused ? 'refused' : 'done', message, fresh });
  } catch (error) {
    if (!(error instanceof CloudtabError)) throw error;
    return redirectSaying(context, back, {
      kind: 'refused',
      message: reasonOf(httpProblemOf(error)),
      fresh: [],
    });
  }
}

function reasonOf({ detail, problems = [] }: HttpProblem): string {
  return [detail, ...problems.map(formatProblem)].join(' ');
}
