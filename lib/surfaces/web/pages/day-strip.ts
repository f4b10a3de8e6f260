/** The next 24 hours as bars: how many crons run in each half hour. */
import { html } from 'hono/html';
import type { Slot } from './day-plan.ts';
import type { Html } from './html.ts';
import { timeText, type Viewpoint } from './time-view.ts';

const HEIGHT = 40;
const WIDTH = 10;
const MAX_NAMED = 6;

export function dayStrip(slots: readonly Slot[], view: Viewpoint): Html {
  const most = Math.max(1, ...slots.map(({ crons }) => crons.length));
  const bars = slots.map((slot, index) => bar(slot, index, most, view));
  return html`<section class="card day" id="day" data-live aria-labelledby="day-title">
<h2 id="day-title">Next 24 hours</h2>
<svg viewBox="0 0 ${slots.length * WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${summary(slots, view)}">
${bars}</svg>
<ol class="hours" aria-hidden="true">${slots
    .filter((_, index) => index % 8 === 0)
    .map(({ from }) => html`<li>${timeText(from, view.timezone)}</li>`)}</ol>
</section>`;
}

function bar({ from, crons }: Slot, index: number, most: number, view: Viewpoint): Html {
  const x = index * WIDTH + 1;
  if (crons.length === 0) {
    return html`<rect class="empty" x="${x}" y="${HEIGHT - 2}" width="${WIDTH - 2}" height="2"/>`;
  }
  const height = Math.round(8 + (HEIGHT - 8) * Math.sqrt(crons.length / most));
  const names = crons.slice(0, MAX_NAMED).join(', ');
  const more = crons.length > MAX_NAMED ? ` and ${crons.length - MAX_NAMED} more` : '';
  return html`<rect x="${x}" y="${HEIGHT - height}" width="${WIDTH - 2}" height="${height}"><title>from ${timeText(from, view.timezone)}: ${names}${more}</title></rect>`;
}

/** The label of the strip. */
function summary(slots: readonly Slot[], { timezone }: Viewpoint): string {
  const [first, ...others] = slots.filter(({ crons }) => crons.length > 0);
  if (!first) return 'Nothing is planned in the next 24 hours.';
  const busiest = others.reduce((most, one) => (one.crons.length > most.crons.length ? one : most), first);
  const distinct = new Set(slots.flatMap(({ crons }) => crons)).size;
  const crons = (count: number) => `${count} cron${count === 1 ? ' runs' : 's run'}`;
  return `${crons(distinct)} in the next 24 hours; most, ${busiest.crons.length}, in the half hour from ${timeText(busiest.from, timezone)}.`;
}
