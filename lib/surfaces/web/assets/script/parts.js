/** The parts of some pages: the timeline, the output of a run, the preview of a schedule, the lists, and the menu of sites. */
import { enableBulk, fetchPage, main, morph, pageOf, refresh, scheduleRefresh, zone } from './page.js';

/* The timeline of a site */

const timelinePath = document.querySelector('[data-load]')?.href;
let timelineTimer = 0;

/** Loads the drawing into its place, and again each minute: it costs more than the page. */
async function loadTimeline() {
  clearTimeout(timelineTimer);
  timelineTimer = setTimeout(loadTimeline, 60_000);
  if (document.hidden) return;
  const page = await fetchPage(timelinePath).catch(() => undefined);
  const newer = page?.getElementById('timeline');
  if (newer) morph(document.getElementById('timeline'), newer);
}

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

let followTimer = 0;
let lastFollow = 0;

/**
 * Appends what the run has written since; `isAgain`: reads all of it again. It ends with the run, which the refresh of the page
 * notices.
 */
async function follow(isAgain = false) {
  clearTimeout(followTimer);
  const number = ++lastFollow;
  const { follow: path, cursor = '' } = lines.dataset;
  const after = isAgain ? '' : cursor;
  const page = await fetchPage(`${path}?cursor=${encodeURIComponent(after)}`).catch(() => undefined);
  if (number !== lastFollow) return;
  const newer = page?.getElementById('lines');
  if (newer) {
    const isAtEnd = lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 4;
    if (isAgain) lines.replaceChildren();
    lines.append(...newer.children);
    if (isAtEnd) lines.scrollTop = lines.scrollHeight;
    const next = newer.dataset.cursor;
    if (next === undefined && main.dataset.refresh === '0') return;
    lines.dataset.cursor = next ?? after;
  }
  // The refresh of the page shows whether the server is gone.
  followTimer = setTimeout(follow, 1000, isAgain && !newer);
}

if (lines?.dataset.more) {
  // While the run is in progress, its newest lines count.
  if (main.dataset.refresh !== '0') lines.scrollTop = lines.scrollHeight;
  followTimer = setTimeout(follow, 500);
}

document.addEventListener('click', ({ target }) => {
  const copied = target.dataset?.copy;
  if (copied) navigator.clipboard.writeText(document.getElementById(copied).innerText);
});

/* The preview of the schedule, and what saving the form would change */

const form = document.querySelector('form[data-preview], form[data-stored]');

/** Returns a function to call at each input: after a pause in typing it requests, and shows the answer. */
function afterPause(request, show) {
  let timer = 0;
  let last = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const number = ++last;
      const page = await request()?.catch(() => undefined);
      // Ignores the response to an earlier request.
      if (page && number === last) show(page);
    }, 250);
  };
}

/** An empty time zone is that of the crontab. */
function scheduleOf({ periodicity, timezone, uid }) {
  const zoneName = timezone.value || timezone.placeholder;
  const schedule = { periodicity: periodicity.value, timezone: zoneName, uid: uid.value };
  return new URLSearchParams(schedule).toString();
}

if (form?.dataset.preview) {
  let shown = scheduleOf(form.elements);
  let asked = shown;
  const preview = afterPause(
    () => {
      asked = scheduleOf(form.elements);
      // It costs a look at the other crons of the site.
      if (asked !== shown) return fetchPage(`${form.dataset.preview}?${asked}`);
    },
    (page) => {
      shown = asked;
      document.getElementById('preview').replaceChildren(...page.body.childNodes);
    },
  );
  form.addEventListener('input', ({ target }) => {
    if (['periodicity', 'timezone', 'uid'].includes(target.name)) preview();
  });
  zone.addEventListener('change', () => {
    shown = '';
    preview();
  });
}

if (form?.dataset.stored) {
  const changes = afterPause(
    () => {
      const body = new FormData(form);
      body.set('do', 'changes');
      body.set('stored', form.dataset.stored);
      return fetchPage(form.getAttribute('action'), { method: 'POST', body });
    },
    (page) => {
      for (const id of ['changes-list', 'changes-line']) {
        const [older, newer] = [document, page].map((owner) => owner.getElementById(id));
        if (!older.isEqualNode(newer)) older.replaceChildren(...newer.childNodes);
      }
    },
  );
  form.addEventListener('input', changes);
  // When a user returns or reloads, the browser fills in again what was typed.
  if (performance.getEntriesByType('navigation')[0].type !== 'navigate')
    addEventListener('pageshow', changes);
}

/* The choice of a secret */

/** Says when the site has no secret of the typed name. */
form?.addEventListener('input', ({ target: { list, value, parentElement } }) => {
  if (list?.id !== 'secrets' || !list.dataset.missing) return;
  const name = value.trim();
  const isMissing = name !== '' && ![...list.options].some((option) => option.value === name);
  const text = isMissing ? list.dataset.missing.replaceAll('NAME', () => name) : '';
  parentElement.querySelector('.missing').textContent = text;
});

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
  if (target.matches('[data-pick-all]')) {
    for (const box of target.form.querySelectorAll('input[name="uid"]')) box.checked = target.checked;
  }
  enableBulk();
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

/* The menus */

const siteMenu = document.querySelector('details[data-sites]');

siteMenu?.addEventListener('toggle', async () => {
  if (!siteMenu.open || siteMenu.dataset.filled) return;
  siteMenu.dataset.filled = 'yes';
  const page = await pageOf(await fetch(siteMenu.dataset.sites));
  const links = [...page.querySelectorAll('#site-list .name a')];
  siteMenu.querySelector('ul').prepend(
    ...links.map((link) => {
      const item = document.createElement('li');
      item.append(link);
      return item;
    }),
  );
});

const openMenus = () => document.querySelectorAll('details.menu[open]');

document.addEventListener('click', ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

/** A menu with a question lets the user type at once. The event does not bubble. */
document.addEventListener(
  'toggle',
  ({ target }) => target.open && target.querySelector('[name="note"]')?.focus(),
  true,
);

scheduleRefresh();

/* Another time zone */

/** What the refresh of the page leaves out. */
zone.addEventListener('change', () => {
  if (timelinePath) loadTimeline();
  if (lines) follow(true);
});

// The page has come in the zone of the site.
if (zone.value !== '') zone.dispatchEvent(new Event('change'));
else if (timelinePath) loadTimeline();
