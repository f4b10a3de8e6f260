/** The versions of a cron: their authors and changes, and how to restore them. */
import { html, raw } from 'hono/html';
import type { CronView } from '../../../app/operations/cron-view.ts';
import type { VersionView } from '../../../app/operations/history.ts';
import type { FieldChange } from '../../../core/domain/errors.ts';
import { cronHeader } from './cron-header.ts';
import { type Html, NOTHING } from './html.ts';
import { cronPath } from './paths.ts';
import { problemList } from './problems-view.ts';
import type { Rights } from './rights.ts';
import { timeView, type Viewpoint } from './time-view.ts';

export interface History {
  readonly cron: CronView;
  readonly versions: readonly VersionView[];
  readonly view: Viewpoint;
  readonly rights: Rights;
}

export function historyPage({ cron, versions, view, rights }: History): Html {
  return html`${cronHeader(cron, 'history', rights)}
<section class="card" aria-labelledby="history-title"><div class="head"><h2 id="history-title">History</h2><p class="faint">newest first</p></div>
<ol class="versions">${versions.map((version) => versionItem(version, { cron, view, rights }))}</ol></section>`;
}

function versionItem(version: VersionView, { cron, view, rights }: Omit<History, 'versions'>): Html {
  const { modified, changes, current, definition, problems } = version;
  const state = current ? html` <span class="tag">current</span>` : NOTHING;
  const invalid = problems ? html` <span class="tag is-refused">not valid</span>` : NOTHING;
  return html`<li id="version-${version.version}"><div class="version"><p><strong>Version ${version.version}</strong>${state}${invalid} <span class="faint">${whoText(version)}, ${timeView(modified, view)}</span></p>
${current || problems || rights.readOnly || !rights.edits ? NOTHING : restoring(cron, version)}</div>
${changes.length > 0 ? changeList(changes) : html`<p class="none">No field of the cron was changed.</p>`}
${problems ? problemList(problems) : NOTHING}
${definition ? html`<details><summary>Definition<span class="hidden"> of version ${version.version}</span></summary><pre>${JSON.stringify(definition, null, 2)}</pre></details>` : NOTHING}</li>`;
}

function restoring({ site, uid, parameter }: CronView, { version }: VersionView): Html {
  return html`<form method="post" action="${cronPath(site, uid, 'do')}"><input type="hidden" name="tag" value="${parameter.tag}"><input type="hidden" name="version" value="${version}">
<button name="do" value="restore">Restore<span class="hidden"> version ${version}</span></button></form>`;
}

function changeList(changes: readonly FieldChange[]): Html {
  return html`<ul class="changes">${changes.map(({ field, was, is }) => {
    const from = was === undefined ? NOTHING : html` <del>${was}</del>`;
    const to = is === undefined ? (was === undefined ? raw(' changed') : NOTHING) : html` <ins>${is}</ins>`;
    return html`<li><code>${field}</code>${from}${to}</li>`;
  })}</ul>`;
}

function whoText({ author, writer }: VersionView): string {
  if (author !== undefined) return `by ${author}`;
  return writer === undefined ? 'by an unknown author' : `by ${writer}`;
}
