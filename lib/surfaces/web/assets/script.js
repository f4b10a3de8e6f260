/**
 * The script of every page: refreshes it, updates relative times, previews a schedule, and runs a cron without leaving
 * the page. All pages work without it. The server renders all HTML: a refresh morphs each element with `data-live` into
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
    const response = await fetch(location.href);
    if (response.ok) show(await pageOf(response), ['flash']);
    document.documentElement.classList.toggle('stale', !response.ok);
  } catch {
    document.documentElement.classList.add('stale');
  }
  scheduleRefresh();
}

async function pageOf(response) {
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

/** Updates the live elements. Focus, selected text and ticked boxes stay. */
function show(page, except = []) {
  const callbacks = { beforeAttributeUpdated: (name) => name !== 'checked' };
  for (const part of document.querySelectorAll('[data-live]')) {
    const newer = page.getElementById(part.id);
    if (!newer || except.includes(part.id) || newer.isEqualNode(part)) continue;
    Idiomorph.morph(part, newer, { callbacks });
  }
  main.dataset.refresh = page.getElementById('main')?.dataset.refresh ?? '20';
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) refresh();
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

/* Runs */

const RUNS = 'button[name="run"], form[data-run] button[name="do"][value="run"]';

document.addEventListener('submit', async (event) => {
  const { target: form, submitter } = event;
  const isRun = form.matches('[data-run]') && submitter?.matches(RUNS);
  // The form submits a run of several crons: the script can wait for one result only.
  if (!isRun || (submitter.name === 'do' && form.matches('.list'))) return;
  event.preventDefault();
  // A disabled button would lose the focus.
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  try {
    const body = new URLSearchParams(new FormData(form, submitter));
    const response = await fetch(form.getAttribute('action'), { method: 'POST', body });
    const page = await pageOf(response);
    if (!response.ok || !page.getElementById('watch')) throw new Error(`answered ${response.status}`);
    showAddress(response.url);
    form.ariaBusy = 'false';
    show(page);
    scheduleRefresh();
  } catch {
    // The browser submits the form and shows the error.
    form.removeAttribute('data-run');
    form.requestSubmit(submitter);
  }
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
  const response = await fetch(`${form.dataset.preview}?${query}`);
  const page = await pageOf(response);
  // Ignores the response to an earlier request.
  if (response.ok && number === lastPreview) {
    document.getElementById('preview').replaceChildren(...page.body.childNodes);
  }
}

document.getElementById('problems')?.focus();

/* The list */

const filter = document.querySelector('form[data-filter]');
filter?.addEventListener('change', ({ target }) => {
  if (target.matches('select')) filter.requestSubmit();
});

document.addEventListener('change', ({ target }) => {
  if (!target.matches('[data-pick-all]')) return;
  for (const box of target.form.querySelectorAll('input[name="uid"]')) box.checked = target.checked;
});

/* The menu of sites */

const menu = document.querySelector('details[data-sites]');

menu?.addEventListener('toggle', async () => {
  if (!menu.open || menu.dataset.filled) return;
  menu.dataset.filled = 'yes';
  const page = await pageOf(await fetch(menu.dataset.sites));
  const links = [...page.querySelectorAll('#site-list h2 a')];
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
