/** Checks that the table matches the registry, and that the crons in force can run. */
import { clearSecretFindings } from '../../core/domain/clear-secrets.ts';
import type { Cron } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import type { Finding } from '../../core/domain/finding.ts';
import { inForceText } from '../../core/domain/in-force.ts';
import { iso } from '../../core/domain/iso.ts';
import type { Job } from '../../core/domain/job.ts';
import { overrunLeases } from '../../core/domain/lease.ts';
import { describeKey, type ParameterKey } from '../../core/domain/names.ts';
import { type Off, offText } from '../../core/domain/off.ts';
import { formatProblem } from '../../core/domain/problem.ts';
import { cronInForce, offInForce, type Projection, settingsInForce } from '../../core/domain/projection.ts';
import { isActive, timingOf } from '../../core/domain/timing.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { RunnerCatalogue } from '../../core/ports/runner-catalogue.ts';
import type { CronState } from '../../core/ports/store.ts';
import { localTime } from '../operations/local-time.ts';
import { unreadableProblem } from '../operations/unreadable-cron.ts';
import { examineCrowd, examineHealth } from './health.ts';

export type CrontabPorts = Pick<OperationPorts, 'registry' | 'store' | 'clock' | 'runners'>;

/** What only a scheduler that is running can do. */
const OF_SCHEDULER: ReadonlySet<Finding['code']> = new Set(['not-armed', 'armed-in-vain', 'late']);

/** The projection of a recent change may still be in progress. */
const ON_ITS_WAY = 60_000;

/**
 * The findings of all sites. Reads the whole registry, and each site once. Reports crons that are not armed or late only where
 * a scheduler is running.
 */
export async function examineCrontabs(
  ports: CrontabPorts,
  { isRunning, option }: { readonly isRunning: boolean; readonly option: string },
): Promise<Finding[]> {
  const written = new Map<string, { readonly key: ParameterKey; readonly modified: number }>();
  for await (const { site, uid, modified } of ports.registry.list()) {
    const key = uid === undefined ? { site } : { site, uid };
    written.set(describeKey(key), { key, modified });
  }
  const sites = new Set([
    ...(await ports.store.sites()),
    ...[...written.values()].map(({ key }) => key.site),
  ]);
  const findings: Finding[] = [];
  for (const site of [...sites].sort()) findings.push(...(await examineSite(ports, site, written, option)));
  findings.push(...examineRunners(ports.runners, findings));
  return findings.filter(({ code }) => isRunning || !OF_SCHEDULER.has(code));
}

async function examineSite(
  ports: CrontabPorts,
  site: string,
  written: ReadonlyMap<string, { readonly key: ParameterKey; readonly modified: number }>,
  option: string,
): Promise<Finding[]> {
  const { crontab, crons } = await ports.store.readSite(site);
  const now = ports.clock.now();
  const settings = settingsInForce(crontab);
  const broken = crons.flatMap((state) => examineState(site, state, settings));
  const brokenUids = new Set(broken.map(({ key }) => key?.uid));
  const readable = crons.filter(({ uid }) => !brokenUids.has(uid));
  const projected = new Map<string, Projection<unknown> | undefined>();
  if (crontab) projected.set(describeKey({ site }), crontab);
  for (const { uid, cron } of readable) projected.set(describeKey({ site, uid }), cron);
  const behind = [...written.values()]
    .filter(({ key, modified }) => key.site === site && modified < now - ON_ITS_WAY)
    .filter(({ key }) => key.uid === undefined || !brokenUids.has(key.uid))
    .filter(({ key, modified }) => {
      const projection = projected.get(describeKey(key));
      return !projection || projection.removedAt !== undefined || projection.modified < modified;
    })
    .map(({ key }) => notProjected(key));
  const own =
    crontab && crontab.removedAt === undefined ? examineProjection({ site }, crontab, written, option) : [];
  const theirs = readable.flatMap((state) => {
    const { uid, cron, job } = state;
    const key = { site, uid };
    const inForce = cronInForce(cron);
    const off = offInForce(cron) ?? offInForce(crontab);
    const isOnItsWay = isFresh(cron, now) || isFresh(crontab, now);
    return [
      ...(cron && cron.removedAt === undefined ? examineProjection(key, cron, written, option) : []),
      ...examineRunner(ports.runners, key, inForce, settings),
      ...examineRuns(key, inForce, job, now),
      ...examineEnviron(key, inForce, option),
      ...examineHealth(site, { ...state, ...(crontab && { crontab }) }, { now, option }),
      ...(isOnItsWay ? [] : examineJob(key, inForce, job, { settings, off, now })),
    ];
  });
  const valid = readable.flatMap(({ cron }) => cronInForce(cron) ?? []);
  return [...behind, ...own, ...broken, ...theirs, ...examineCrowd(site, valid, settings, now)];
}

/** Findings of the projection itself. */
function examineProjection(
  key: ParameterKey,
  { problems, value }: Projection<unknown>,
  written: ReadonlyMap<string, unknown>,
  option: string,
): Finding[] {
  if (!written.has(describeKey(key))) {
    const what = `${describeKey(key)} is in the table, but its parameter is gone.`;
    return [{ code: 'not-removed', key, what, fix: 'Let --fix read the registry again.', fixable: true }];
  }
  if (!problems) return [];
  const what = `${describeKey(key)} was edited and rejected; ${inForceText(value !== undefined)}. ${problems.map(formatProblem).join(' ')}`;
  const fix =
    key.uid === undefined
      ? 'Fix the parameter.'
      : `Fix it: cloudtab edit ${key.uid} --site ${key.site} ${option}`;
  return [{ code: 'rejected', key, what, fix, fixable: false }];
}

/** A cron that cannot be read; nothing else is examined about it. */
function examineState(
  site: string,
  { uid, cron, unreadable }: CronState,
  settings: CrontabSettings,
): Finding[] {
  const problem = unreadableProblem(unreadable, cronInForce(cron), settings);
  if (!problem || cron?.removedAt !== undefined) return [];
  const key = { site, uid };
  const { where, got, fix } = problem;
  const what = `${describeKey(key)} does not run, because its ${where} cannot be read: ${got}.`;
  // The parameter is read again, and replaces a projection that cannot be read.
  return [{ code: 'cron-unreadable', key, what, fix, fixable: cron === undefined }];
}

function examineJob(
  key: Required<ParameterKey>,
  cron: Cron | undefined,
  job: Job | undefined,
  {
    settings,
    off,
    now,
  }: { readonly settings: CrontabSettings; readonly off: Off | undefined; readonly now: number },
): Finding[] {
  const name = describeKey(key);
  if (!cron || !isActive(cron, settings)) {
    if (job?.armedAt === undefined) return [];
    const why = off ? ` since it is off (${localTime(off.since, settings.timezone)}${offText(off)})` : '';
    const what = `${name} is armed for ${iso(job.armedAt)}, but should not run${why}.`;
    return [{ code: 'armed-in-vain', key, what, fix: 'Let --fix synchronise it.', fixable: true }];
  }
  const next = cron.next(now, settings.timezone);
  if (next === undefined || job?.timing === timingOf(cron, settings)) return [];
  const what = `${name} should run at ${iso(next)}, but is not armed for it.`;
  return [{ code: 'not-armed', key, what, fix: 'Let --fix synchronise it.', fixable: true }];
}

/** Secrets in a place that shows them. */
function examineEnviron(key: Required<ParameterKey>, cron: Cron | undefined, option: string): Finding[] {
  if (!cron) return [];
  return clearSecretFindings(cron.environ, key.site, option).map(({ what, fix }) => ({
    code: 'secret-in-clear',
    key,
    what: `${describeKey(key)}: ${what}`,
    fix,
    fixable: false,
  }));
}

/** Runs that should have been ended. */
function examineRuns(
  key: Required<ParameterKey>,
  cron: Cron | undefined,
  job: Job | undefined,
  now: number,
): Finding[] {
  if (!cron || !job) return [];
  return overrunLeases(job, cron, now).map(({ runId, claimedAt, expiresAt }) => ({
    code: 'run-overran',
    key,
    what: `${describeKey(key)}: the run ${runId} goes on since ${iso(claimedAt)}, past its timeout of ${cron.timeout} s.`,
    fix: `cloudtab stop ${key.uid} --site ${key.site}, or restart the process that runs it. Otherwise its lease ends at ${iso(expiresAt)}.`,
    fixable: false,
  }));
}

/** Whether the runner of an active cron can run, which does not depend on how long ago the cron was edited. */
function examineRunner(
  runners: RunnerCatalogue,
  key: Required<ParameterKey>,
  cron: Cron | undefined,
  settings: CrontabSettings,
): Finding[] {
  if (!cron || !isActive(cron, settings)) return [];
  const name = describeKey(key);
  const broken = runners.describe(key.site).find((one) => one.name === cron.name)?.broken;
  if (broken !== undefined) {
    const what = `${name} fails, because its runner cannot be loaded: ${broken}`;
    return [{ code: 'runner-broken', key, what, fix: 'Correct the file of the runner.', fixable: false }];
  }
  return runners.problems(cron, key.site).map((problem) => ({
    code: 'runner-missing',
    key,
    what: `${name} cannot run here. ${formatProblem(problem)}`,
    fix: 'Add the file of its runner, in a deployment deploy it, or edit the cron.',
    fixable: false,
  }));
}

/** Runners that cannot be loaded, beside those of active crons, which `found` has. */
function examineRunners(runners: RunnerCatalogue, found: readonly Finding[]): Finding[] {
  return runners.describe().flatMap(({ name, site, broken }) => {
    if (
      broken === undefined ||
      found.some(({ code, what }) => code === 'runner-broken' && what.endsWith(broken))
    ) {
      return [];
    }
    const where = site === undefined ? '' : ` of "${site}"`;
    const what = `The runner "${name}"${where} cannot be loaded, and its settings are those of before: ${broken}`;
    return [{ code: 'runner-broken', what, fix: 'Correct the file of the runner.', fixable: false }];
  });
}

/** Its timer may not be armed yet. */
function isFresh(projection: Projection<unknown> | undefined, now: number): boolean {
  return projection !== undefined && projection.modified > now - ON_ITS_WAY;
}

function notProjected(key: ParameterKey): Finding {
  const what = `${describeKey(key)} was edited, and the table does not have the change.`;
  return { code: 'not-projected', key, what, fix: 'Let --fix read the registry again.', fixable: true };
}
