/** The current state of a cron: its definition, next runs and logs. */
import { html } from 'hono/html';
import type { CronView } from '../../../app/operations/cron-view.ts';
import { describePeriodicity } from '../../../app/operations/describe-periodicity.ts';
import { formatDuration } from '../../../app/operations/format-duration.ts';
import { pluralize } from '../../../app/operations/messages.ts';
import type { PlannedRun } from '../../../app/operations/preview.ts';
import type { RunItem } from '../../../app/operations/read-runs.ts';
import type { CronFields } from '../../../core/domain/cron.ts';
import { recordId } from '../../../core/domain/run-record.ts';
import { trendView } from './badges.ts';
import { inForce, unreadableBanner } from './banners.ts';
import { cronHeader } from './cron-header.ts';
import { plannedView } from './cron-row.ts';
import { environTable } from './environ-view.ts';
import { fact } from './facts.ts';
import { type Html, NOTHING } from './html.ts';
import { type LogsSection, logsSection } from './logs-view.ts';
import { cronPath, runPath, whyPath } from './paths.ts';
import { problemList } from './problems-view.ts';
import { type WatchedRun, watchPanel } from './run-watch.ts';
import { runsChart } from './runs-chart.ts';
import { runsList } from './runs-view.ts';
import { offView, relativeView, type Viewpoint } from './time-view.ts';
import { userText } from './user-text.ts';
import { timeField, whyForm } from './why-page.ts';

export interface CronNow extends Omit<LogsSection, 'view'> {
  readonly view: Viewpoint;
  /** The next ten runs; empty when it is switched off. */
  readonly runs: readonly PlannedRun[];
  /** The latest that are in progress, ended or did not run, newest first. */
  readonly latest: readonly RunItem[];
  readonly watched?: WatchedRun | undefined;
}

export function cronPage(now: CronNow): Html {
  const { cron, view, runs, latest, rights, watched } = now;
  return html`${cronHeader(cron, 'now', rights)}
<div id="banners" data-live>${rights.readOnly ? html`<p class="banner is-state"><strong>Read only.</strong> The dashboard cannot change anything.${cron.active ? ' Runs continue.' : NOTHING}</p>` : NOTHING}${unreadableBanner([cron])}${rejection(cron)}</div>
${watchPanel(watched, view)}
<div class="columns"><div>
<section class="card" id="glance" data-live aria-label="At a glance"><dl class="glance">
${fact('Schedule', cron.definition ? html`${describePeriodicity(cron.definition.periodicity, cron.uid)} <code>${cron.definition.periodicity}</code> <span class="faint">${cron.timezone}</span>` : html`<span class="none">nothing in force</span>`)}
${nowRows(cron, view)}
${fact('Next run', plannedView(cron, view))}
</dl></section>
${runsChart({ cron, runs: latest, trend: trendView(cron, view), view })}
${logsSection(now)}
</div><div>
${nextRunsCard(cron, runs, view)}
<section class="card" aria-labelledby="why-title"><h2 id="why-title">Why did it run, or not?</h2>${whyForm(cron, timeField(view.now, cron.timezone), cron.timezone)}</section>
${cron.definition ? definitionCard(cron, cron.definition) : NOTHING}
</div></div>`;
}

/** The runs in progress, and whether others wait for them to end. */
function nowRows({ site, uid, job }: CronView, view: Viewpoint): Html {
  const running = job.runs.map((lease) => {
    const who =
      lease.requestedBy === undefined ? NOTHING : html`, requested by ${userText(lease.requestedBy)}`;
    return fact(
      'Running',
      html`<span class="live">started ${relativeView(lease.claimedAt, view)}</span>${who} · <a href="${runPath(site, uid, recordId(lease))}">Show the run</a>`,
    );
  });
  const waiting = fact('Waiting', `${pluralize(job.waiting.length, 'run')} for its turn`);
  return html`${running}${job.waiting.length === 0 ? NOTHING : waiting}`;
}

function rejection(cron: CronView): Html {
  const { site, uid, parameter } = cron;
  if (!parameter.problems) return NOTHING;
  return html`<section class="banner is-refused"><h2>The latest edit was rejected</h2><p>${inForce(cron)}</p>
${problemList(parameter.problems)}<p><a href="${cronPath(site, uid, 'edit')}">Fix it</a></p></section>`;
}

function nextRunsCard(
  { site, uid, active, definition, unreadable, timezone, off }: CronView,
  runs: readonly PlannedRun[],
  view: Viewpoint,
): Html {
  const why = active
    ? 'The schedule has no later time'
    : unreadable
      ? 'It cannot be read'
      : definition?.activated
        ? 'The crontab is switched off'
        : 'It is switched off';
  const text = definition || unreadable ? why : 'No version has been valid';
  return html`<section class="card" id="next" data-live aria-labelledby="next-title"><div class="head"><h2 id="next-title">Next runs</h2><p class="faint">by the clock of ${timezone}</p></div>
${runs.length > 0 ? runsList(runs, view, (time) => whyPath(site, uid, time)) : html`<p class="none">${text}${off ? html` since ${offView(off, view)}` : NOTHING}.</p>`}</section>`;
}

const OVERLAP = {
  skip: 'skipped while the previous run continues',
  buffer: 'one run waits until the previous one has ended',
  allow: 'runs may overlap',
};
const MISSED = {
  once: 'the latest missed time runs',
  all: 'every missed time runs, oldest first',
  skip: 'missed times do not run',
};

function definitionCard({ timezone }: CronView, fields: CronFields): Html {
  const { name, user, overlap, missed, maxLateness, timeout, logsLimit, environ } = fields;
  return html`<section class="card" id="definition" data-live aria-labelledby="definition-title"><h2 id="definition-title">Definition</h2><dl class="facts">
${fact('Runner', html`<code>${name}</code>`)}
${user === undefined ? NOTHING : fact('User', userText(user))}
${fact('Time zone', fields.timezone === undefined ? html`${timezone} <span class="faint">(the crontab’s)</span>` : timezone)}
${fact('Overlap', OVERLAP[overlap])}${fact('Missed', MISSED[missed])}
${fact('Latest start', `at most ${formatDuration(maxLateness * 1000)} late`)}${fact('Time limit', formatDuration(timeout * 1000))}
${fact('Logs kept', String(logsLimit))}</dl>
<h3>Environ</h3>${environTable(environ)}</section>`;
}
