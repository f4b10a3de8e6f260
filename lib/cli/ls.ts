/** `cloudtab ls`: every cron of a site, with what it did last and does next. */
import { Cron, type CronFields } from '../domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../domain/crontab-settings.ts';
import { NotFoundError } from '../domain/errors.ts';
import { dumpLog, iso } from '../domain/log.ts';
import { type Problem, problemText } from '../domain/problem.ts';
import type { SiteState } from '../ports/store.ts';
import type { Target } from './target.ts';
import { relative, table } from './text.ts';

type Row = SiteState['crons'][number];

/** The text to print. Throws NotFoundError when there is no such site. */
export async function listCrons({ store, name, note }: Target, site: string, json?: true): Promise<string> {
  const { crontab, crons } = await store.readSite(site);
  const rows = crons.filter(({ cron }) => cron && !cron.removed);
  if (rows.length === 0 && !crontab) throw await noSite(store.sites(), site, name);
  const settings = crontab?.value ?? CRONTAB_DEFAULTS;
  if (json) return JSON.stringify({ site, ...settings, crons: rows.map(jsonOf) }, null, 2);
  const now = Date.now();
  const lines = rows.map((row) => cellsOf(row, settings.activated, now));
  const head = ['UID', 'RUNNER', 'SCHEDULE', 'NEXT', 'LAST', 'STATUS'];
  const rejected = rows.flatMap(({ uid, cron }) => (cron?.problems ?? []).map((one) => rejection(uid, one)));
  const settingsRejected = (crontab?.problems ?? []).map((one) => rejection('crontab', one));
  const notes = note === undefined ? [] : [note];
  const off = settings.activated ? [] : [`The crontab of ${site} is switched off: nothing runs.`];
  return [...notes, ...off, table([head, ...lines]), ...settingsRejected, ...rejected].join('\n');
}

async function noSite(known: Promise<string[]>, site: string, where: string): Promise<NotFoundError> {
  const sites = await known;
  const there = sites.length === 0 ? 'It has no site yet.' : `It has: ${sites.join(', ')}.`;
  return new NotFoundError(`There is no site "${site}" in ${where}. ${there} Choose one with --site.`);
}

function cellsOf({ uid, cron, job }: Row, activated: boolean, now: number): string[] {
  const last = job?.logs[0];
  const value = cron?.value;
  return [
    uid,
    value?.name ?? '',
    value?.periodicity ?? '',
    job?.armed ? relative(job.armed.at, now) : '',
    last ? relative(last.date, now) : '',
    statusOf(value, activated, job?.leases.length ?? 0, last?.status),
  ];
}

function statusOf(value: CronFields | undefined, activated: boolean, running: number, last = ''): string {
  if (!value) return 'rejected';
  if (running > 0) return 'running';
  return value.activated && activated ? last : 'off';
}

function rejection(what: string, problem: Problem): string {
  return `! ${what} was edited and is not valid; what held before is in force. ${problemText(problem)}`;
}

function jsonOf({ uid, cron, job }: Row) {
  const last = job?.logs[0];
  return {
    ...(cron?.value ? new Cron(cron.value).fields() : { uid }),
    problems: cron?.problems ?? [],
    running: job?.leases.length ?? 0,
    next: job?.armed ? iso(job.armed.at) : null,
    last: last ? dumpLog(last) : null,
  };
}
