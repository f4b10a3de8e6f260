/**
 * What the API takes and answers. What a cron and a crontab may be is the domain's; what is taken is judged by those
 * same schemas, in the operations.
 */
import * as z from 'zod/mini';
import { cronSchema } from '../../../core/domain/cron-schema.ts';
import { crontabSchema } from '../../../core/domain/crontab-schema.ts';
import { withNullableFields } from '../../../core/domain/json-schema.ts';
import { withDescription } from '../../../core/domain/validate.ts';

const TIME = withDescription(z.iso.datetime(), 'ISO 8601, in UTC');

/** A cron that is added: without a uid it gets one. */
export const newCronSchema = withNullableFields(cronSchema, ['name', 'periodicity']);

/** Fields that replace those of a cron. */
export const cronEditSchema = withNullableFields(z.omit(cronSchema, { uid: true }));

/** Settings that replace those of a crontab. */
export const settingsEditSchema = withNullableFields(crontabSchema);

const problemSchema = z.object({
  where: withDescription(z.string(), 'Path of the field; "value" when it is about the whole'),
  got: z.string(),
  wanted: z.string(),
  fix: withDescription(z.string(), 'What to do about it'),
});

const changeSchema = z.object({
  field: z.string(),
  was: withDescription(z.optional(z.string()), 'Shortened JSON'),
  is: withDescription(z.optional(z.string()), 'Shortened JSON'),
});

/** Every answer that is not the one asked for. */
export const refusalSchema = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: withDescription(z.string(), 'What was wrong, and what to do about it'),
  problems: withDescription(
    z.optional(z.array(problemSchema)),
    'Everything that is wrong with what was sent',
  ),
  changes: withDescription(z.optional(z.array(changeSchema)), 'What somebody else changed in the meantime'),
});

const parameterSchema = z.object({
  tag: withDescription(z.string(), 'The ETag of this version: runs do not change it, edits do'),
  version: z.int(),
  modified: TIME,
  problems: withDescription(
    z.optional(z.array(problemSchema)),
    'Why this version is not in force; the last good one is',
  ),
});

const settingsShape = {
  site: z.string(),
  activated: z.boolean(),
  readOnly: z.boolean(),
  timezone: z.string(),
  parameter: withDescription(z.optional(parameterSchema), 'Absent when nobody ever wrote settings'),
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
  plannedAt: withDescription(TIME, 'The planned time; for a forced run when it was asked for'),
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
  covers: withDescription(
    z.optional(z.object({ from: TIME, count: z.int(), isMore: z.optional(z.boolean()) })),
    'It stands for several planned times',
  ),
});

export const jobSchema = z.object({
  present: z.boolean(),
  pending: withDescription(z.boolean(), 'Something is planned or waits'),
  running: z.boolean(),
  finished: withDescription(z.boolean(), 'Something has ended, and nothing runs'),
  late: z.boolean(),
  next: z.optional(TIME),
  waiting: z.array(z.object({ plannedAt: TIME, runId: z.optional(z.string()) })),
  runs: z.array(z.object({ runId: z.string(), plannedAt: TIME, startedAt: TIME, forced: z.boolean() })),
});

/** The definition's fields are absent when no version was ever good. */
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
  overlap: z.optional(z.enum(['skip', 'buffer', 'allow'])),
  missed: z.optional(z.enum(['once', 'all', 'skip'])),
  maxLateness: withDescription(z.optional(z.int()), 'Seconds'),
  timeout: withDescription(z.optional(z.int()), 'Seconds'),
  words: withDescription(z.optional(z.string()), 'The periodicity in words'),
  effectiveTimezone: withDescription(z.string(), "Its own time zone, or the crontab's"),
  active: withDescription(z.boolean(), 'Switched on, and so is the crontab'),
  health: z.enum(['broken', 'late', 'running', 'off', 'failing', 'warning', 'new', 'ok']),
  job: jobSchema,
  last: z.optional(logSchema),
  parameter: parameterSchema,
});

export const siteWithCronsSchema = z.extend(siteSchema, { crons: z.array(cronSchemaOut) });

export const outcomeSchema = z.object({
  message: withDescription(z.string(), 'What was done, in a sentence'),
  changed: withDescription(z.boolean(), 'False when everything was so already'),
});

export const cronOutcomeSchema = z.extend(outcomeSchema, { cron: cronSchemaOut });
export const settingsOutcomeSchema = z.extend(outcomeSchema, { crontab: z.object(settingsShape) });
export const runOutcomeSchema = z.extend(outcomeSchema, {
  runId: withDescription(z.string(), "Its log's runId"),
});
export const logsOutcomeSchema = z.extend(outcomeSchema, { deleted: z.int(), left: z.int() });

export const versionSchema = z.object({
  version: z.int(),
  tag: z.string(),
  modified: TIME,
  writer: withDescription(
    z.optional(z.string()),
    'Who wrote it, as AWS knows; through this API that is its function',
  ),
  author: withDescription(z.optional(z.string()), 'Who asked this API for it'),
  changes: withDescription(z.array(changeSchema), 'Against the version before it'),
  current: z.boolean(),
  definition: z.optional(z.record(z.string(), z.unknown())),
  problems: withDescription(z.optional(z.array(problemSchema)), 'Why it cannot be restored'),
});

export const runnerSchema = z.object({
  name: withDescription(z.string(), 'What a cron writes as its name'),
  summary: z.string(),
  environ: withDescription(
    z.optional(z.record(z.string(), z.unknown())),
    'Its settings; absent: it takes any',
  ),
});

export const previewSchema = z.object({
  words: z.optional(z.string()),
  runs: z.array(z.object({ plannedAt: TIME, remark: z.optional(z.string()) })),
  problems: z.array(problemSchema),
});
