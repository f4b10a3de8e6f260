/** The top of the pages of a cron: name, health, actions and tabs. */
import { html, raw } from 'hono/html';
import type { CronView } from '../../../app/operations/cron-view.ts';
import { healthBadge } from './badges.ts';
import { type Html, NOTHING } from './html.ts';
import { crumbs } from './layout.ts';
import { listPath } from './list-query.ts';
import { cronPath, sitePath } from './paths.ts';
import type { Rights } from './rights.ts';
import { switchForm } from './switch-form.ts';
import { userText } from './user-text.ts';

export type CronTab = 'now' | 'edit' | 'history';

export function cronHeader(cron: CronView, tab: CronTab, rights: Rights): Html {
  const { site, uid, definition, unreadable, health } = cron;
  const none = unreadable ? 'It cannot be read.' : 'No version has been valid.';
  return html`${crumbs(site, uid)}
<div class="title" id="title" data-live><div><h1>${uid} ${healthBadge(health)}</h1>
<p class="faint">${definition ? html`${definition.name}${definition.user === undefined ? NOTHING : html` as ${userText(definition.user)}`}` : none}</p>${definition?.description === undefined ? NOTHING : html`<p class="faint" dir="auto">${definition.description}</p>`}${tagLinks(site, definition?.tags)}</div>
<div class="actions">${tab === 'edit' ? duplicateLink(cron, rights) : actions(cron, rights)}</div></div>
<nav class="tabs" aria-label="About this cron">${tabLink(cronPath(site, uid), 'Now', tab === 'now')}${rights.edits ? tabLink(cronPath(site, uid, 'edit'), 'Edit', tab === 'edit') : NOTHING}${tabLink(cronPath(site, uid, 'history'), 'History', tab === 'history')}</nav>`;
}

function tagLinks(site: string, tags: readonly string[] = []): Html {
  if (tags.length === 0) return NOTHING;
  return html`<p><span class="hidden">Tags: </span>${tags.map((tag) => html`<a class="tag" href="${listPath(site, { tag })}">${tag}</a> `)}</p>`;
}

function actions({ site, uid, definition, unreadable, active, parameter }: CronView, rights: Rights): Html {
  if (!rights.operates) return NOTHING;
  const isOff = definition !== undefined && !active;
  const unlessReadOnly = rights.readOnly ? raw(' disabled') : NOTHING;
  const action = cronPath(site, uid, 'do');
  return html`<form method="post" action="${action}" data-run><button class="primary" name="do" value="run" id="run-now"${definition && !unreadable ? NOTHING : raw(' disabled')}>${isOff ? 'Run once, stays off' : 'Run now'}</button>${isOff ? html`<input type="hidden" name="even-off" value="yes">` : NOTHING}
${duplicateLink({ site, uid }, rights)}</form>
${definition ? switchForm({ action, activated: definition.activated, readOnly: rights.readOnly }) : NOTHING}
${rights.edits ? html`<form method="post" action="${action}"><input type="hidden" name="tag" value="${parameter.tag}"><button class="danger" name="do" value="delete"${unlessReadOnly}>Delete</button></form>` : NOTHING}`;
}

function duplicateLink({ site, uid }: Pick<CronView, 'site' | 'uid'>, { edits, readOnly }: Rights): Html {
  if (!edits || readOnly) return NOTHING;
  return html`<a class="button" href="${sitePath(site, 'new')}?from=${encodeURIComponent(uid)}">Duplicate</a>`;
}

export function tabLink(path: string, text: string, current: boolean): Html {
  return html`<a href="${path}"${current ? raw(' aria-current="page"') : NOTHING}>${text}</a>`;
}
