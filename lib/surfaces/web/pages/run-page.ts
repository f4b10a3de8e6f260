/** The page of one run: its state, its timeline, what it ran with, and its output. */

import { html, raw } from 'hono/html';
import { formatDuration } from '../../../app/operations/format-duration.ts';
import { clockText } from '../../../app/operations/local-time.ts';
import type { LastGood, RunDetail } from '../../../app/operations/read-run.ts';
import { durationText, type TimelineStep } from '../../../app/operations/run-timeline.ts';
import { withTimes } from '../../../core/domain/messages-with-times.ts';
import { statusBadge } from './badges.ts';
import { changeItems } from './changes-list.ts';
import { environTable } from './environ-view.ts';
import { fact } from './facts.ts';
import { type Html, NOTHING } from './html.ts';
import { crumbs, stepLink } from './layout.ts';
import { type OutputSection, outputSection } from './output-view.ts';
import { cronPath, runPath } from './paths.ts';
import type { Rights } from './rights.ts';
import { clockView, exactView, shownMessages, timeView, type Viewpoint } from './time-view.ts';
import { messageList, userText } from './user-text.ts';

export interface RunNow extends Pick<OutputSection, 'output' | 'failure'> {
  readonly detail: RunDetail;
  readonly view: Viewpoint;
  readonly rights: Rights;
  /** Whether the output of runs can be read. */
  readonly hasOutput: boolean;
}

export function runPage({ detail, view, rights, output, failure, hasOutput }: RunNow): Html {
  const { cron, run, state, environ } = detail;
  const { site, uid } = cron;
  const hasRun = run.status !== 'NOTRUN';
  const path = `${runPath(site, uid, run.id)}/output`;
  return html`${crumbs(site, 'run', uid)}
<div class="title" id="title" data-live><div><h1>${uid}, ${clockText(run.plannedAt, view)} ${stateBadge(run)}</h1>
<p class="faint">${origin(detail)}${duration(detail, view)}</p></div>
<div class="actions">${actions(detail, rights)}</div></div>
${neighbours(detail)}
<div id="messages" data-live>${
    run.messages.length > 0
      ? html`<section class="banner is-${run.status}" aria-label="Messages">${messageList(shownMessages(run, view))}</section>`
      : NOTHING
  }</div>
<div class="columns"><div>
<section class="card" id="result" data-live aria-labelledby="result-title"><h2 id="result-title">What happened</h2>
${timeline(detail, view)}</section>
</div><div>
${
  hasRun
    ? html`<section class="card" id="with" data-live aria-labelledby="with-title"><h2 id="with-title">What it ran with</h2>${versions(detail, view)}
<h3>Environ</h3>${environ ? environTable(environ) : html`<p class="none">${state === 'ready' ? 'It has not started yet.' : 'That version is not known any more.'}</p>`}</section>`
    : NOTHING
}
</div></div>
${hasOutput && hasRun ? outputSection({ view, output, failure, path, isOpen: state !== 'ended' }) : NOTHING}`;
}

function stateBadge({ status }: RunDetail['run']): Html {
  return status === 'READY' ? html`<span class="badge is-new">Waiting</span>` : statusBadge(status);
}

function origin({ run: { runner, forced, requestedBy, covers } }: RunDetail): Html {
  const who = forced
    ? requestedBy === undefined
      ? 'requested by hand'
      : html`requested by ${userText(requestedBy)}`
    : 'planned';
  const many = covers && covers.count > 1 ? ` · covers ${covers.count} planned times` : '';
  return html`${runner === '' ? NOTHING : html`<code>${runner}</code> · `}${who}${many}`;
}

function duration({ run, usualMs, stoppedBy }: RunDetail, { now }: Viewpoint): Html {
  const { startedAt, date } = run;
  if (startedAt === undefined) return NOTHING;
  if (date !== undefined) return html` · took ${durationText(date - startedAt, usualMs)}`;
  const stopping = stoppedBy === undefined ? NOTHING : html` · <strong>${stoppedBy} stops it</strong>`;
  return html` · running for ${durationText(now - startedAt, usualMs)}${progress(now - startedAt, usualMs)}${stopping}`;
}

/** How much of the usual duration has passed; full if it takes longer. */
function progress(ms: number, usualMs: number | undefined): Html {
  if (usualMs === undefined) return NOTHING;
  return html` <progress max="${usualMs}" value="${Math.min(ms, usualMs)}" aria-label="Of the usual duration"></progress>`;
}

function actions(detail: RunDetail, { operates }: Rights): Html {
  const { cron, state } = detail;
  if (!operates || state === 'ready') return NOTHING;
  const { site, uid } = cron;
  return html`<form method="post" action="${cronPath(site, uid, 'do')}">${state === 'running' ? stopButton(detail) : againButton(detail)}</form>`;
}

function stopButton({ run, stoppedBy }: RunDetail): Html {
  const disabled = stoppedBy === undefined ? NOTHING : raw(' disabled');
  return html`<input type="hidden" name="id" value="${run.id}"><button class="danger" name="do" value="stop"${disabled}>Stop</button>`;
}

function againButton({ cron: { definition, unreadable }, run }: RunDetail): Html {
  const disabled = definition && !unreadable ? NOTHING : raw(' disabled');
  return html`<input type="hidden" name="to" value="run"><button class="primary" name="do" value="run"${disabled}>${run.status === 'NOTRUN' ? 'Run now' : 'Run again'}</button>`;
}

function neighbours({ cron: { site, uid }, previous, next }: RunDetail): Html {
  const to = (id: string | undefined) => (id === undefined ? id : runPath(site, uid, id));
  return html`<nav class="neighbours" id="neighbours" data-live aria-label="Runs of ${uid}">${stepLink(to(previous), '← Previous run', 'prev')} ${stepLink(to(next), 'Next run →', 'next')}</nav>`;
}

const STEPS: Record<TimelineStep['step'], string> = {
  planned: 'Planned',
  requested: 'Requested',
  delivered: 'Timer fired',
  claimed: 'Claimed',
  started: 'Started',
  ended: 'Ended',
  decided: 'Not run',
  next: 'Next planned',
};

/** The start is recorded with the end, so the time of a run in progress is not known yet. */
const STARTED = html`<li class="is-started"><strong>Started</strong> <span class="faint">after its claim</span><p class="cause faint">The exact time is recorded when the run ends. The start is announced first, the secrets are read, and a runner of your own may wait for a free place.</p></li>`;

function stepWord(step: TimelineStep['step'], { forced }: RunDetail['run']): string {
  return step === 'delivered' && forced ? 'Delivered' : STEPS[step];
}

function timeline({ timeline: steps, run }: RunDetail, view: Viewpoint): Html {
  return html`<ol class="timeline">${steps.map(({ step, at, cause }, index) => {
    const before = steps[index - 1];
    const word = stepWord(step, run);
    const gap =
      before === undefined || step === 'next'
        ? NOTHING
        : html` <span class="faint">+${formatDuration(at - before.at)}</span>`;
    return html`<li class="is-${step}"><strong>${word}</strong> <span>${step === 'next' || index === 0 ? timeView(at, view) : exactView(at, view, 'clock')}${gap}</span>${cause === undefined ? NOTHING : html`<p class="cause">${withTimes(cause, (time) => clockText(time, view))}</p>`}</li>${step === 'claimed' && run.status === 'RUNNING' ? STARTED : NOTHING}`;
  })}</ol>`;
}

function versions(
  { cron: { site, uid }, definitionVersion, codeVersion, lastGood, searchedForGood }: RunDetail,
  view: Viewpoint,
): Html {
  return html`<dl class="facts">
${definitionVersion === undefined ? NOTHING : fact('Definition', html`<a href="${cronPath(site, uid, 'history')}#version-${definitionVersion}">version ${definitionVersion}</a>`)}
${codeVersion === undefined ? NOTHING : fact('Code', html`<code>${codeVersion}</code>`)}
${lastGood ? fact('Last good run', lastGoodView(lastGood, { site, uid, definitionVersion, codeVersion }, view)) : NOTHING}
${searchedForGood === undefined ? NOTHING : fact('Last good run', `none among the ${searchedForGood} runs before`)}</dl>`;
}

interface Ran {
  readonly site: string;
  readonly uid: string;
  readonly definitionVersion?: number | undefined;
  readonly codeVersion?: string | undefined;
}

function lastGoodView(good: LastGood, ran: Ran, view: Viewpoint): Html {
  const { id, plannedAt, changes = [] } = good;
  const link = html`<a href="${runPath(ran.site, ran.uid, id)}">${clockView(plannedAt, view)}</a>`;
  const isOtherCode = isOther(good.codeVersion, ran.codeVersion);
  const isOtherDefinition = isOther(good.definitionVersion, ran.definitionVersion);
  if (!isOtherCode && !isOtherDefinition) return html`${link}${sameText(good, ran)}`;
  const code = isOtherCode
    ? html`<li>code: <del>${good.codeVersion}</del> <ins>${ran.codeVersion}</ins></li>`
    : NOTHING;
  const versionsText = isOtherDefinition
    ? html`<li>definition: <del>version ${good.definitionVersion}</del> <ins>version ${ran.definitionVersion}</ins></li>`
    : NOTHING;
  return html`${link}. Since then:<ul class="changes">${code}${versionsText}${changeItems(changes)}</ul>`;
}

/** Only what is known of both can be the same. */
function sameText(good: LastGood, ran: Ran): string {
  const same = [
    ...(good.definitionVersion !== undefined && good.definitionVersion === ran.definitionVersion
      ? ['definition']
      : []),
    ...(good.codeVersion !== undefined && good.codeVersion === ran.codeVersion ? ['code'] : []),
  ];
  return same.length === 0 ? '' : `, with the same ${same.join(' and ')}`;
}

/** Records of earlier versions may not have one. */
function isOther(before: string | number | undefined, after: string | number | undefined): boolean {
  return before !== undefined && after !== undefined && before !== after;
}
