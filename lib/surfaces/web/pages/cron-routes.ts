/** The routes of the pages of a cron, and its actions. */

import type { Hono } from 'hono';
import { wholeHistory } from '../../../app/door/whole-lists.ts';
import { nextRuns } from '../../../app/operations/preview.ts';
import { attempt, NotFoundError } from '../../../core/domain/errors.ts';
import { parseTime } from '../../../core/domain/parse-time.ts';
import type { AdminEnv } from '../env.ts';
import { cronHeader } from './cron-header.ts';
import { cronPage } from './cron-page.ts';
import { takeFlash } from './flash.ts';
import { type Form, readForm } from './form-data.ts';
import { historyPage } from './history-page.ts';
import { cronPath, runPath, sitePath } from './paths.ts';
import { refreshSeconds } from './refresh.ts';
import {
  act,
  chosenZone,
  cronOf,
  type Done,
  type PageContext,
  sendPage,
  viewOf,
  withTag,
} from './respond.ts';
import { rightsAt } from './rights.ts';
import { isEnded, parseWatch, watchText } from './run-watch.ts';
import { CHART_RUNS } from './runs-chart.ts';
import { confirmPage, type Question } from './simple-pages.ts';
import { noteOf } from './switch-form.ts';
import { whyAgainPage, whyPage } from './why-page.ts';

const CRON = '/sites/:site/crons/:uid';
const NEXT_RUNS = 10;

export function mountCronPages(app: Hono<AdminEnv>): void {
  app.get(CRON, showCron);
  app.post(`${CRON}/do`, doToCron);
  app.get(`${CRON}/history`, showHistory);
  app.get(`${CRON}/why`, showWhy);
}

async function showCron(context: PageContext) {
  const flash = takeFlash(context);
  const call = context.get('call');
  const place = cronOf(context);
  const request = { uid: place.uid, count: CHART_RUNS };
  const [cron, latest] = await Promise.all([call('readCron', place), call('readRuns', place, request)]);
  const { uid, site, definition, active, timezone, logs, job, settings } = cron;
  const now = context.get('now');
  const watching = parseWatch(context.req.query('watch'));
  const watched = watching?.uid === uid ? { cron, runId: watching.runId } : undefined;
  const periodicity = definition?.periodicity ?? '';
  const runs = active ? nextRuns({ periodicity, timezone, uid }, now, NEXT_RUNS) : [];
  const asked = Number(context.req.query('offset') ?? 0);
  const offset = Number.isInteger(asked) && asked > 0 && asked < logs.length ? asked : 0;
  const view = viewOf(context, timezone);
  const isWaiting = watched !== undefined && !isEnded(watched);
  return sendPage(context, {
    title: `${uid} · ${site}`,
    site,
    flash,
    timezone: view.timezone,
    body: cronPage({
      cron,
      runs,
      latest: latest.runs,
      offset,
      watched,
      rights: rightsAt(context.get('who'), site, settings.readOnly),
      view,
    }),
    refresh: refreshSeconds({
      now,
      next: job.next,
      running: job.running,
      isEager: isWaiting || flash !== undefined,
    }),
    waiting: isWaiting,
  });
}

async function showHistory(context: PageContext) {
  const place = cronOf(context);
  const { site, uid } = place;
  const call = context.get('call');
  const [cron, versions] = await Promise.all([call('readCron', place), wholeHistory(call, place)]);
  const view = viewOf(context, cron.timezone);
  const rights = rightsAt(context.get('who'), site, cron.settings.readOnly);
  const header = cronHeader(cron, 'history', rights);
  const restore = rights.edits && !rights.readOnly ? cronPath(site, uid, 'do') : undefined;
  const body = historyPage({ header, versions, view, restore, tag: cron.parameter.tag });
  const { timezone } = view;
  return sendPage(context, { title: `History of ${uid} · ${site}`, site, timezone, body });
}

/** The time is an instant, or in the zone of the cron as users write it; the present one if there is none. */
async function showWhy(context: PageContext) {
  const place = cronOf(context);
  const { site, uid } = place;
  const title = `Why? ${uid} · ${site}`;
  const now = context.get('now');
  const call = context.get('call');
  const asked = context.req.query('time') ?? 'now';
  // Links have instants, also those of a cron that was removed.
  const zone = /^now$|Z$/.test(asked) ? 'UTC' : (await call('readCron', place)).timezone;
  const read = attempt(() => parseTime(asked, { option: 'time', now, base: now, timezone: zone }));
  if (!('value' in read)) {
    const body = whyAgainPage(place, asked, zone, read.problems);
    return sendPage(context, { title, site, body }, 400);
  }
  const time = new Date(read.value).toISOString();
  const chosen = chosenZone(context);
  const answer = await call('why', place, { time, ...(chosen !== undefined && { timezone: chosen }) });
  const timezone = chosen ?? answer.effectiveTimezone;
  return sendPage(context, {
    title,
    site,
    timezone,
    body: whyPage(place, answer, timezone),
  });
}

async function doToCron(context: PageContext) {
  const form = await readForm(context);
  const { site, uid } = cronOf(context);
  const question = form.one('sure') === 'yes' ? undefined : questionOf(form, uid);
  if (question) {
    const back = cronPath(site, uid, form.one('do') === 'restore' ? 'history' : undefined);
    const fields = { do: form.one('do'), tag: form.one('tag'), version: form.one('version') };
    const body = confirmPage({ ...question, action: cronPath(site, uid, 'do'), fields, back });
    return sendPage(context, { title: question.title, site, body });
  }
  return act(context, cronPath(site, uid), () => carryOut(context, form));
}

/** The confirmation of an action that cannot be undone. */
function questionOf(form: Form, uid: string) {
  const questions: Record<string, Pick<Question, 'title' | 'text' | 'yes' | 'deletes'>> = {
    delete: {
      title: `Delete ${uid}?`,
      text: 'This deletes its parameter, so it does not run any more. It can be restored for 90 days, and its run records are kept until they expire.',
      yes: 'Delete',
      deletes: true,
    },
    'delete-all-logs': {
      title: `Delete all logs of ${uid}?`,
      text: 'The cron itself is kept.',
      yes: 'Delete all logs',
      deletes: true,
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

async function carryOut(context: PageContext, form: Form): Promise<Done> {
  const call = context.get('call');
  const place = cronOf(context);
  const { site, uid } = place;
  const to = cronPath(site, uid);
  const seen = withTag(place, form.one('tag'));
  switch (form.one('do')) {
    case 'run': {
      const { message, runId, logId } = await call('runCron', place, {
        evenOff: form.one('even-off') === 'yes',
      });
      const watched =
        form.one('to') === 'run' ? runPath(site, uid, logId) : `${to}?${watchText({ uid, runId })}`;
      return { message, to: watched };
    }
    case 'stop': {
      const id = form.one('id');
      return { ...(await call('stopRun', place, { id })), to: runPath(site, uid, id) };
    }
    case 'on':
    case 'off':
      return {
        ...(await call('switchCron', place, { activated: form.one('do') === 'on', ...noteOf(form) })),
        to,
      };
    case 'delete':
      return { ...(await call('removeCron', seen)), to: sitePath(site), fresh: [uid], removed: [uid] };
    case 'delete-logs': {
      const ids = form.all('log');
      if (ids.length === 0) return { message: 'Select at least one log first.', to, refused: true };
      return { ...(await call('deleteLogs', place, { ids })), to };
    }
    case 'delete-all-logs':
      return { ...(await call('deleteLogs', place, {})), to };
    case 'restore':
      return { ...(await call('rollbackCron', seen, { version: Number(form.one('version')) })), to };
    default:
      throw new NotFoundError(`Unknown action "${form.one('do')}".`);
  }
}
