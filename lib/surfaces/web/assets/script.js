/**
 * What a page does by itself in a browser: looks again, says times anew, previews while somebody types, and runs a cron
 * without leaving the page. Everything works without it. The server makes all the HTML: parts of a page that carry
 * `data-live` are replaced by the same parts of a newer one.
 */

document.documentElement.classList.add('js');

const main = document.getElementById('main');

/* Looking again */

let timer = 0;

function lookLater() {
  clearTimeout(timer);
  const seconds = Number(main.dataset.refresh);
  if (seconds > 0) timer = setTimeout(lookAgain, seconds * 1000);
}

async function lookAgain() {
  if (document.hidden) return;
  try {
    // What is told once must not be used up by a look that nobody asked for.
    const response = await fetch(location.href, { headers: { 'x-cloudtab-refresh': '1' } });
    if (response.ok) show(await pageOf(response), ['flash']);
    document.documentElement.classList.toggle('stale', !response.ok);
  } catch {
    document.documentElement.classList.add('stale');
  }
  lookLater();
}

async function pageOf(response) {
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

/** Puts the newer parts in; what a person has ticked, opened and focused stays so. */
function show(page, except = []) {
  const focused = document.activeElement?.id;
  for (const part of document.querySelectorAll('[data-live]')) {
    const newer = page.getElementById(part.id);
    if (!newer || except.includes(part.id) || newer.outerHTML === part.dataset.source) continue;
    const source = newer.outerHTML;
    keepState(part, newer);
    part.replaceWith(newer);
    newer.dataset.source = source;
  }
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
  main.dataset.refresh = page.getElementById('main')?.dataset.refresh ?? '20';
}

function keepState(part, newer) {
  for (const ticked of part.querySelectorAll('input:checked[id]')) {
    const same = newer.querySelector(`#${CSS.escape(ticked.id)}`);
    if (same) same.checked = true;
  }
  for (const [index, details] of [...part.querySelectorAll('details')].entries()) {
    const same = newer.querySelectorAll('details')[index];
    if (same && details.open) same.open = true;
  }
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) lookAgain();
});

/* Times */

const relativeFormat = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/* As formatRelative on the server. */
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

/* Running without leaving the page */

const RUNS = 'button[name="run"], form[data-run] button[name="do"][value="run"]';

document.addEventListener('submit', async (event) => {
  const { target: form, submitter } = event;
  const isRun = form.matches('[data-run]') && submitter?.matches(RUNS);
  // A run of several goes through the page: there is no one result to wait for.
  if (!isRun || (submitter.name === 'do' && form.matches('.list'))) return;
  event.preventDefault();
  // Not disabled meanwhile: that would take the focus away.
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  try {
    const body = new URLSearchParams(new FormData(form, submitter));
    const response = await fetch(form.getAttribute('action'), { method: 'POST', body });
    const page = await pageOf(response);
    if (!response.ok || !page.getElementById('watch')) throw new Error(`answered ${response.status}`);
    history.replaceState(null, '', response.url);
    form.ariaBusy = 'false';
    show(page);
    lookLater();
  } catch {
    // The browser tells better what is wrong.
    form.removeAttribute('data-run');
    form.requestSubmit(submitter);
  }
});

/* The form: what the schedule means, while it is typed */

const form = document.querySelector('form[data-preview]');
let typed = 0;
let asked = 0;

form?.addEventListener('input', ({ target }) => {
  if (!['periodicity', 'timezone', 'uid'].includes(target.name)) return;
  clearTimeout(typed);
  typed = setTimeout(preview, 250);
});

async function preview() {
  const number = ++asked;
  const names = ['periodicity', 'timezone', 'crontabTimezone', 'uid'];
  const said = new URLSearchParams(names.map((name) => [name, form.elements[name]?.value ?? '']));
  const response = await fetch(`${form.dataset.preview}?${said}`);
  const page = await pageOf(response);
  // An answer that was overtaken says what is not typed any more.
  if (response.ok && number === asked) {
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

lookLater();
