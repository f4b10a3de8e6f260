/**
 * The script of every page: refreshes it, notices that the server is gone, updates relative times, previews a schedule,
 * and runs a cron without leaving the page. All pages work without it. The server renders all HTML: a refresh morphs each element with `data-live` into
 * its new version. assets.ts puts Idiomorph in front of this file.
 */

document.documentElement.classList.add('js');

const main = document.getElementById('main');

/** Removes the message of the last action from the address: a reload or a bookmark does not show it again. */
function showAddress(address) {
  const url = new URL(address);
  url.searchParams.delete('flash');
  history.replaceState(null, '', url);
}

if (location.search.includes('flash=')) showAddress(location.href);

/* Refresh */

let refreshTimer = 0;

function scheduleRefresh() {
  clearTimeout(refreshTimer);
  const seconds = Number(main.dataset.refresh);
  if (seconds > 0) refreshTimer = setTimeout(refresh, seconds * 1000);
}

async function refresh() {
  if (document.hidden) return;
  try {
    const address = location.href;
    const response = await fetch(address);
    // The user may have changed the search meanwhile.
    if (response.ok && address === location.href) show(await pageOf(response), ['flash']);
  } catch {
    // The check of the server reports it.
  }
  scheduleRefresh();
}

async function pageOf(response) {
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

/** Updates the live elements. Focus, selected and typed text, ticked boxes and opened details stay. */
function show(page, except = []) {
  const isTyped = (name, { type }) => name === 'value' && type === 'text';
  const callbacks = {
    beforeAttributeUpdated: (name, element) =>
      name !== 'checked' && name !== 'open' && !isTyped(name, element),
  };
  for (const part of document.querySelectorAll('[data-live]')) {
    const newer = page.getElementById(part.id);
    if (!newer || except.includes(part.id) || newer.isEqualNode(part)) continue;
    Idiomorph.morph(part, newer, { callbacks, ignoreActiveValue: true });
  }
  showZone();
  main.dataset.refresh = page.getElementById('main')?.dataset.refresh ?? '20';
}

/* The server */

const lost = document.getElementById('lost');
let answeredAt = new Date();

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
  const wasLost = lost.textContent !== '';
  if (reason === '') answeredAt = new Date();
  const since = answeredAt.toLocaleTimeString([], { timeStyle: 'short' });
  const text = reason && `${reason}. This page is as of ${since}; it continues by itself.`;
  if (text !== lost.textContent) lost.textContent = text;
  document.documentElement.classList.toggle('stale', reason !== '');
  if (wasLost && reason === '') refresh();
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

const relativeFormat = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** The same as formatRelative on the server. */
function relativeText(time) {
  const seconds = (time - Date.now()) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 60) return relativeFormat.format(Math.trunc(seconds), 'second');
  if (distance < 3600) return relativeFormat.format(Math.trunc(seconds / 60), 'minute');
  if (distance < 172800) return relativeFormat.format(Math.trunc(seconds / 3600), 'hour');
  return relativeFormat.format(Math.trunc(seconds / 86400), 'day');
}

setInterval(() => {
  for (const time of document.querySelectorAll('time[data-ago]')) {
    const text = relativeText(Date.parse(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}, 1000);

/* Time zones */

const zone = document.getElementById('zone');

/** Shows the clock times in the chosen zone. The server writes them in the zone of the crontab. */
function showZone() {
  const timeZone = zone.value === 'mine' ? undefined : zone.value;
  const format =
    zone.value !== '' &&
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    });
  for (const time of document.querySelectorAll('time[data-clock]')) {
    time.dataset.clock ||= time.textContent;
    const text = format ? format.format(Date.parse(time.dateTime)) : time.dataset.clock;
    if (time.textContent !== text) time.textContent = text;
  }
}

zone.value = sessionStorage.getItem('zone') ?? '';
showZone();
zone.addEventListener('change', () => {
  sessionStorage.setItem('zone', zone.value);
  showZone();
});

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
    const response = await fetch(form.getAttribute('action'), { method: 'POST', body });
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

/* The timeline of a site */

/** Loads the drawing into its place, and again each minute: it costs more than the page. */
async function loadTimeline(path) {
  if (!document.hidden) {
    const response = await fetch(path).catch(() => undefined);
    const newer = response?.ok && (await pageOf(response)).getElementById('timeline');
    if (newer) Idiomorph.morph(document.getElementById('timeline'), newer);
  }
  setTimeout(loadTimeline, 60_000, path);
}

const load = document.querySelector('[data-load]');
if (load) loadTimeline(load.href);

/** A lane is one stop of the Tab key, at its worst run; the arrow keys go on from there. */
document.addEventListener('keydown', (event) => {
  const lane = event.target.closest?.('[data-lane]');
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!lane || !step) return;
  const marks = [...lane.querySelectorAll('a')];
  const mark = marks[marks.indexOf(event.target.closest('a')) + step];
  if (!mark) return;
  event.preventDefault();
  mark.focus();
});

/** An empty place of a lane leads to the reason why nothing runs at that minute. */
document.addEventListener('click', ({ target, clientX }) => {
  const lane = target.closest?.('[data-lane]');
  if (!lane || target.closest('a')) return;
  const { from, to } = lane.closest('[data-from]').dataset;
  const { left, width } = lane.getBoundingClientRect();
  const time = Number(from) + ((clientX - left) / width) * (to - from);
  const minute = new Date(Math.floor(time / 60_000) * 60_000).toISOString();
  const { href } = lane.closest('.lane').querySelector('.lane-name a');
  location.assign(`${href}/why?time=${minute}`);
});

/* The output of a run */

const lines = document.getElementById('lines');

/** Appends what the run has written since. It ends with the run, which the refresh of the page notices. */
async function follow() {
  const { follow: path, cursor = '' } = lines.dataset;
  try {
    const response = await fetch(`${path}?cursor=${encodeURIComponent(cursor)}`);
    const newer = response.ok && (await pageOf(response)).getElementById('lines');
    if (newer) {
      const isAtEnd = lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 4;
      lines.append(...newer.children);
      if (isAtEnd) lines.scrollTop = lines.scrollHeight;
      const next = newer.dataset.cursor;
      if (next === undefined && main.dataset.refresh === '0') return;
      lines.dataset.cursor = next ?? cursor;
    }
  } catch {
    // The refresh of the page shows that the server is gone.
  }
  setTimeout(follow, 1000);
}

if (lines?.dataset.follow) setTimeout(follow, 500);

document.addEventListener('click', ({ target }) => {
  const copied = target.dataset?.copy;
  if (copied) navigator.clipboard.writeText(document.getElementById(copied).innerText);
});

/* The preview of the schedule */

const form = document.querySelector('form[data-preview]');
let previewTimer = 0;
let lastPreview = 0;

form?.addEventListener('input', ({ target }) => {
  if (!['periodicity', 'timezone', 'uid'].includes(target.name)) return;
  clearTimeout(previewTimer);
  previewTimer = setTimeout(preview, 250);
});

async function preview() {
  const number = ++lastPreview;
  const names = ['periodicity', 'timezone', 'crontabTimezone', 'uid'];
  const query = new URLSearchParams(names.map((name) => [name, form.elements[name]?.value ?? '']));
  const response = await fetch(`${form.dataset.preview}?${query}`).catch(() => undefined);
  if (!response) return;
  const page = await pageOf(response);
  // Ignores the response to an earlier request.
  if (response.ok && number === lastPreview) {
    document.getElementById('preview').replaceChildren(...page.body.childNodes);
    showZone();
  }
}

document.getElementById('problems')?.focus();

/* The lists */

let searchTimer = 0;

document.addEventListener('input', ({ target }) => {
  const filter = target.closest('form[data-filter]');
  if (!filter) return;
  clearTimeout(searchTimer);
  searchTimer = setTimeout(search, target.matches('select') ? 0 : 200, filter);
});

/** Shows what matches, at its address, while the user types. */
function search(filter) {
  const filled = [...new FormData(filter)].filter(([, value]) => value !== '');
  const address = `${filter.getAttribute('action')}?${new URLSearchParams(filled)}`;
  history.replaceState(null, '', address);
  refresh();
}

document.addEventListener('change', ({ target }) => {
  if (!target.matches('[data-pick-all]')) return;
  for (const box of target.form.querySelectorAll('input[name="uid"]')) box.checked = target.checked;
});

/** Continues an action on many crons, and appends its results. */
async function continueBulk() {
  const rest = document.querySelector('form[data-continue]');
  if (!rest) return;
  try {
    const body = new URLSearchParams(new FormData(rest));
    const page = await pageOf(await fetch(rest.getAttribute('action'), { method: 'POST', body }));
    const results = page.getElementById('bulk-results').children;
    document.getElementById('bulk-results').append(...results);
    document.getElementById('bulk-state').replaceChildren(...page.getElementById('bulk-state').childNodes);
    continueBulk();
  } catch {
    // The button continues where this stopped.
  }
}

continueBulk();

/* The menu of sites */

const menu = document.querySelector('details[data-sites]');

menu?.addEventListener('toggle', async () => {
  if (!menu.open || menu.dataset.filled) return;
  menu.dataset.filled = 'yes';
  const page = await pageOf(await fetch(menu.dataset.sites));
  const links = [...page.querySelectorAll('#site-list .name a')];
  menu.querySelector('ul').prepend(
    ...links.map((link) => {
      const item = document.createElement('li');
      item.append(link);
      return item;
    }),
  );
});

document.addEventListener('click', ({ target }) => {
  if (menu?.open && !menu.contains(target)) menu.open = false;
});

document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape' || !menu?.open) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});

scheduleRefresh();
