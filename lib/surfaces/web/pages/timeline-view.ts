/**
 * The drawing of a timeline: a lane for each cron, the past on the left, the future outlined on the right. Each result has a
 * shape besides its colour, each mark of the past is a link, and the list under the drawing says the same in words.
 */
import { html, raw } from 'hono/html';
import type { CronView } from '../../../app/operations/cron-view.ts';
import { clockText, dayText, timeText } from '../../../app/operations/local-time.ts';
import type { Lane, Timeline } from '../../../app/operations/read-timeline.ts';
import { brokenText, clockChangeText, timelineTicks } from '../../../app/operations/timeline-text.ts';
import { clockChanges } from '../../../core/domain/clock-changes.ts';
import { type Period, SLOT_MS, SLOT_RESULTS, type Slot } from '../../../core/domain/timeline.ts';
import { healthBadge } from './badges.ts';
import { type Html, NOTHING } from './html.ts';
import { listPath } from './list-query.ts';
import { cronPath, runPath, sitePath, whyPath } from './paths.ts';
import { offTitle, type Viewpoint } from './time-view.ts';
import { laneText, slotText } from './timeline-text.ts';

/** Hours so close to the line of the present are not written, on a narrow screen three times as far. */
const BESIDE_NOW = 2.2 * SLOT_MS;
const WHY_LINKS = 3;
/** They are drawn one by one, each a link; the others run together where they follow each other. */
const TOGETHER: ReadonlySet<string> = new Set(['NEXT', 'QUIET', 'UNREAD']);

export function timelineView(timeline: Timeline, view: Viewpoint): Html {
  const { lanes, period, broken } = timeline;
  const changes = changesOf(timeline, view);
  return html`<section class="card chart" id="timeline" data-live aria-labelledby="timeline-title">
<div class="head"><h2 id="timeline-title">Yesterday to tomorrow</h2>${legend(lanes)}</div>
${SYMBOLS}${
  lanes.length === 0
    ? html`<p class="none">${broken.length === 0 ? 'There are no crons yet.' : 'No cron can run.'}</p>`
    : html`<div class="lanes" data-from="${period.from}" data-to="${period.to}">${axis(period, changes, view)}<ol>${lanes.map((lane) => laneView(lane, period, view))}</ol></div>
${changes.map(({ time, text }) => html`<p class="remark">${dayText(time, view.timezone)}: ${text}</p>`)}
<details class="in-words"><summary>In words</summary><ul>${lanes.map(({ cron, slots }) => html`<li><strong>${cron.uid}</strong> ${laneText(cron, slots, view)} ${whyLinks(cron, slots, view)}</li>`)}</ul></details>`
}
${brokenLine(timeline)}${others(timeline)}</section>`;
}

/** Why the last planned times without a record have none; if there are no such times, why it does not run now. */
function whyLinks({ site, uid }: CronView, slots: readonly Slot[], view: Viewpoint): Html {
  const empty = slots.filter(({ result }) => result === 'NONE').slice(-WHY_LINKS);
  if (empty.length === 0) {
    return html`<a href="${whyPath(site, uid, view.now)}" aria-label="Why? ${uid}">Why?</a>`;
  }
  return html`${empty.map((slot) => html`${slotText(slot, view)}. <a href="${whyPath(site, uid, slot.plannedAt)}" aria-label="Why? ${uid}, ${clockText(slot.plannedAt, view)}">Why?</a> `)}`;
}

/** The place of the drawing in the overview, until the script has loaded it; without the script a link to it. */
export function timelinePlace(site: string): Html {
  return html`<section class="card chart" id="timeline"><a href="${sitePath(site, 'timeline')}" data-load="timeline">Yesterday to tomorrow</a></section>`;
}

function laneView({ cron, slots, off }: Lane, period: Period, view: Viewpoint): Html {
  const { site, uid, health } = cron;
  const scale = scaleOf(period);
  const isOff = cron.off && offTitle(cron.off, view);
  const stop = stopOf(slots);
  return html`<li class="lane"><span class="lane-name"><a href="${cronPath(site, uid)}" title="${uid}">${uid}</a>${health === 'ok' ? NOTHING : html` ${healthBadge(health)}`}</span>
<svg class="track" role="group" aria-label="Runs of ${uid}${isOff ? `, ${isOff}` : ''}" data-lane>${off.map(
    ({ from, to }) =>
      html`<g class="off">${isOff && from <= view.now && view.now < to ? html`<title>${isOff}</title>` : NOTHING}<rect x="${scale.at(from)}" width="${scale.width(to - from)}" height="100%" fill="url(#tl-off)"/></g>`,
  )}${together(slots).map((slot) => slotView(slot, { cron, scale, view, isStop: slot.from === stop }))}</svg></li>
`;
}

/** The Tab key stops once in a lane, at the newest of its worst runs; the arrow keys go on from there. */
function stopOf(slots: readonly Slot[]): number | undefined {
  const links = slots.filter(({ result }) => !TOGETHER.has(result));
  const rank = ({ result }: Slot) => SLOT_RESULTS.indexOf(result);
  return links.reduce<Slot | undefined>(
    (worst, slot) => (worst && rank(worst) < rank(slot) ? worst : slot),
    undefined,
  )?.from;
}

interface Drawn extends Slot {
  /** How many slots are drawn as one. */
  readonly length: number;
}

/** Neighbouring slots that are no links become one. */
function together(slots: readonly Slot[]): Drawn[] {
  const drawn: Drawn[] = [];
  for (const slot of slots) {
    const before = drawn.at(-1);
    const follows =
      before?.result === slot.result &&
      TOGETHER.has(slot.result) &&
      before.isBand &&
      slot.isBand &&
      before.from + before.length * SLOT_MS === slot.from;
    if (follows) drawn.splice(-1, 1, { ...before, length: before.length + 1 });
    else drawn.push({ ...slot, length: 1 });
  }
  return drawn;
}

/** Times and durations in the drawing. */
interface Scale {
  readonly at: (time: number) => string;
  readonly width: (ms: number) => string;
}

function scaleOf({ from, to }: Period): Scale {
  const width = (ms: number) => `${Math.round((10_000 * ms) / (to - from)) / 100}%`;
  return { at: (time) => width(time - from), width };
}

interface SlotPlace {
  readonly cron: CronView;
  readonly scale: Scale;
  readonly view: Viewpoint;
  /** The Tab key stops here. */
  readonly isStop: boolean;
}

function slotView(slot: Drawn, { cron: { site, uid }, scale, view, isStop }: SlotPlace): Html {
  const { at } = scale;
  const { result, from, plannedAt, length, alike, isBand, run } = slot;
  // A band of planned times begins at the present, where one of the past ends.
  const start = result === 'NEXT' ? Math.max(from, view.now) : from;
  const end = from + length * SLOT_MS;
  const width = scale.width((result === 'NEXT' ? end : Math.min(end, view.now)) - start);
  const number =
    alike > 1 && result !== 'OK' ? html`<text x="${at(from + SLOT_MS / 2)}" y="18">${alike}</text>` : NOTHING;
  const shape = isBand
    ? html`<rect class="band ${result}" x="${at(start)}" width="${width}"/>${TOGETHER.has(result) ? NOTHING : number}`
    : html`<use href="#tl-${result}" x="${at(plannedAt)}"/>`;
  if (TOGETHER.has(result)) return shape;
  const path = run ? runPath(site, uid, run.id) : whyPath(site, uid, plannedAt);
  return html`<a href="${path}" class="${result}"${isStop ? NOTHING : raw(' tabindex="-1"')}><title>${slotText(slot, view)}</title>${shape}</a>`;
}

/** The days and hours, the clock changes and the present, behind all lanes. */
function axis(period: Period, changes: readonly Change[], { now, timezone }: Viewpoint): Html {
  const { at, width } = scaleOf(period);
  const ticks = timelineTicks(period, timezone);
  return html`<svg class="axis" aria-hidden="true"><rect class="ahead" x="${at(now)}" width="${width(period.to - now)}"/>
${ticks.map(({ time, hour }) => {
  const isMidnight = hour === '00:00';
  const day = isMidnight
    ? html`<text class="day${edgeOf(time, period)}" x="${at(time)}" y="12">${dayText(time, timezone)}</text>`
    : NOTHING;
  const text =
    Math.abs(time - now) > BESIDE_NOW
      ? html`<text class="hour${/^(?:00|12)/.test(hour) && Math.abs(time - now) > 3 * BESIDE_NOW ? '' : ' odd'}" x="${at(time)}" y="28">${hour}</text>`
      : NOTHING;
  return html`<line class="${isMidnight ? 'midnight' : ''}" x1="${at(time)}" x2="${at(time)}" y1="34" y2="100%"/>${day}${text}`;
})}${changes.map(({ time }) => html`<line class="change" x1="${at(time)}" x2="${at(time)}" y1="34" y2="100%"/>`)}
<line class="now" x1="${at(now)}" x2="${at(now)}" y1="34" y2="100%"/><text class="hour now" x="${at(now)}" y="28">${timeText(now, timezone)}</text></svg>`;
}

/** A day whose name would not fit beside the edge of the drawing. */
function edgeOf(time: number, { from, to }: Period): '' | ' first' | ' last' {
  const part = (time - from) / (to - from);
  return part < 0.05 ? ' first' : part > 0.95 ? ' last' : '';
}

interface Change {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly text: string;
}

/** Those of the clock by which the crons run, and those of the clock of the axis. */
function changesOf({ period: { from, to }, timezone }: Timeline, view: Viewpoint): Change[] {
  return [...new Set([timezone, view.timezone])].flatMap((zone) =>
    clockChanges(zone, from, to).map((change) => ({
      time: change.time,
      text: clockChangeText(change, zone),
    })),
  );
}

/** The crons without a lane, with the way to all of them. */
function brokenLine({ site, broken }: Timeline): Html {
  const text = brokenText(broken);
  if (text === undefined) return NOTHING;
  return html`<p class="broken"><a href="${listPath(site, { show: 'broken' })}">${text}</a></p>`;
}

function others({ site, first, lanes, total, cursor }: Timeline): Html {
  const left = total - first - lanes.length;
  if (cursor === undefined && first === 0) return NOTHING;
  const path = sitePath(site, 'timeline');
  const more =
    cursor === undefined
      ? NOTHING
      : html`<a href="${path}?cursor=${cursor}">${left} more cron${left === 1 ? '' : 's'}</a>`;
  const back = first > 0 ? html`<a href="${path}">The worst first</a>` : NOTHING;
  return html`<nav class="pager" aria-label="Lanes">${back} <span>Crons ${first + 1}–${first + lanes.length} of ${total}, worst first</span> ${more}</nav>`;
}

const LEGEND = [
  ['OK', 'OK'],
  ['WARN', 'warning'],
  ['FAILURE', 'failed'],
  ['NOTRUN', 'not run'],
  ['NEXT', 'planned'],
] as const;

function legend(lanes: readonly Lane[]): Html {
  const off = lanes.some((lane) => lane.off.length > 0)
    ? html`<li><svg aria-hidden="true"><rect x="1" y="8" width="14" height="12" fill="url(#tl-off)"/></svg>off</li>`
    : NOTHING;
  return html`<ul class="legend" aria-label="Legend">${LEGEND.map(([result, word]) => html`<li><svg aria-hidden="true"><use href="#tl-${result}" x="50%"/></svg>${word}</li>`)}${off}</ul>`;
}

/** The shapes of single marks, 28 pixels high around x = 0; each has room for a finger. */
const SHAPES: Readonly<Record<string, string>> = {
  OK: '<circle cy="14" r="4.5"/>',
  WARN: '<path d="M0 8 6 19H-6Z"/>',
  FAILURE: '<rect x="-5.5" y="8.5" width="11" height="11" rx="1.5"/>',
  NOTRUN: '<path d="M0 8 6 14 0 20-6 14Z"/>',
  RUNNING: '<path d="M-4 8 6 14-4 20Z"/>',
  PENDING: '<path d="M-5 8H5L-5 20H5Z"/>',
  NONE: '<circle cy="14" r="5"/><path d="M0 11V14.5M0 16.5V17"/>',
  NEXT: '<circle cy="14" r="4"/>',
  QUIET: '<circle cy="14" r="3"/>',
  UNREAD: '<path d="M-4 14H4"/>',
};

const SYMBOLS = raw(
  `<svg class="symbols" aria-hidden="true"><defs><pattern id="tl-off" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="2" height="6"/></pattern>${Object.entries(
    SHAPES,
  )
    .map(
      ([name, shape]) =>
        `<g id="tl-${name}" class="mark ${name}"><rect class="finger" x="-9" width="18" height="28"/>${shape}</g>`,
    )
    .join('')}</defs></svg>`,
);
