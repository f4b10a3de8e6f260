/** The routes of the lists of runs. */
import type { Hono } from 'hono';
import type { Counts } from '../../../app/operations/crontab-view.ts';
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
  const request = requestOf(query, context.get('now'));
  const [{ items: sites }, page] = await Promise.all([
    call('listSites', {}, {}),
    call('readAllRuns', {}, request),
  ]);
  const isAnyRunning = sites.some(({ counts }) => hasLeases(counts));
  const running =
    isAnyRunning && beginsWithRunning(query)
      ? await call('readAllRuns', {}, { ...request, status: 'RUNNING' })
      : undefined;
  const timezones = new Map(sites.map(({ site, settings }) => [site, settings.timezone]));
  return send(context, { query, page, running, timezones, timezone: CRONTAB_DEFAULTS.timezone });
}

async function showOfSite(context: PageContext) {
  const call = context.get('call');
  const site = context.req.param('site') ?? '';
  const query = runsQuery(context.req.query(), site);
  const request = requestOf(query, context.get('now'));
  const [{ settings, counts }, page] = await Promise.all([
    call('readSite', { site }),
    call('readRuns', { site }, request),
  ]);
  const running =
    hasLeases(counts) && beginsWithRunning(query)
      ? await call('readRuns', { site }, { ...request, status: 'RUNNING' })
      : undefined;
  return send(context, { query, page, running, timezones: new Map(), timezone: settings.timezone });
}

/** A run whose process died counts as late. */
function hasLeases({ running, late }: Counts): boolean {
  return running + late > 0;
}

/** Whether the page begins with the runs in progress: only the first one. */
function beginsWithRunning({ show, until }: RunsQuery): boolean {
  return until === undefined && (show === 'attention' || show === 'all');
}

interface Answers {
  readonly query: RunsQuery;
  readonly page: RunPage;
  readonly running: RunPage | undefined;
  readonly timezones: ReadonlyMap<string, string>;
  readonly timezone: string;
}

function send(context: PageContext, { query, page, running, timezones, timezone }: Answers) {
  const { site } = query;
  return sendPage(context, {
    title: site === undefined ? 'Runs' : `Runs of ${site}`,
    ...(site !== undefined && { site }),
    body: runsPage({
      query,
      runs: [...(running?.runs ?? []), ...page.runs],
      next: page.cursor === undefined ? undefined : Number(page.cursor),
      now: context.get('now'),
      timezones,
      timezone,
    }),
    refresh: query.until === undefined ? REFRESH : 0,
  });
}
