/** The routes of the lists of runs. */
import type { Hono } from 'hono';
import { wholeSites } from '../../../app/door/whole-lists.ts';
import type { RunPage } from '../../../app/operations/read-runs.ts';
import { CRONTAB_DEFAULTS } from '../../../core/domain/crontab-settings.ts';
import type { AdminEnv } from '../env.ts';
import { chosenZone, type PageContext, sendPage, siteOf, viewOf } from './respond.ts';
import { type RunsList, runsPage } from './runs-page.ts';
import { requestOf, runsQuery } from './runs-query.ts';

/** In seconds. */
const REFRESH = 10;

export function mountRunsPages(app: Hono<AdminEnv>): void {
  app.get('/runs', showAll);
  app.get('/sites/:site/runs', showOfSite);
}

async function showAll(context: PageContext) {
  const call = context.get('call');
  const query = runsQuery(context.req.query(), undefined);
  const [sites, page] = await Promise.all([
    wholeSites(call),
    call('readAllRuns', {}, requestOf(query, context.get('now'))),
  ]);
  const views = new Map(sites.map(({ site, settings }) => [site, viewOf(context, settings.timezone)]));
  const view = viewOf(context, CRONTAB_DEFAULTS.timezone);
  return send(context, { query, page, views, view, timezone: chosenZone(context) });
}

async function showOfSite(context: PageContext) {
  const call = context.get('call');
  const site = siteOf(context);
  const query = runsQuery(context.req.query(), site);
  const [{ settings }, page] = await Promise.all([
    call('readSite', { site }),
    call('readRuns', { site }, requestOf(query, context.get('now'))),
  ]);
  const view = viewOf(context, settings.timezone);
  return send(context, { query, page, views: new Map(), view, timezone: view.timezone });
}

interface Answers extends Pick<RunsList, 'query' | 'view' | 'views'> {
  readonly page: RunPage;
  readonly timezone: string | undefined;
}

function send(context: PageContext, { page: { runs, cursor }, timezone, ...list }: Answers) {
  const { query } = list;
  const { site } = query;
  return sendPage(context, {
    title: site === undefined ? 'Runs' : `Runs of ${site}`,
    ...(site !== undefined && { site }),
    timezone,
    body: runsPage({ ...list, runs, next: cursor }),
    refresh: query.cursor === undefined ? REFRESH : 0,
  });
}
