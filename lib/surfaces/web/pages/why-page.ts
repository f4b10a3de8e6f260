/** Why a cron ran, did not run or will run at a time. */
import { html } from 'hono/html';
import { weekdayTime } from '../../../app/operations/local-time.ts';
import type { WhyAnswer } from '../../../app/operations/why.ts';
import { timeZone } from '../../../core/domain/time-zone.ts';
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
<section class="card"><h2>Another time</h2>${whyForm({ site, uid }, time, effectiveTimezone)}</section>`;
}

/** Asks about a time of the zone, `time` at first. */
export function whyForm({ site, uid }: Place, time: number, timezone: string): Html {
  const local = new Date(time + timeZone(timezone).offsetAt(time)).toISOString().slice(0, 16);
  return html`<form class="inline why" method="get" action="${cronPath(site, uid, 'why')}"><label for="local">Time <span class="faint">(${timezone})</span></label>
<input type="datetime-local" id="local" name="local" value="${local}" required> <button>Why?</button></form>`;
}

/** The instant of a local time such as `2026-01-05T13:00`; one that the clock skips is that after the gap. Undefined if it is none. */
export function instantOf(local: string, timezone: string): number | undefined {
  const time = Date.parse(`${local}Z`);
  if (Number.isNaN(time)) return undefined;
  const zone = timeZone(timezone);
  return time - zone.offsetAt(time - zone.offsetAt(time));
}
