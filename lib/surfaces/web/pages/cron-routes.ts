/** The routes of the pages of a cron, and its actions. */
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { CronDetail } from '../../../app/operations/cron-view.ts';
import { deleteLogs } from '../../../app/operations/delete-logs.ts';
import { forceRun } from '../../../app/operations/force-run.ts';
import { history, rollback } from '../../../app/operations/history.ts';
import { nextRuns } from '../../../app/operations/preview.ts';
import { readCron } from '../../../app/operations/read.ts';
import { removeCron } from '../../../app/operations/remove-cron.ts';
import { switchCron } from '../../../app/operations/switch-cron.ts';
import type { CrontabSettings } from '../../../core/domain/crontab-settings.ts';
import { NotFoundError } from '../../../core/domain/errors.ts';
import { settingsInForce } from '../../../core/domain/projection.ts';
import type { RunOutput } from '../../../core/ports/run-output.ts';
import type { AdminEnv } from '../env.ts';
import { cronPage } from './cron-page.ts';
import { takeFlash } from './flash.ts';
import { type Form, readForm } from './form-data.ts';
import { historyPage } from './history-page.ts';
import { crumbs } from './layout.ts';
import { cronPath, sitePath } from './paths.ts';
import { refreshSeconds } from './refresh.ts';
import { act, type Done, type PageContext, sendPage } from './respond.ts';
import { isEnded, parseWatch, watchText } from './run-watch.ts';
import { confirmPage, linesPage } from './simple-pages.ts';

const CRON = '/sites/:site/crons/:uid';
const NEXT_RUNS = 10;

export function mountCronPages(app: Hono<AdminEnv>, lines: RunOutput | undefined): void {
  app.get(CRON, (context) => now(context, lines !== undefined));
  app.post(`${CRON}/do`, doToCron);
  app.get(`${CRON}/history`, showHistory);
  app.get(`${CRON}/lines/:log`, (context) => showLines(context, lines));
}

/** Reads a cron and the settings of its crontab. */
export async function cronOf(context: PageContext): Promise<{ cron: CronDetail; settings: CrontabSettings }> {
  const { site, uid } = placeOf(context);
  const ports = context.get('ports');
  const [cron, { crontab }] = await Promise.all([readCron(ports, site, uid), ports.store.read(site, uid)]);
  return { cron, settings: settingsInForce(crontab) };
}

export function placeOf({ req }: PageContext): { readonly site: string; readonly uid: string } {
  return { site: req.param('site') ?? '', uid: req.param('uid') ?? '' };
}

async function now(context: PageContext, hasLines: boolean) {
  const flash = takeFlash(context);
  const { cron, settings } = await cronOf(context);
  const { uid, site, definition, active, timezone, logs, job } = cron;
  const plannedAt = context.get('ports').clock.now();
  const watching = parseWatch(context.req.query('watch'));
  const watched = watching?.uid === uid ? { cron, runId: watching.runId } : undefined;
  const periodicity = definition?.periodicity ?? '';
  const runs = active ? nextRuns({ periodicity, timezone, uid }, plannedAt, NEXT_RUNS) : [];
  const asked = Number(context.req.query('offset') ?? 0);
  const offset = Number.isInteger(asked) && asked > 0 && asked < logs.length ? asked : 0;
  const isWaiting = watched !== undefined && !isEnded(watched);
  return sendPage(context, {
    title: `${uid} · ${site}`,
    site,
    flash,
    body: cronPage({
      cron,
      runs,
      offset,
      hasLines,
      watched,
      readOnly: settings.readOnly,
      view: { now: plannedAt, timezone },
    }),
    refresh: refreshSeconds({
      now: plannedAt,
      next: job.next,
      running: job.running,
      isEager: isWaiting || flash !== undefined,
    }),
    waiting: isWaiting,
  });
}

async function showHistory(context: PageContext) {
  const ports = context.get('ports');
  const { site, uid } = placeOf(context);
  const [{ cron, settings }, versions] = await Promise.all([cronOf(context), history(ports, { site, uid })]);
  const view = { now: ports.clock.now(), timezone: cron.timezone };
  const body = historyPage({ cron, versions, view, readOnly: settings.readOnly });
  return sendPage(context, { title: `History of ${uid} · ${site}`, site, body });
}

async function showLines(context: PageContext, lines: RunOutput | undefined) {
  const { site, uid } = placeOf(context);
  const { logs, timezone } = await readCron(context.get('ports'), site, uid);
  const log = logs.find(({ id }) => id === context.req.param('log'));
  if (!lines || log?.runId === undefined || log.startedAt === undefined) {
    throw new NotFoundError(`The cron "${uid}" has no run with this output.`);
  }
  const run = { runId: log.runId, from: log.startedAt, to: log.date };
  if ('address' in lines) return context.redirect(lines.address(run));
  const title = html`${crumbs(site, html`<a href="${cronPath(site, uid)}">${uid}</a>`)}<div class="title"><h1>Run ${run.runId}</h1></div>`;
  return sendPage(context, {
    title: `Lines of ${uid} · ${site}`,
    site,
    body: linesPage(title, await lines.read(run), timezone),
  });
}

async function doToCron(context: PageContext) {
  const form = await readForm(context);
  const { site, uid } = placeOf(context);
  const question = form.one('sure') === 'yes' ? undefined : questionOf(form, uid);
  if (question) {
    const back = cronPath(site, uid, form.one('do') === 'restore' ? 'history' : undefined);
    const body = confirmPage({
      ...question,
      names: [],
      action: cronPath(site, uid, 'do'),
      fields: sentAlong(form),
      back,
    });
    return sendPage(context, { title: question.title, site, body });
  }
  return act(context, cronPath(site, uid), () => carryOut(context, form));
}

/** The confirmation of an action that cannot be undone. */
function questionOf(form: Form, uid: string) {
  const questions: Record<string, { title: string; text: string; yes: string }> = {
    delete: {
      title: `Delete ${uid}?`,
      text: 'This deletes its parameter and its logs, and it never runs again.',
      yes: 'Delete',
    },
    'delete-all-logs': {
      title: `Delete all logs of ${uid}?`,
      text: 'The cron itself is kept.',
      yes: 'Delete all logs',
    },
    restore: {
      title: `Restore version ${form.one('version')} of ${uid}?`,
      text: 'This saves the definition of that version as a new version. The current version stays in the history.',
      yes: 'Restore',
    },
  };
  const asked = form.one('do');
  return Object.hasOwn(questions, asked) ? questions[asked] : undefined;
}

function sentAlong(form: Form): [string, string][] {
  return ['do', 'tag', 'version'].map((name) => [name, form.one(name)]);
}

async function carryOut(context: PageContext, form: Form): Promise<Done> {
  const ports = context.get('ports');
  const { site, uid } = placeOf(context);
  const to = cronPath(site, uid);
  const tag = form.one('tag');
  const options = tag === '' ? {} : { expected: [tag] };
  switch (form.one('do')) {
    case 'run': {
      const { message, runId } = await forceRun(ports, site, uid);
      return { message, to: `${to}?${watchText({ uid, runId })}` };
    }
    case 'on':
      return { ...(await switchCron(ports, site, uid, true)), to };
    case 'off':
      return { ...(await switchCron(ports, site, uid, false)), to };
    case 'delete':
      return { ...(await removeCron(ports, site, uid, options)), to: sitePath(site), fresh: [uid] };
    case 'delete-logs': {
      const ids = form.all('log');
      if (ids.length === 0) return { message: 'Select at least one log first.', to, refused: true };
      return { ...(await deleteLogs(ports, site, uid, ids)), to };
    }
    case 'delete-all-logs':
      return { ...(await deleteLogs(ports, site, uid, 'all')), to };
    case 'restore':
      return { ...(await rollback(ports, { site, uid }, Number(form.one('version')), options)), to };
    default:
      throw new NotFoundError(`Unknown action "${form.one('do')}".`);
  }
}
