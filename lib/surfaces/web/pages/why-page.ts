/** Why a cron ran, did not run or will run at a time. */
import { html } from 'hono/html';
import { weekdayTime } from '../../../app/operations/local-time.ts';
import type { WhyAnswer } from '../../../app/operations/why.ts';
import type { Problem } from '../../../core/domain/problem.ts';
import { timeZone } from '../../../core/domain/time-zone.ts';
import { formField } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { crumbs } from './layout.ts';
import { cronPath, runPath, whyPath } from './paths.ts';

interface Place {
  readonly site: string;
  readonly uid: string;
}

const MINUTE = 60_000;

const WORDS: Record<WhyAnswer['verdict'], string> = {
  ran: 'It ran',
  'did-not-run': 'It did not run',
  running: 'It is running',
  waits: 'It waits',
  due: 'It is due',
  'will-run': 'It will run',
  'may-not-run': 'It may not run',
  'not-planned': 'Not planned',
  off: 'Off',
  absent: 'It did not exist',
  unknown: 'Not known',
};

/** Its times are in that zone. The field asks in the zone of the schedule. */
export function whyPage({ site, uid }: Place, answer: WhyAnswer, timezone: string): Html {
  const { time, effectiveTimezone, verdict, text, facts, logId } = answer;
  const hasPage = ['ran', 'did-not-run', 'running', 'waits'].includes(verdict);
  return html`${crumbs(site, 'why', uid)}
<div class="title" id="title" data-live><div><h1>Why? ${uid}, ${weekdayTime(time, timezone)}</h1></div></div>
<section class="card" id="answer" data-live aria-labelledby="why-title"><h2 id="why-title">${WORDS[verdict]}</h2>
<p>${text}</p>
${facts.length > 0 ? html`<ul class="why-facts">${facts.map((fact) => html`<li>${fact}</li>`)}</ul>` : NOTHING}
${logId !== undefined && hasPage ? html`<p><a href="${runPath(site, uid, logId)}">Show this run</a></p>` : NOTHING}
<p class="neighbours"><a href="${whyPath(site, uid, time - MINUTE)}">One minute earlier</a> <a href="${whyPath(site, uid, time + MINUTE)}">One minute later</a></p></section>
<section class="card"><h2>Another time</h2>${whyForm({ site, uid }, timeField(time, effectiveTimezone), effectiveTimezone)}</section>`;
}

/** A time of the zone as the form has it: `2026-01-05 13:00`. */
export function timeField(time: number, timezone: string): string {
  return new Date(time + timeZone(timezone).offsetAt(time)).toISOString().slice(0, 16).replace('T', ' ');
}

/** Asks about a time of the zone: `text` at first. */
export function whyForm(
  { site, uid }: Place,
  text: string,
  timezone: string,
  problems: readonly Problem[] = [],
): Html {
  const field = formField({
    name: 'time',
    label: html`Time <span class="faint">(${timezone})</span>`,
    hint: html`Such as <code>02:30</code>, <code>yesterday 02:30</code> or <code>-2h</code>.`,
    problems,
    input: (tied) =>
      html`<input ${tied} value="${text}" required maxlength="40" autocomplete="off" spellcheck="false">`,
  });
  return html`<form method="get" action="${cronPath(site, uid, 'why')}">${field}<p class="actions"><button>Why?</button></p></form>`;
}

/** Asks again for a time that could not be read. */
export function whyAgainPage(
  place: Place,
  text: string,
  timezone: string,
  problems: readonly Problem[],
): Html {
  return html`${crumbs(place.site, 'why', place.uid)}
<div class="title"><div><h1>Why? ${place.uid}</h1></div></div>
<section class="card"><h2>Another time</h2>${whyForm(place, text, timezone, problems)}</section>`;
}
