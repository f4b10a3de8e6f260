/** The routes of the form for new crons and edits. A form that is refused is shown again with its problems. */
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { wholeRunners } from '../../../app/door/whole-lists.ts';
import { policyWarnings } from '../../../app/operations/cron-warnings.ts';
import type { CronResult } from '../../../app/operations/operation-result.ts';
import { clearSecretWarnings } from '../../../core/domain/clear-secrets.ts';
import { readCron } from '../../../core/domain/cron-schema.ts';
import { type FieldChange, InvalidError, VersionConflictError } from '../../../core/domain/errors.ts';
import { UID } from '../../../core/domain/names.ts';
import type { Problem } from '../../../core/domain/problem.ts';
import type { AdminEnv } from '../env.ts';
import { type HttpProblem, httpProblemOf } from '../http-error.ts';
import { changeItems } from './changes-list.ts';
import { cronForm, type FormDraft } from './cron-form.ts';
import { cronHeader } from './cron-header.ts';
import { type CronValues, fieldsOf, newFieldsOf, sentValues, valuesOf } from './cron-values.ts';
import { redirectWithFlash } from './flash.ts';
import { changesAnswer, cronChanges, sentStored } from './form-changes.ts';
import { readForm } from './form-data.ts';
import { type Html, NOTHING } from './html.ts';
import { crumbs } from './layout.ts';
import { cronPath } from './paths.ts';
import { previewView } from './preview-view.ts';
import { chosenZone, cronOf, type PageContext, sendPage, siteOf, viewOf, withTag } from './respond.ts';
import { rightsAt } from './rights.ts';
import { secretsOf } from './secret-field.ts';

export function mountFormPages(app: Hono<AdminEnv>): void {
  app.get('/sites/:site/preview', showPreview);
  app.get('/sites/:site/new', (context) => showNew(context, {}));
  app.post('/sites/:site/new', saveNew);
  app.get('/sites/:site/crons/:uid/edit', (context) => showEdit(context, {}));
  app.post('/sites/:site/crons/:uid/edit', saveEdit);
}

/** The preview for the script. */
async function showPreview(context: PageContext) {
  const { periodicity = '', timezone = '', uid = '' } = context.req.query();
  const schedule = { periodicity: periodicity.trim(), timezone: timezone.trim(), uid };
  const draft = await previewOf(context, schedule);
  return context.html(previewView(draft.preview, draft.view));
}

/** An empty time zone is that of the crontab. */
async function previewOf(
  context: PageContext,
  { periodicity, timezone, uid }: Readonly<Record<'periodicity' | 'timezone' | 'uid', string>>,
): Promise<Pick<FormDraft, 'preview' | 'view'>> {
  if (periodicity === '') return { preview: undefined, view: viewOf(context, 'UTC') };
  const input = { periodicity, ...(timezone !== '' && { timezone }), ...(UID.test(uid) && { uid }) };
  const preview = await context
    .get('call')('previewCron', { site: siteOf(context) }, input)
    .catch((error: unknown) => {
      if (error instanceof InvalidError) return { timezone, runs: [], problems: error.problems };
      throw error;
    });
  return { preview, view: viewOf(context, preview.timezone) };
}

/** The stored version that the form shows. */
type Stored = Omit<FormDraft, 'isSent' | 'warnings' | 'preview' | 'view'>;

/** A submitted form, shown instead of the stored version, and the reason of its refusal. */
type Sent = Partial<Pick<FormDraft, 'values' | 'problems' | 'tag'>> & {
  readonly banner?: Html;
  readonly status?: HttpProblem['status'];
};

async function showNew(context: PageContext, sent: Sent) {
  const site = siteOf(context);
  const { runner, from } = context.req.query();
  const call = context.get('call');
  const { timezone, readOnly } = await call('readSettings', { site });
  const copied = from === undefined ? undefined : await call('draftCron', { site, uid: from });
  const [runners, secrets] = await Promise.all([wholeRunners(call, site), secretsOf(context, site)]);
  const header = html`${crumbs(site, 'new')}
<div class="title"><h1>New cron</h1></div>`;
  return sendForm(
    context,
    header,
    {
      site,
      values: valuesOf('', copied?.fields ?? (runner === undefined ? {} : { name: runner }), runners),
      problems: [],
      runners,
      secrets,
      timezone,
      readOnly,
      newSite: isNewSite(context),
    },
    sent,
  );
}

async function showEdit(context: PageContext, sent: Sent) {
  const place = cronOf(context);
  const { site, uid } = place;
  const call = context.get('call');
  const [cron, { fields, problems, tag }, runners, secrets] = await Promise.all([
    call('readCron', place),
    call('draftCron', place),
    wholeRunners(call, site),
    secretsOf(context, site),
  ]);
  const { timezone, readOnly } = cron.settings;
  const values = valuesOf(uid, fields, runners);
  const header = cronHeader(cron, 'edit', rightsAt(context.get('who'), site, readOnly));
  const stored = { site, uid, values, problems, stored: fields, tag, timezone, readOnly, runners, secrets };
  return sendForm(context, header, stored, sent);
}

async function sendForm(
  context: PageContext,
  header: Html,
  stored: Stored,
  { banner, status, ...input }: Sent,
) {
  const draft = { ...stored, ...input, isSent: input.values !== undefined };
  const { site, uid, values, problems } = draft;
  // The field already shows the problems of a schedule.
  const isInvalid = problems.some(({ where }) => where === 'periodicity' || where === 'timezone');
  const schedule = {
    periodicity: isInvalid ? '' : values.periodicity,
    timezone: values.timezone || draft.timezone,
    uid: uid ?? values.uid,
  };
  const form = cronForm({
    ...draft,
    warnings: warningsOf(values, site, context.get('option')),
    ...(await previewOf(context, schedule)),
  });
  const title = `${uid === undefined ? 'New cron' : `Edit ${uid}`} · ${site}`;
  return sendPage(
    context,
    { title, site, timezone: chosenZone(context), body: html`${header}${banner ?? NOTHING}${form}` },
    status,
  );
}

/** None for values that are not valid. */
function warningsOf(values: CronValues, site: string, option: string | undefined): FormDraft['warnings'] {
  const { cron } = readCron(fieldsOf(values).fields, { uid: values.uid || 'new' });
  if (!cron) return {};
  return { maxLateness: policyWarnings(cron), environ: clearSecretWarnings(cron.environ, site, option) };
}

/** Whether the user asked for a site that does not exist yet. */
function isNewSite({ req }: PageContext): boolean {
  return req.query('newSite') === 'true';
}

async function saveNew(context: PageContext) {
  const site = siteOf(context);
  const form = await readForm(context);
  const values = sentValues(form.one, await wholeRunners(context.get('call'), site));
  if (form.one('do') === 'preview') return showNew(context, { values });
  const { fields, problems } = newFieldsOf(values);
  const place = isNewSite(context) ? { site, newSite: true } : { site };
  return save(context, {
    again: (sent) => showNew(context, { values, ...sent }),
    write: () => {
      throwProblems(problems, readCron(fields, { newUid: () => 'new', site }).problems);
      return context.get('call')('addCron', place, fields);
    },
  });
}

async function saveEdit(context: PageContext) {
  const place = cronOf(context);
  const { site, uid } = place;
  const form = await readForm(context);
  const runners = await wholeRunners(context.get('call'), site);
  const values = { ...sentValues(form.one, runners), uid };
  const tag = form.one('tag');
  if (form.one('do') === 'changes') return context.html(changesAnswer(cronChanges(sentStored(form), values)));
  if (form.one('do') === 'preview') return showEdit(context, { values, tag });
  const { fields, problems } = fieldsOf(values);
  if (form.one('do') === 'review') {
    const { problems: others } = readCron({ ...fields, uid }, { site });
    return showEdit(context, { values, tag, problems: [...others, ...problems] });
  }
  return save(context, {
    again: (sent) =>
      sent.status === 404
        ? showNew(context, { values, ...sent })
        : showEdit(context, { values, tag, ...sent }),
    write: () => {
      throwProblems(problems, readCron({ ...fields, uid }, { site }).problems);
      return context.get('call')('editCron', withTag(place, tag), fields);
    },
  });
}

/** Throws if the environ is not JSON, together with the problems of the other fields. */
function throwProblems(ofEnviron: readonly Problem[], others: readonly Problem[]): void {
  if (ofEnviron.length === 0) return;
  throw new InvalidError([...others.filter(({ where }) => !/^environ\b/.test(where)), ...ofEnviron]);
}

interface Saving {
  readonly write: () => Promise<CronResult>;
  /** Shows the form again. */
  readonly again: (sent: Sent) => Response | Promise<Response>;
}

async function save(context: PageContext, { write, again }: Saving) {
  try {
    const { message, cron } = await write();
    const to = cronPath(cron.site, cron.uid);
    return redirectWithFlash(context, to, { kind: 'done', message });
  } catch (error) {
    const { status, detail, problems, changes } = httpProblemOf(error);
    if (status >= 500) throw error;
    if (problems) return again({ problems, status });
    // With the new tag, saving again replaces the version that the user has now seen.
    if (error instanceof VersionConflictError)
      return again({
        problems: [],
        tag: error.tag,
        banner: refusedBanner(detail, changes),
        status,
      });
    const note = status === 404 ? ' Your input is kept; saving it adds a cron.' : '';
    return again({ problems: [], banner: refusedBanner(`${detail}${note}`), status });
  }
}

/** The reason why a valid form was not saved, and the fields that changed since the form was opened. */
function refusedBanner(detail: string, changes: readonly FieldChange[] = []): Html {
  return html`<section class="banner is-refused" role="alert"><h2>Not saved</h2><p class="sentence">${detail}</p>${
    changes.length > 0
      ? html`<ul class="changes">${changeItems(changes)}</ul><p>Your input is kept. <a href="#changes">Saving it again</a> replaces these changes.</p>`
      : NOTHING
  }</section>`;
}
