/**
 * The schemas of request and response bodies. Those of requests are derived from the schemas of the domain, with which
 * the operations validate the input.
 */
import * as z from 'zod/mini';
import { cronSchema } from '../../../core/domain/cron-schema.ts';
import { crontabSchema } from '../../../core/domain/crontab-schema.ts';
import { withNullableFields } from '../../../core/domain/json-schema.ts';
import { withDescription } from '../../../core/domain/validate.ts';

const TIME = withDescription(z.iso.datetime(), 'ISO 8601, in UTC');

/** A new cron; a missing uid is generated. */
export const newCronSchema = withNullableFields(cronSchema, ['name', 'periodicity']);

/** Fields that replace those of a cron. */
export const cronEditSchema = withNullableFields(z.omit(cronSchema, { uid: true }));

/** Settings that replace those of a crontab. */
export const settingsEditSchema = withNullableFields(crontabSchema);

const problemSchema = z.object({
  where: withDescription(z.string(), 'The path of the field; "value" for the whole input'),
  got: z.string(),
  wanted: z.string(),
  fix: withDescription(z.string(), 'The fix'),
});

const changeSchema = z.object({
  field: z.string(),
  was: withDescription(z.optional(z.string()), 'Shortened JSON'),
  is: withDescription(z.optional(z.string()), 'Shortened JSON'),
});

/** The body of a refusal. */
export const refusalSchema = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: withDescription(z.string(), 'The reason, and the fix'),
  problems: withDescription(z.optional(z.array(problemSchema)), 'All problems of the input'),
  changes: withDescription(z.optional(z.array(changeSchema)), 'The fields that another change replaced'),
});

const parameterSchema = z.object({
  tag: withDescription(z.string(), 'The ETag of this version; edits change it, runs do not'),
  version: withDescription(z.int(), '0 if the stored state cannot be read'),
  modified: TIME,
  problems: withDescription(
    z.optional(z.array(problemSchema)),
    'Why this version is not in force; the last valid one is',
  ),
});

const settingsShape = {
  site: z.string(),
  activated: z.boolean(),
  readOnly: z.boolean(),
  timezone: z.string(),
  parameter: withDescription(z.optional(parameterSchema), 'Absent if the settings were never written'),
};

export const siteSchema = z.object({
  ...settingsShape,
  counts: z.object({
    crons: z.int(),
    active: z.int(),
    running: z.int(),
    failing: z.int(),
    late: z.int(),
    rejected: z.int(),
    next: z.optional(z.object({ uid: z.string(), plannedAt: TIME })),
  }),
});

export const logSchema = z.object({
  id: z.string(),
  plannedAt: withDescription(TIME, 'The planned time; for a forced run, the time of the request'),
  date: withDescription(TIME, 'The end of the run'),
  startedAt: z.optional(TIME),
  status: z.enum(['OK', 'WARN', 'FAILURE', 'NOTRUN']),
  reason: withDescription(
    z.optional(
      z.enum(['missed', 'late', 'overlap', 'off', 'edited', 'refused', 'died', 'timeout', 'stopped']),
    ),
    'Why nothing ran, or why the run did not end by itself',
  ),
  messages: z.array(z.string()),
  runId: z.optional(z.string()),
  requestedBy: withDescription(z.optional(z.string()), 'Who forced the run, if that is known'),
  covers: withDescription(
    z.optional(z.object({ from: TIME, count: z.int(), isMore: z.optional(z.boolean()) })),
    'It covers several planned times',
  ),
});

export const jobSchema = z.object({
  present: z.boolean(),
  pending: withDescription(z.boolean(), 'A run is planned or waits'),
  running: z.boolean(),
  finished: withDescription(z.boolean(), 'A run has ended, and none is in progress'),
  late: z.boolean(),
  next: z.optional(TIME),
  waiting: z.array(
    z.object({ plannedAt: TIME, runId: z.optional(z.string()), requestedBy: z.optional(z.string()) }),
  ),
  runs: z.array(
    z.object({
      runId: z.string(),
      plannedAt: TIME,
      startedAt: TIME,
      forced: z.boolean(),
      requestedBy: z.optional(z.string()),
    }),
  ),
});

/** The fields of the definition are absent if no version has been valid or if it cannot be read. */
export const cronSchemaOut = z.object({
  site: z.string(),
  uid: z.string(),
  name: z.optional(z.string()),
  periodicity: z.optional(z.string()),
  environ: z.optional(z.record(z.string(), z.unknown())),
  activated: z.optional(z.boolean()),
  logsLimit: z.optional(z.int()),
  user: z.optional(z.string()),
  timezone: z.optional(z.string()),
  description: z.optional(z.string()),
  overlap: z.optional(z.enum(['skip', 'buffer', 'allow'])),
  missed: z.optional(z.enum(['once', 'all', 'skip'])),
  maxLateness: withDescription(z.optional(z.int()), 'Seconds'),
  timeout: withDescription(z.optional(z.int()), 'Seconds'),
  words: withDescription(z.optional(z.string()), 'The periodicity in words'),
  effectiveTimezone: withDescription(z.string(), 'Its own time zone, or that of the crontab'),
  active: withDescription(z.boolean(), 'The cron and its crontab are switched on'),
  health: z.enum(['broken', 'late', 'running', 'off', 'failing', 'warning', 'new', 'ok']),
  job: jobSchema,
  last: z.optional(logSchema),
  unreadable: withDescription(
    z.optional(problemSchema),
    'Why its stored state cannot be read: it does not run',
  ),
  parameter: parameterSchema,
});

export const siteWithCronsSchema = z.extend(siteSchema, { crons: z.array(cronSchemaOut) });

export const outcomeSchema = z.object({
  message: withDescription(z.string(), 'The result in a sentence'),
  changed: withDescription(z.boolean(), 'False if nothing had to change'),
});

export const cronOutcomeSchema = z.extend(outcomeSchema, { cron: cronSchemaOut });
export const settingsOutcomeSchema = z.extend(outcomeSchema, { crontab: z.object(settingsShape) });
export const runOutcomeSchema = z.extend(outcomeSchema, {
  runId: withDescription(z.string(), 'The runId of its log'),
  logId: withDescription(z.string(), 'The id of its log'),
});
export const logsOutcomeSchema = z.extend(outcomeSchema, { deleted: z.int(), left: z.int() });

export const versionSchema = z.object({
  version: z.int(),
  tag: z.string(),
  modified: TIME,
  writer: withDescription(
    z.optional(z.string()),
    'The IAM identity that wrote the parameter; the function of this API for its changes',
  ),
  author: withDescription(z.optional(z.string()), 'The caller of this API'),
  changes: withDescription(z.array(changeSchema), 'Compared with the previous version'),
  current: z.boolean(),
  definition: z.optional(z.record(z.string(), z.unknown())),
  problems: withDescription(z.optional(z.array(problemSchema)), 'Why it cannot be restored'),
});

export const runnerSchema = z.object({
  name: withDescription(z.string(), 'The name of a cron that uses it'),
  summary: z.string(),
  site: withDescription(z.optional(z.string()), 'The only site that has it; absent: all sites'),
  environ: withDescription(
    z.optional(z.record(z.string(), z.unknown())),
    'Its settings; absent: it accepts any',
  ),
  broken: withDescription(z.optional(z.string()), 'Why its runs fail: its file cannot be loaded'),
});

export const previewSchema = z.object({
  words: z.optional(z.string()),
  runs: z.array(z.object({ plannedAt: TIME, remark: z.optional(z.string()) })),
  problems: z.array(problemSchema),
});
