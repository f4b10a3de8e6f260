/** The routes of the settings of a crontab, and of their history. */

import type { Hono } from 'hono';
import { wholeHistory } from '../../../app/door/whole-lists.ts';
import type { Json } from '../../../core/domain/cron.ts';
import type { AdminEnv } from '../env.ts';
import { httpProblemOf } from '../http-error.ts';
import { redirectWithFlash } from './flash.ts';
import { changesAnswer, sentStored, settingsChanges } from './form-changes.ts';
import { type Form, readForm } from './form-data.ts';
import { historyPage } from './history-page.ts';
import { sitePath } from './paths.ts';
import { act, type PageContext, sendPage, siteOf, viewOf, withTag } from './respond.ts';
import { rightsAt } from './rights.ts';
import { type SettingsForm, settingsHeader, settingsPage } from './settings-page.ts';
import { confirmPage } from './simple-pages.ts';

/** Reading the latest state of any cron, even of one that does not exist, reads the latest settings too. */
export const SETTINGS = ['crontab'];

export function mountSettingsPages(app: Hono<AdminEnv>): void {
  app.get('/sites/:site/settings', (context) => settings(context));
  app.post('/sites/:site/settings', saveSettings);
  app.get('/sites/:site/history', showHistory);
}

async function showHistory(context: PageContext) {
  const site = siteOf(context);
  const call = context.get('call');
  const [crontab, versions] = await Promise.all([call('readSite', { site }), wholeHistory(call, { site })]);
  const { timezone, readOnly } = crontab.settings;
  const view = viewOf(context, timezone);
  const { edits } = rightsAt(context.get('who'), site, readOnly);
  const body = historyPage({
    header: settingsHeader(site, 'history'),
    versions,
    view,
    restore: edits && !readOnly ? sitePath(site, 'do') : undefined,
    tag: crontab.parameter?.tag,
  });
  return sendPage(context, {
    title: `History of the settings of ${site}`,
    site,
    timezone: view.timezone,
    body,
  });
}

/** Asks first. */
export async function restoreSettings(context: PageContext, form: Form) {
  const site = siteOf(context);
  const version = form.one('version');
  const tag = form.one('tag');
  const back = sitePath(site, 'history');
  if (form.one('sure') !== 'yes') {
    const title = `Restore version ${version} of the settings?`;
    const body = confirmPage({
      title,
      text: 'This saves the settings of that version as a new version. The current version stays in the history.',
      yes: 'Restore',
      action: sitePath(site, 'do'),
      fields: { do: 'restore', version, tag },
      back,
    });
    return sendPage(context, { title, site, body });
  }
  return act(context, back, async () => {
    const place = withTag({ site }, tag);
    const { message } = await context.get('call')('rollbackSite', place, { version: Number(version) });
    return { message, to: sitePath(site), fresh: SETTINGS };
  });
}

async function settings(
  context: PageContext,
  sent: Partial<SettingsForm> = {},
  status: 200 | 412 | 422 = 200,
) {
  const site = siteOf(context);
  const { settings: inForce, parameter } = await context.get('call')('readSite', { site });
  const problems = parameter?.problems ?? [];
  const form = { values: inForce, stored: inForce, problems, site, tag: parameter?.tag, isSent: false };
  return sendPage(
    context,
    { title: `Settings of ${site}`, site, body: settingsPage({ ...form, ...sent }) },
    status,
  );
}

async function saveSettings(context: PageContext) {
  const site = siteOf(context);
  const form = await readForm(context);
  const sent = {
    activated: form.one('activated') === 'on',
    readOnly: form.one('readOnly') === 'on',
    timezone: form.one('timezone').trim(),
  };
  if (form.one('do') === 'changes')
    return context.html(changesAnswer(settingsChanges(sentStored(form), sent)));
  const edit: Record<string, Json> = { ...sent, timezone: sent.timezone === '' ? null : sent.timezone };
  try {
    const { message } = await context.get('call')('editSite', withTag({ site }, form.one('tag')), edit);
    return redirectWithFlash(context, sitePath(site), { kind: 'done', message, fresh: SETTINGS });
  } catch (error) {
    const { status, problems, detail } = httpProblemOf(error);
    if (status === 422)
      return settings(context, { values: sent, problems: problems ?? [], isSent: true }, 422);
    if (status >= 500) throw error;
    return redirectWithFlash(context, sitePath(site), { kind: 'refused', message: detail });
  }
}
