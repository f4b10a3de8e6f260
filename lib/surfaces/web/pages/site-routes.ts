/** The routes of the pages of a site, and the actions on its crontab and on several crons. */
import type { Hono } from 'hono';
import { may } from '../../../app/door/call.ts';
import { wholeSites } from '../../../app/door/whole-lists.ts';
import type { AdminEnv } from '../env.ts';
import { doToSelected } from './bulk.ts';
import { takeFlash } from './flash.ts';
import { type Form, readForm } from './form-data.ts';
import { listPath, listQuery } from './list-query.ts';
import { overviewPage } from './overview-page.ts';
import { newSitePath, SITES_PATH, sitePath } from './paths.ts';
import { refreshSeconds } from './refresh.ts';
import { act, chosenZone, type Done, type PageContext, sendPage, siteOf, viewOf } from './respond.ts';
import { rightsAt } from './rights.ts';
import { isEnded, parseWatch, watchText } from './run-watch.ts';
import { restoreSettings, SETTINGS } from './settings-routes.ts';
import { sitesPage } from './sites-page.ts';
import { noteOf } from './switch-form.ts';

export function mountSitePages(app: Hono<AdminEnv>): void {
  app.get('/', async (context) => {
    const { items } = await context.get('call')('siteNames', {}, { count: 2 });
    const [first, ...others] = items;
    return context.redirect(first !== undefined && others.length === 0 ? sitePath(first) : SITES_PATH);
  });
  app.get(SITES_PATH, sites);
  app.get('/sites/:site', overview);
  app.post('/sites/:site/do', doToSite);
}

async function sites(context: PageContext) {
  const added = context.req.query('new');
  if (added !== undefined && added !== '') return context.redirect(newSitePath(added), 303);
  const all = await wholeSites(context.get('call'));
  const body = sitesPage(all, (zone) => viewOf(context, zone), may(context.get('who'), 'addCron'));
  return sendPage(context, { title: 'Sites', timezone: chosenZone(context), body, refresh: 20 });
}

async function overview(context: PageContext) {
  const call = context.get('call');
  const site = siteOf(context);
  const flash = takeFlash(context);
  const watching = parseWatch(context.req.query('watch'));
  const fresh = [...(flash?.fresh ?? []), ...(watching ? [watching.uid] : [])];
  const crontab = await call('readWholeSite', { site, fresh: [...new Set(fresh)] });
  const isThere = crontab.crons.some(({ uid }) => uid === watching?.uid);
  const watched =
    watching && isThere
      ? { cron: await call('readCron', { site, uid: watching.uid }), runId: watching.runId }
      : undefined;
  const isWaiting = watched !== undefined && !isEnded(watched);
  const view = viewOf(context, crontab.settings.timezone);
  const query = listQuery(context.req.query());
  const rights = rightsAt(context.get('who'), site, crontab.settings.readOnly);
  return sendPage(context, {
    title: site,
    site,
    flash,
    timezone: view.timezone,
    list: listPath(site, query),
    body: overviewPage({ crontab, query, view, watched, rights, option: context.get('option') }),
    refresh: refreshSeconds({
      now: view.now,
      next: crontab.counts.next?.plannedAt,
      running: crontab.counts.running > 0,
      isEager: isWaiting || flash !== undefined,
    }),
    waiting: isWaiting,
  });
}

async function doToSite(context: PageContext) {
  const site = siteOf(context);
  const form = await readForm(context);
  const back = backOf(form, site);
  const asked = form.one('do');
  if (form.one('run') !== '') return act(context, back, () => runOne(context, site, form.one('run'), back));
  if (asked === 'crontab-on' || asked === 'crontab-off') {
    return act(context, back, async () => {
      const activated = asked === 'crontab-on';
      const { message } = await context.get('call')('switchSite', { site }, { activated, ...noteOf(form) });
      return { message, to: back, fresh: SETTINGS };
    });
  }
  if (asked === 'restore') return restoreSettings(context, form);
  return act(context, back, () => doToSelected(context, { site, form, back }));
}

async function runOne(context: PageContext, site: string, uid: string, back: string): Promise<Done> {
  const { message, runId } = await context.get('call')('runCron', { site, uid }, {});
  return {
    message,
    to: `${back}${back.includes('?') ? '&' : '?'}${watchText({ uid, runId })}`,
    fresh: [uid],
  };
}

/** The list from which the form was sent, never the address of another site, as a header can hold it. */
function backOf(form: Form, site: string): string {
  const { origin } = new URL('http://dashboard.invalid');
  const back = URL.parse(form.one('back'), origin);
  const isList = back?.origin === origin && back.pathname === sitePath(site);
  return isList ? `${back.pathname}${back.search}` : sitePath(site);
}
