/** The routes of the lists of runs. */
import type { Hono } from 'hono';
import { wholeSites } from '../../../app/door/whole-lists.ts';
import type { RunPage } from '../../../app/operations/read-runs.ts';
import { CRONTAB_DEFAULTS } from '../../../core/domain/crontab-settings.ts';
import type { AdminEnv } from '../env.ts';
import { type PageContext, sendPage } from './respond.ts';
import { runsPage } from './runs-page.ts';
import { type RunsQuery, requestOf, runsQuery } from './runs-query.ts';

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
  const timezones = new Map(sites.map(({ site, settings }) => [site, settings.timezone]));
  return send(context, { query, page, timezones, timezone: CRONTAB_DEFAULTS.timezone });
}

async function showOfSite(context: PageContext) {
  const call = context.get('call');
  const site = context.req.param('site') ?? '';
  const query = runsQuery(context.req.query(), site);
  const [{ settings }, page] = await Promise.all([
    call('readSite', { site }),
    call('readRuns', { site }, requestOf(query, context.get('now'))),
  ]);
  return send(context, { query, page, timezones: new Map(), timezone: settings.timezone });
}

interface Answers {
  readonly query: RunsQuery;
  readonly page: RunPage;
  readonly timezones: ReadonlyMap<string, string>;
  readonly timezone: string;
}

function send(context: PageContext, { query, page: { runs, cursor }, timezones, timezone }: Answers) {
  const { site } = query;
  return sendPage(context, {
    title: site === undefined ? 'Runs' : `Runs of ${site}`,
    ...(site !== undefined && { site }),
    body: runsPage({ query, runs, next: cursor, now: context.get('now'), timezones, timezone }),
    refresh: query.cursor === undefined ? REFRESH : 0,
  });
}
