/** The frame of every page: head, top line with the menu of sites, and flash message. */
import { html, raw } from 'hono/html';
import { assets } from '../assets/assets.ts';
import type { Reading } from '../env.ts';
import type { Flash } from './flash.ts';
import { type Html, NOTHING } from './html.ts';
import { cronPath, SITES_PATH, sitePath } from './paths.ts';
import { runsPath } from './runs-query.ts';
import { undoForm } from './undo-form.ts';

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Absent on pages that belong to no site. */
  readonly site?: string;
  readonly flash?: Flash | undefined;
  /** The path of the list that the page shows, to which Undo returns. Default: that of the site. */
  readonly list?: string;
  /** The time zone of its times; absent if it has none, or several sites with their own. */
  readonly timezone?: string | undefined;
  /** Seconds after which the script refreshes the page. */
  readonly refresh?: number;
  /** The user waits for a result: without a script, the page reloads itself. */
  readonly waiting?: boolean;
  /** Present while the server still reads the crontab. */
  readonly reading?: Reading;
  /** The path of the stream of events, if there is one. */
  readonly events?: string | undefined;
}

const LOGO = raw(
  '<svg class="logo" viewBox="0 0 24 24" aria-hidden="true"><path d="M7 19a5 5 0 0 1-.6-9.96 6 6 0 0 1 11.5 1.5A4.3 4.3 0 0 1 17.5 19z"/><path d="M12 10.2v3.3l2.3 1.4"/></svg>',
);

export function layout(page: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · cloudtab</title>
<link rel="icon" href="${assets.icon.path}" type="${assets.icon.type}">
<link rel="stylesheet" href="${assets.style.path}">
<script type="module" src="${assets.script.path}"></script>
${page.waiting ? html`<noscript><meta http-equiv="refresh" content="2"></noscript>` : NOTHING}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="brand" href="/">${LOGO}<span>cloudtab</span></a>
${page.site ? siteSwitch(page.site) : NOTHING}
<nav class="more" aria-label="Elsewhere">${page.site ? NOTHING : html`<a href="${SITES_PATH}">Sites</a> `}<a href="${runsPath({ site: page.site })}">Runs</a> <a href="/api">API</a></nav>
<label class="zone js-only"><span class="faint" id="times-in" data-live>${page.timezone === undefined ? 'Show' : `Times in ${page.timezone}`}</span> <select id="zone"><option value="">site time</option><option value="UTC">UTC</option><option value="mine">my time</option></select></label>
<p class="lost" id="lost" role="status" data-health="/health"${page.events === undefined ? NOTHING : html` data-events="${page.events}"`}></p>
</header>
<main id="main" tabindex="-1" data-refresh="${page.refresh ?? 0}">
${flashView(page)}
${readingView(page.reading)}
${page.body}
</main>
</body>
</html>`;
}

/** The navigation from the current page back to its site, and to its cron if it is one below that. */
export function crumbs(site: string, current: string, uid?: string): Html {
  const link = (path: string, text: string) =>
    html`<a href="${path}">${text}</a> <span aria-hidden="true">/</span> `;
  return html`<nav class="crumbs" aria-label="Breadcrumbs">${link(sitePath(site), site)}${uid === undefined ? NOTHING : link(cronPath(site, uid), uid)}${current}</nav>`;
}

/** A link to the page before or after this one; its text alone if there is none. */
export function stepLink(path: string | undefined, text: string, rel: 'prev' | 'next'): Html {
  return path === undefined
    ? html`<span class="none">${text}</span>`
    : html`<a href="${path}" rel="${rel}">${text}</a>`;
}

/** The script loads the other sites when the menu opens: the page of a site reads that site only. */
function siteSwitch(site: string): Html {
  return html`<nav class="sites" aria-label="Sites"><details class="menu" data-sites="${SITES_PATH}">
<summary><span class="faint">Site</span> <strong>${site}</strong></summary>
<ul><li><a href="${SITES_PATH}">All sites</a></li></ul>
</details></nav>`;
}

/** The element always exists, so that the script can show and hide it. */
function readingView(reading: Reading | undefined): Html {
  if (!reading) return html`<div id="reading" data-live></div>`;
  const { done, of } = reading;
  return html`<div id="reading" data-live><section class="banner is-state"><p><label for="read">Reading the files: ${done.toLocaleString('en')} of ${of.toLocaleString('en')}.</label> <progress id="read" max="${of}" value="${done}"></progress> Crons that have not been read yet are missing here.</p></section></div>`;
}

/** The element always exists: screen readers announce only changes of an existing live region. */
function flashView({ flash, site, list }: Page): Html {
  const undo = site === undefined ? NOTHING : undoForm(site, flash?.removed ?? [], list ?? sitePath(site));
  return html`<div id="flash" data-live role="status">${
    flash ? html`<div class="flash is-${flash.kind}"><p>${flash.message}</p>${undo}</div>` : NOTHING
  }</div>`;
}
