/**
 * The schemas of the answers of operations, for the description of the API. They are made when they are first needed, since
 * a cold start needs none.
 */
import * as z from 'zod/mini';
import { ROLES } from '../../core/domain/access.ts';
import { HEALTHS } from '../../core/domain/health.ts';
import { once } from '../../core/domain/once.ts';
import { REASONS, STATUSES } from '../../core/domain/run-record.ts';
import { withDescription } from '../../core/domain/validate.ts';

export const answers = once(() => {
  const time = withDescription(z.iso.datetime(), 'ISO 8601, in UTC');
  const record = z.record(z.string(), z.unknown());

  const problem = z.object({
    where: withDescription(z.string(), 'The path of the field; "value" for the whole input'),
    got: z.string(),
    wanted: z.string(),
    fix: withDescription(z.string(), 'The fix'),
  });

  const change = z.object({
    field: z.string(),
    kind: z.enum(['set', 'changed', 'removed']),
    was: withDescription(
      z.optional(z.unknown()),
      'Absent if it was not set, and for settings of runners, which may be secret',
    ),
    is: withDescription(
      z.optional(z.unknown()),
      'Absent if it is not set any more, and for settings of runners',
    ),
  });

  // The body of a refusal.
  const refusal = z.object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: withDescription(z.string(), 'The reason, and the fix'),
    code: withDescription(z.string(), 'The kind of the refusal, stable for programs, such as "read-only"'),
    tag: withDescription(
      z.optional(z.string()),
      'The ETag of the current version, if another change came first',
    ),
    problems: withDescription(z.optional(z.array(problem)), 'All problems of the input'),
    changes: withDescription(z.optional(z.array(change)), 'The fields that another change replaced'),
  });

  const parameter = z.object({
    tag: withDescription(z.string(), 'The ETag of this version; edits change it, runs do not'),
    version: withDescription(z.int(), '0 if the stored state cannot be read'),
    modified: time,
    problems: withDescription(
      z.optional(z.array(problem)),
      'Why this version is not in force; the last valid one is',
    ),
  });

  const settings = z.object({ activated: z.boolean(), readOnly: z.boolean(), timezone: z.string() });

  const crontab = {
    site: z.string(),
    ...settings.shape,
    parameter: withDescription(z.optional(parameter), 'Absent if the settings were never written'),
  };

  const off = z.object({ since: time, by: z.optional(z.string()), note: z.optional(z.string()) });

  const site = z.object({
    ...crontab,
    off: withDescription(z.optional(off), 'Who switched the crontab off, when and why'),
    counts: z.object({
      crons: z.int(),
      active: z.int(),
      running: z.int(),
      failing: z.int(),
      late: z.int(),
      rejected: z.int(),
      next: z.optional(z.object({ uid: z.string(), plannedAt: time })),
    }),
  });

  const log = z.object({
    id: z.string(),
    plannedAt: withDescription(time, 'The planned time; for a forced run, the time of the request'),
    date: withDescription(time, 'The end of the run'),
    startedAt: z.optional(time),
    status: z.enum(STATUSES),
    reason: withDescription(
      z.optional(z.enum(REASONS)),
      'Why nothing ran, or why the run did not end by itself',
    ),
    messages: z.array(z.string()),
    runId: z.optional(z.string()),
    requestedBy: withDescription(z.optional(z.string()), 'Who forced the run, if that is known'),
    covers: withDescription(
      z.optional(z.object({ from: time, count: z.int(), isMore: z.optional(z.boolean()) })),
      'It covers several planned times',
    ),
  });

  const job = z.object({
    present: z.boolean(),
    pending: withDescription(z.boolean(), 'A run is planned or waits'),
    running: z.boolean(),
    finished: withDescription(z.boolean(), 'A run has ended, and none is in progress'),
    late: z.boolean(),
    next: z.optional(time),
    waiting: z.array(
      z.object({ plannedAt: time, runId: z.optional(z.string()), requestedBy: z.optional(z.string()) }),
    ),
    runs: z.array(
      z.object({
        runId: z.string(),
        plannedAt: time,
        startedAt: time,
        forced: z.boolean(),
        requestedBy: z.optional(z.string()),
      }),
    ),
  });

  const trend = z.object({
    runs: z.int(),
    failures: z.int(),
    failuresInRow: withDescription(z.int(), 'How many of the latest runs failed; 0 if the last one did not'),
    failingSince: withDescription(z.optional(time), 'The planned time of the first of these, if it is known'),
    isFlapping: withDescription(z.boolean(), 'They often change between success and failure'),
  });

  // The fields of the definition are absent if no version has been valid or if it cannot be read.
  const cron = z.object({
    site: z.string(),
    uid: z.string(),
    name: z.optional(z.string()),
    periodicity: z.optional(z.string()),
    environ: z.optional(record),
    activated: z.optional(z.boolean()),
    logsLimit: z.optional(z.int()),
    user: z.optional(z.string()),
    timezone: z.optional(z.string()),
    description: z.optional(z.string()),
    tags: z.optional(z.array(z.string())),
    overlap: z.optional(z.enum(['skip', 'buffer', 'allow'])),
    missed: z.optional(z.enum(['once', 'all', 'skip'])),
    maxLateness: withDescription(z.optional(z.int()), 'Seconds'),
    timeout: withDescription(z.optional(z.int()), 'Seconds'),
    words: withDescription(z.optional(z.string()), 'The periodicity in words'),
    effectiveTimezone: withDescription(z.string(), 'Its own time zone, or that of the crontab'),
    active: withDescription(z.boolean(), 'The cron and its crontab are switched on'),
    off: withDescription(z.optional(off), 'Who switched it off, or else its crontab, when and why'),
    health: z.enum(HEALTHS),
    trend: withDescription(trend, 'What its last runs came to, at most 20'),
    job,
    last: z.optional(log),
    unreadable: withDescription(z.optional(problem), 'Why its stored state cannot be read: it does not run'),
    parameter,
  });

  const result = z.object({
    message: withDescription(z.string(), 'The result in a sentence'),
    changed: withDescription(z.boolean(), 'False if nothing had to change'),
    noteLost: withDescription(
      z.optional(z.literal(true)),
      'The note of a switch was not kept, since that changed nothing: of several crons, for one of them',
    ),
  });

  const cronResult = z.extend(result, { cron });
  const settingsResult = z.extend(result, { crontab: z.object(crontab) });
  const runResult = z.extend(result, {
    runId: withDescription(z.string(), 'The runId of its log'),
    logId: withDescription(z.string(), 'The id of its log'),
  });
  const logsResult = z.extend(result, { deleted: z.int(), left: z.int() });

  const version = z.object({
    version: z.int(),
    tag: z.string(),
    modified: time,
    writer: withDescription(
      z.optional(z.string()),
      'The IAM identity that wrote the parameter; the function of this API for its changes',
    ),
    author: withDescription(z.optional(z.string()), 'The caller of this API'),
    changes: withDescription(z.array(change), 'Compared with the previous version'),
    current: z.boolean(),
    definition: z.optional(record),
    problems: withDescription(z.optional(z.array(problem)), 'Why it cannot be restored'),
  });

  const namedRunner = z.object({
    name: withDescription(z.string(), 'The name of a cron that uses it'),
    summary: z.string(),
    site: withDescription(z.optional(z.string()), 'The only site that has it; absent: all sites'),
    broken: withDescription(z.optional(z.string()), 'Why its runs fail: its file cannot be loaded'),
  });

  const runner = z.extend(namedRunner, {
    environ: withDescription(z.optional(record), 'Its settings; absent: it accepts any'),
  });

  const cursor = withDescription(z.optional(z.string()), 'For the next page; absent on the last one');

  const catalogue = z.object({
    runners: z.array(
      z.extend(namedRunner, {
        settings: withDescription(
          z.optional(record),
          'The JSON Schema of its settings; absent: it accepts any',
        ),
        file: withDescription(z.optional(z.string()), 'Its file on this computer'),
      }),
    ),
    limits: withDescription(record, 'What runners may reach, by site; "*" is all sites'),
    codeVersion: withDescription(z.optional(z.string()), 'Names the code of the deployment'),
    folder: withDescription(z.optional(z.string()), 'Where the files of the runners are, on this computer'),
    cursor,
  });

  const preview = z.object({
    words: z.optional(z.string()),
    runs: z.array(z.object({ plannedAt: time, remark: z.optional(z.string()) })),
    clockChange: withDescription(
      z.optional(z.string()),
      'What the next clock change within a year does that moves, skips or repeats a run after these',
    ),
    problems: z.array(problem),
  });

  const cronPreview = z.extend(preview, {
    timezone: withDescription(z.string(), 'The one that was sent, or that of the crontab'),
    crowd: withDescription(z.optional(z.string()), 'Many other crons start at the time of one of its runs'),
  });

  const bulkResult = z.extend(result, {
    done: withDescription(z.array(z.string()), 'The uids of those for which it was done'),
    refused: withDescription(
      z.array(z.object({ uid: z.string(), reason: z.string(), code: z.string() })),
      'Those that were refused',
    ),
    left: withDescription(
      z.array(z.string()),
      'The uids that were not done in time, perhaps changed nevertheless: ask for them again',
    ),
  });

  const role = z.enum(ROLES);

  const rights = z.object({
    name: withDescription(z.optional(z.string()), 'The ARN of the caller; absent if it is unknown'),
    role: withDescription(z.optional(role), 'The role for all sites; absent if there is none'),
    sites: withDescription(z.array(z.object({ site: z.string(), role })), 'Higher roles for single sites'),
    version: withDescription(
      z.optional(z.string()),
      'The version of cloudtab that answers; absent in deployments of versions that did not say it',
    ),
  });

  const text = z.object({
    text: withDescription(z.string(), 'The parameter as it was typed'),
    tag: z.string(),
    problems: z.array(problem),
  });

  const draft = z.object({
    fields: withDescription(record, 'The fields of the current version, as far as a form may show them'),
    tag: z.string(),
    problems: z.array(problem),
  });

  return {
    refusal,
    site,
    change,
    time,
    record,
    settings,
    cron,
    job,
    log,
    cronResult,
    settingsResult,
    result,
    runResult,
    logsResult,
    bulkResult,
    version,
    runner,
    catalogue,
    preview,
    cronPreview,
    cursor,
    rights,
    text,
    draft,
  };
});
