/**
 * The script of every page: refreshes it, notices that the server is gone, updates relative times, previews a schedule,
 * and runs a cron without leaving the page. All pages work without it. The server renders all HTML: a refresh morphs each element
 * with `data-live` into its new version. assets.ts puts Idiomorph in front of the files of this folder, and makes one script of them.
 */

document.documentElement.classList.add('js');

export const main = document.getElementById('main');

/** Removes the message of the last action from the address: a reload or a bookmark does not show it again. */
function showAddress(address) {
  const url = new URL(address);
  url.searchParams.delete('flash');
  history.replaceState(null, '', url);
}

if (location.search.includes('flash=')) showAddress(location.href);

/* Time zones */

/** The choice of the reader: the zone of each site, UTC, or that of the browser. The server renders all times. */
export const zone = document.getElementById('zone');

zone.value = sessionStorage.getItem('zone') ?? '';
zone.addEventListener('change', () => {
  sessionStorage.setItem('zone', zone.value);
  refresh();
});

/** Requests a page, or a part of one, with its times in the chosen zone. */
function fetchInZone(address, options) {
  const own = zone.value === 'mine' && Intl.DateTimeFormat().resolvedOptions().timeZone;
  const name = own || zone.value;
  return fetch(address, { ...options, ...(name && { headers: { 'Time-Zone': name } }) });
}

/**
 * The page at the address; nothing if it is not the answer, or if the reader has chosen another zone meanwhile. `refuse` gets
 * another answer.
 */
export async function fetchPage(address, options, refuse = () => {}) {
  const chosen = zone.value;
  const response = await fetchInZone(address, options);
  if (!response.ok) return refuse(response);
  const page = await pageOf(response);
  return chosen === zone.value ? page : undefined;
}

/* Refresh */

let refreshTimer = 0;
/** Why this page is gone, such as that its cron was removed. */
let missing = '';

export function scheduleRefresh() {
  clearTimeout(refreshTimer);
  const seconds = Number(main.dataset.refresh);
  if (seconds > 0) refreshTimer = setTimeout(refresh, seconds * 1000);
}

export async function refresh() {
  if (document.hidden) return;
  try {
    const address = location.href;
    let reason = '';
    const page = await fetchPage(address, {}, async (refusal) => {
      if (refusal.status === 404) reason = (await refusal.json()).detail;
    });
    if (address === location.href) missing = reason;
    // The user may have changed the search meanwhile.
    if (page && address === location.href) show(page, ['flash']);
  } catch {
    // The check of the server reports it.
  }
  scheduleRefresh();
}

export async function pageOf(response) {
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

/** Makes an element equal to a newer one. Focus, selected and typed text, ticked boxes and opened details stay. */
export function morph(part, newer) {
  const isTyped = (name, { type }) => name === 'value' && type === 'text';
  const callbacks = {
    beforeAttributeUpdated: (name, element) =>
      name !== 'checked' && name !== 'open' && !isTyped(name, element),
  };
  Idiomorph.morph(part, newer, { callbacks, ignoreActiveValue: true });
}

/** Updates the live elements. An element that is not live in the newer page, such as the place of the timeline, stays as it is. */
function show(page, except = []) {
  for (const part of document.querySelectorAll('[data-live]')) {
    const newer = page.getElementById(part.id);
    if (newer?.matches('[data-live]') && !except.includes(part.id) && !newer.isEqualNode(part))
      morph(part, newer);
  }
  enableBulk();
  main.dataset.refresh = page.getElementById('main')?.dataset.refresh ?? '20';
}

/* The server */

const lost = document.getElementById('lost');
let answeredAt = new Date();
let wasLost = false;

/** Whether the server answers. Until it does, the page is grey, says since when, and keeps what was typed. */
async function isReachable() {
  let reason = 'The server does not answer';
  try {
    const { ok, status } = await fetch(lost.dataset.health, { signal: AbortSignal.timeout(2500) });
    reason = ok
      ? ''
      : `The server refuses this page (${status}): "cloudtab open" or "cloudtab door" prints its address`;
  } catch {
    // The reason is that there was no answer.
  }
  if (reason === '') answeredAt = new Date();
  const since = answeredAt.toLocaleTimeString('en-GB', { timeStyle: 'short' });
  const text = reason
    ? `${reason}. This page is as of ${since}; it continues by itself.`
    : missing && `This page is as it was before: ${missing}`;
  if (text !== lost.textContent) lost.textContent = text;
  document.documentElement.classList.toggle('stale', text !== '');
  if (wasLost && reason === '') refresh();
  wasLost = reason !== '';
  if (reason === '') followEvents();
  return reason === '';
}

setInterval(() => document.hidden || isReachable(), 2000);

/* Events */

/** Ends the stream; absent if there is none. */
let stream;
let isRefreshSoon = false;

/**
 * Where the server streams its events, the page shows each change within a second. A stream takes one of the six connections of
 * a browser to a server, so hidden pages have none.
 */
async function followEvents() {
  const path = lost.dataset.events;
  if (stream || !path || document.hidden) return;
  stream = new AbortController();
  try {
    const { body } = await fetch(path, { signal: stream.signal });
    const reader = body.getReader();
    // The first piece only shows that all later events follow.
    await reader.read();
    while (!(await reader.read()).done) refreshSoon();
  } catch {
    // The next check of the server opens it again.
  }
  stream = undefined;
}

/** Once for all events of half a second. */
function refreshSoon() {
  if (isRefreshSoon) return;
  isRefreshSoon = true;
  setTimeout(() => {
    isRefreshSoon = false;
    refresh();
  }, 500);
}

followEvents();

document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    stream?.abort();
    return;
  }
  isReachable();
  refresh();
});

/* Relative times */

const relativeFormat = new Intl.RelativeTimeFormat('en');

/** The same as formatRelative on the server. */
function relativeText(time) {
  const seconds = (time - Date.now()) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 1) return 'now';
  if (distance < 60) return relativeFormat.format(Math.trunc(seconds), 'second');
  if (distance < 3600) return relativeFormat.format(Math.trunc(seconds / 60), 'minute');
  if (distance < 86400) return relativeFormat.format(Math.trunc(seconds / 3600), 'hour');
  return relativeFormat.format(Math.trunc(seconds / 86400), 'day');
}

setInterval(() => {
  for (const time of document.querySelectorAll('time[data-ago]')) {
    const text = relativeText(Date.parse(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}, 1000);

/* Actions on several crons or logs */

/** Their buttons wait until something is selected. */
export function enableBulk() {
  for (const group of document.querySelectorAll('fieldset[data-selected]')) {
    group.disabled = !group.form.querySelector('input:is([name="uid"], [name="log"], [name="all"]):checked');
    // A menu is not disabled with its group.
    for (const menu of group.querySelectorAll('.menu')) {
      menu.inert = group.disabled;
      menu.open &&= !menu.inert;
    }
  }
}

enableBulk();

/* Forms that change something */

const RUNS = 'button[name="run"], form[data-run] button[name="do"][value="run"]';
const checkedForms = new WeakSet();

/** The server has to answer first: the error page of the browser would replace what was typed. */
document.addEventListener('submit', async (event) => {
  const { target: form, submitter } = event;
  if (form.getAttribute('method') !== 'post' || checkedForms.delete(form)) return;
  event.preventDefault();
  // A disabled button would lose the focus.
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  // A run of several crons has more than one result.
  const isRun = form.matches('[data-run]') && submitter?.matches(RUNS);
  const isOfOne = isRun && !(submitter.name === 'do' && form.matches('.list'));
  if (!(isOfOne && (await run(form, submitter))) && (await isReachable())) {
    checkedForms.add(form);
    form.requestSubmit(submitter);
  }
  form.ariaBusy = 'false';
});

/** Returns false if the browser has to submit the form, and to show the error. */
async function run(form, submitter) {
  try {
    const body = new URLSearchParams(new FormData(form, submitter));
    const response = await fetchInZone(form.getAttribute('action'), { method: 'POST', body });
    const page = await pageOf(response);
    if (!response.ok || !page.getElementById('watch')) return false;
    showAddress(response.url);
    show(page);
    scheduleRefresh();
    return true;
  } catch {
    return false;
  }
}
