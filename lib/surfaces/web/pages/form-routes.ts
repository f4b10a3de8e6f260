/** The form for new crons and for edits: showing it, previewing, saving, and giving it back with what is wrong. */
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { addCron } from '../../../app/operations/add-cron.ts';
import { draftCron } from '../../../app/operations/draft-cron.ts';
import { editCron } from '../../../app/operations/edit-cron.ts';
import type { CronResult } from '../../../app/operations/operation-result.ts';
import { currentSettings } from '../../../app/operations/preconditions.ts';
import { preview } from '../../../app/operations/preview.ts';
import { readCron as judge } from '../../../core/domain/cron-schema.ts';
import { type FieldChange, InvalidError, VersionConflictError } from '../../../core/domain/errors.ts';
import type { Problem } from '../../../core/domain/problem.ts';
import type { AdminEnv } from '../env.ts';
import { type HttpProblem, httpProblemOf } from '../http-error.ts';
import { cronForm, type FormDraft } from './cron-form.ts';
import { cronHeader } from './cron-header.ts';
import { cronOf, placeOf } from './cron-routes.ts';
import { type CronValues, fieldsOf, newFieldsOf, sentValues, valuesOf } from './cron-values.ts';
import { readForm } from './form-data.ts';
import { type Html, NOTHING } from './html.ts';
import { cronPath, newCronPath, previewPath, sitePath } from './paths.ts';
import { previewView } from './preview-view.ts';
import { act, type PageContext, sendPage } from './respond.ts';

export function mountFormPages(app: Hono<AdminEnv>): void {
  app.get('/sites/:site/preview', showPreview);
  app.get('/sites/:site/new', (context) => showNew(context, {}));
  app.post('/sites/:site/new', saveNew);
  app.get('/sites/:site/crons/:uid/edit', (context) => showEdit(context, {}));
  app.post('/sites/:site/crons/:uid/edit', saveEdit);
}

/** The part of the form that says what the schedule means, for the script. */
function showPreview(context: PageContext) {
  const { periodicity = '', timezone = '', crontabTimezone = '', uid = '' } = context.req.query();
  const zone = timezone.trim() === '' ? crontabTimezone : timezone.trim();
  return context.html(previewOf(context, { periodicity: periodicity.trim(), zone, uid }));
}

function previewOf(
  context: PageContext,
  { periodicity, zone, uid }: { periodicity: string; zone: string; uid: string },
): Html {
  const ports = context.get('ports');
  const found = periodicity === '' ? undefined : preview(ports, { periodicity, timezone: zone, uid });
  return previewView(found, { now: ports.clock.now(), timezone: found?.runs.length ? zone : 'UTC' });
}

/** What is shown instead of what stands: what was typed, and what came of it. */
interface Sent {
  readonly values?: CronValues;
  readonly problems?: readonly Problem[];
  readonly tag?: string;
  readonly banner?: Html;
  readonly status?: HttpProblem['status'];
}

async function showNew(context: PageContext, sent: Sent) {
  const site = context.req.param('site') ?? '';
  const ports = context.get('ports');
  const { timezone, readOnly } = await currentSettings(ports, site);
  const values = sent.values ?? valuesOf('', {}, []);
  const form = formOf(context, {
    site,
    values,
    timezone,
    readOnly,
    action: newCronPath(site),
    back: sitePath(site),
    problems: sent.problems ?? [],
    isSent: true,
  });
  const body = newCronHeader(site, sent.banner, cronForm(form));
  return sendPage(context, { title: `New cron · ${site}`, site, body }, sent.status ?? 200);
}

async function showEdit(context: PageContext, sent: Sent) {
  const ports = context.get('ports');
  const { site, uid } = placeOf(context);
  const [{ cron, settings }, draft] = await Promise.all([cronOf(context), draftCron(ports, site, uid)]);
  const runners = ports.runners.describe().map(({ name }) => name);
  const form = formOf(context, {
    site,
    uid,
    values: sent.values ?? valuesOf(uid, draft.fields, runners),
    timezone: settings.timezone,
    readOnly: settings.readOnly,
    action: cronPath(site, uid, 'edit'),
    back: cronPath(site, uid),
    problems: sent.problems ?? draft.problems,
    isSent: sent.values !== undefined,
    tag: sent.tag ?? draft.tag,
  });
  const body = html`${cronHeader(cron, 'edit', settings.readOnly)}${sent.banner ?? NOTHING}${cronForm(form)}`;
  return sendPage(context, { title: `Edit ${uid} · ${site}`, site, body }, sent.status ?? 200);
}

type Shown = Pick<
  FormDraft,
  'site' | 'uid' | 'values' | 'timezone' | 'readOnly' | 'action' | 'back' | 'problems' | 'isSent' | 'tag'
>;

function formOf(context: PageContext, shown: Shown): FormDraft {
  const { site, uid = '', values } = shown;
  const { periodicity } = values;
  const ports = context.get('ports');
  const zone = values.timezone === '' ? shown.timezone : values.timezone;
  // What is wrong is said at the fields already.
  const isWrong = shown.problems.some(({ where }) => where === 'periodicity' || where === 'timezone');
  const isEmpty = periodicity === '' || isWrong;
  const found = isEmpty ? undefined : preview(ports, { periodicity, timezone: zone, uid: uid || values.uid });
  return {
    ...shown,
    runners: ports.runners.describe(),
    preview: found,
    view: { now: ports.clock.now(), timezone: found?.runs.length ? zone : 'UTC' },
    previewPath: previewPath(site),
  };
}

async function saveNew(context: PageContext) {
  const site = context.req.param('site') ?? '';
  const ports = context.get('ports');
  const form = await readForm(context);
  const values = sentValues(form.one);
  if (form.one('do') === 'preview') return showNew(context, { values });
  const { fields, problems } = newFieldsOf(values);
  const check = { newUid: () => ports.random.id(), runners: ports.runners };
  return save(context, {
    again: (sent) => showNew(context, { values, ...sent }),
    write: () => {
      refuseWith(problems, judge(fields, check).problems);
      return addCron(ports, site, fields);
    },
  });
}

async function saveEdit(context: PageContext) {
  const { site, uid } = placeOf(context);
  const ports = context.get('ports');
  const form = await readForm(context);
  const values = { ...sentValues(form.one), uid };
  const tag = form.one('tag');
  if (form.one('do') === 'preview') return showEdit(context, { values, tag });
  const { fields, problems } = fieldsOf(values);
  return save(context, {
    again: (sent) => showEdit(context, { values, tag, ...sent }),
    write: () => {
      refuseWith(problems, judge({ ...fields, uid }, { runners: ports.runners }).problems);
      return editCron(ports, site, uid, fields, tag === '' ? {} : { expected: [tag] });
    },
  });
}

/** Text that is no JSON cannot be judged as an environ: what else is wrong is told with it. */
function refuseWith(own: readonly Problem[], others: readonly Problem[]): void {
  if (own.length === 0) return;
  throw new InvalidError([...others.filter(({ where }) => !/^environ\b/.test(where)), ...own]);
}

interface Saving {
  readonly write: () => Promise<CronResult>;
  readonly again: (sent: Sent) => Response | Promise<Response>;
}

async function save(context: PageContext, { write, again }: Saving) {
  try {
    const { message, cron } = await write();
    const to = cronPath(cron.site, cron.uid);
    return await act(context, to, async () => ({ message, to }));
  } catch (error) {
    const refusal = httpProblemOf(error);
    const { status, detail, problems, changes } = refusal;
    if (status >= 500 || status === 404) throw error;
    if (problems) return again({ problems, status });
    // Saving again means to have seen it: what was typed replaces what stands now.
    if (error instanceof VersionConflictError)
      return again({ problems: [], tag: error.tag, banner: refusedBanner(detail, changes), status });
    return again({ problems: [], banner: refusedBanner(detail), status });
  }
}

/** Says why a valid form was not saved, and which fields have changed since it was opened. */
function refusedBanner(detail: string, changes: readonly FieldChange[] = []): Html {
  return html`<section class="banner is-refused" role="alert"><h2>Not saved</h2><p>${detail}</p>${
    changes.length > 0
      ? html`<ul>${changes.map(({ field, was, is }) => html`<li><code>${field}</code>${was === undefined ? NOTHING : html` was <code>${was}</code>`}${is === undefined ? NOTHING : html`, is now <code>${is}</code>`}</li>`)}</ul><p>What you typed is still here. Saving it again replaces that.</p>`
      : NOTHING
  }</section>`;
}

function newCronHeader(site: string, banner: Html | undefined, form: Html): Html {
  return html`<nav class="crumbs" aria-label="Where you are"><a href="${sitePath(site)}">${site}</a> <span aria-hidden="true">/</span> new</nav>
<div class="title"><h1>New cron</h1></div>${banner ?? NOTHING}${form}`;
}
