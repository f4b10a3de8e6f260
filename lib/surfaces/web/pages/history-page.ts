/** The versions of a cron, or of the settings of a crontab: their authors and changes, and how to restore them. */
import { html } from 'hono/html';
import type { VersionView } from '../../../app/operations/history.ts';
import { changeItems } from './changes-list.ts';
import { type Html, NOTHING } from './html.ts';
import { problemList } from './problems-view.ts';
import { timeView, type Viewpoint } from './time-view.ts';
import { userText } from './user-text.ts';

export interface History {
  readonly header: Html;
  /** The path that restores a version; absent if the caller may not. */
  readonly restore?: string | undefined;
  /** The tag of the current version. */
  readonly tag?: string | undefined;
  readonly versions: readonly VersionView[];
  readonly view: Viewpoint;
}

export function historyPage({ header, versions, ...rest }: History): Html {
  return html`${header}
<section class="card" id="history" data-live aria-labelledby="history-title"><div class="head"><h2 id="history-title">History</h2><p class="faint">newest first</p></div>
<ol class="versions">${versions.map((version) => versionItem(version, rest))}</ol></section>`;
}

type Item = Omit<History, 'header' | 'versions'>;

function versionItem(version: VersionView, { restore, tag, view }: Item): Html {
  const { modified, changes, current, definition, problems } = version;
  const state = current ? html` <span class="tag">current</span>` : NOTHING;
  const invalid = problems ? html` <span class="tag is-refused">not valid</span>` : NOTHING;
  return html`<li id="version-${version.version}"><div class="version"><p><strong>Version ${version.version}</strong>${state}${invalid} <span class="faint">${whoText(version)}, ${timeView(modified, view)}</span></p>
${current || problems || restore === undefined ? NOTHING : restoring(restore, tag, version)}</div>
${changes.length > 0 ? html`<ul class="changes">${changeItems(changes)}</ul>` : html`<p class="none">No field was changed.</p>`}
${problems ? problemList(problems) : NOTHING}
${definition ? html`<details><summary>Definition<span class="hidden"> of version ${version.version}</span></summary><pre>${JSON.stringify(definition, null, 2)}</pre></details>` : NOTHING}</li>`;
}

function restoring(path: string, tag: string | undefined, { version }: VersionView): Html {
  return html`<form method="post" action="${path}"><input type="hidden" name="tag" value="${tag}"><input type="hidden" name="version" value="${version}">
<button class="quiet" name="do" value="restore">Restore<span class="hidden"> version ${version}</span></button></form>`;
}

function whoText({ author, writer }: VersionView): Html {
  const who = author ?? writer;
  return who === undefined ? html`by an unknown author` : html`by ${userText(who)}`;
}
