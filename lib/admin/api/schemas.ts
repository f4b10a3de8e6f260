/**
 * What the API takes and answers. What a cron and a crontab may be is the domain's; what is taken is judged by those
 * same schemas, in the operations.
 */
import * as z from 'zod';
import { cronSchema } from '../../domain/cron-schema.ts';
import { crontabSchema } from '../../domain/crontab-schema.ts';

const TIME = z.iso.datetime().describe('ISO 8601, in UTC');

/** A cron that is added: without a uid it gets one. */
export const newCronSchema = cronSchema.partial({ uid: true });

/** Fields that replace those of a cron. */
export const cronEditSchema = edit(cronSchema.omit({ uid: true }));

/** Settings that replace those of a crontab. */
export const settingsEditSchema = edit(crontabSchema);

const problemSchema = z.object({
  where: z.string().describe('Path of the field; "value" when it is about the whole'),
  got: z.string(),
  wanted: z.string(),
  cure: z.string().describe('What to do about it'),
});

const changeSchema = z.object({
  field: z.string(),
  was: z.string().optional().describe('Shortened JSON'),
  is: z.string().optional().describe('Shortened JSON'),
});

/** Every answer that is not the one asked for. */
export const refusalSchema = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What was wrong, and what to do about it'),
  problems: z.array(problemSchema).optional().describe('Everything that is wrong with what was sent'),
  changes: z.array(changeSchema).optional().describe('What somebody else changed in the meantime'),
});

const parameterSchema = z.object({
  tag: z.string().describe('The ETag of this version: runs do not change it, edits do'),
  version: z.int(),
  modified: TIME,
  problems: z
    .array(problemSchema)
    .optional()
    .describe('Why this version is not in force; the last good one is'),
});

const settingsShape = {
  site: z.string(),
  activated: z.boolean(),
  readOnly: z.boolean(),
  timezone: z.string(),
  parameter: parameterSchema.optional().describe('Absent when nobody ever wrote settings'),
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
    next: z.object({ uid: z.string(), at: TIME }).optional(),
  }),
});

export const logSchema = z.object({
  id: z.string(),
  at: TIME.describe('The planned time; for a forced run when it was asked for'),
  date: TIME.describe('The end of the run'),
  started: TIME.optional(),
  status: z.enum(['OK', 'WARN', 'FAILURE', 'NOTRUN']),
  messages: z.array(z.string()),
  runId: z.string().optional(),
  covers: z.object({ from: TIME, count: z.int() }).optional().describe('It stands for several planned times'),
});

export const jobSchema = z.object({
  present: z.boolean(),
  pending: z.boolean().describe('Something is planned or waits'),
  running: z.boolean(),
  finished: z.boolean().describe('Something has ended, and nothing runs'),
  late: z.boolean(),
  next: TIME.optional(),
  waiting: z.array(z.object({ at: TIME, runId: z.string().optional() })),
  runs: z.array(z.object({ runId: z.string(), at: TIME, started: TIME, forced: z.boolean() })),
});

/** The definition's fields are absent when no version was ever good. */
export const cronSchemaOut = z.object({
  site: z.string(),
  uid: z.string(),
  name: z.string().optional(),
  periodicity: z.string().optional(),
  environ: z.record(z.string(), z.unknown()).optional(),
  activated: z.boolean().optional(),
  logsLimit: z.int().optional(),
  user: z.string().optional(),
  timezone: z.string().optional(),
  overlap: z.enum(['skip', 'buffer', 'allow']).optional(),
  missed: z.enum(['once', 'all', 'skip']).optional(),
  maxLateness: z.int().optional().describe('Seconds'),
  timeout: z.int().optional().describe('Seconds'),
  words: z.string().optional().describe('The periodicity in words'),
  effectiveTimezone: z.string().describe("Its own time zone, or the crontab's"),
  active: z.boolean().describe('Switched on, and so is the crontab'),
  health: z.enum(['broken', 'late', 'running', 'off', 'failing', 'warning', 'new', 'ok']),
  job: jobSchema,
  last: logSchema.optional(),
  parameter: parameterSchema,
});

export const siteWithCronsSchema = siteSchema.extend({ crons: z.array(cronSchemaOut) });

export const outcomeSchema = z.object({
  message: z.string().describe('What was done, in a sentence'),
  changed: z.boolean().describe('False when everything was so already'),
});

export const cronOutcomeSchema = outcomeSchema.extend({ cron: cronSchemaOut });
export const settingsOutcomeSchema = outcomeSchema.extend({ crontab: z.object(settingsShape) });
export const runOutcomeSchema = outcomeSchema.extend({ runId: z.string().describe("Its log's runId") });
export const logsOutcomeSchema = outcomeSchema.extend({ deleted: z.int(), left: z.int() });

export const versionSchema = z.object({
  version: z.int(),
  tag: z.string(),
  modified: TIME,
  writer: z.string().optional().describe('Who wrote it, as AWS knows; through this API that is its function'),
  author: z.string().optional().describe('Who asked this API for it'),
  changes: z.array(changeSchema).describe('Against the version before it'),
  current: z.boolean(),
  definition: z.record(z.string(), z.unknown()).optional(),
  problems: z.array(problemSchema).optional().describe('Why it cannot be restored'),
});

export const runnerSchema = z.object({
  name: z.string().describe('What a cron writes as its name'),
  summary: z.string(),
  environ: z.record(z.string(), z.unknown()).optional().describe('Its settings; absent: it takes any'),
});

export const previewSchema = z.object({
  words: z.string().optional(),
  runs: z.array(z.object({ at: TIME, remark: z.string().optional() })),
  problems: z.array(problemSchema),
});

/** Every field may be left out, to stay as it is, or null, to be as if it was never written. */
function edit<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>): z.ZodType {
  const fields = Object.entries(schema.shape).map(([name, field]) => {
    const type = field instanceof z.ZodDefault ? field.unwrap() : field;
    return [
      name,
      z
        .union([type as z.ZodType, z.null()])
        .optional()
        .describe(describedAs(field)),
    ] as const;
  });
  return z.strictObject(Object.fromEntries(fields));
}

function describedAs(field: z.core.$ZodType): string {
  return z.globalRegistry.get(field)?.description ?? '';
}
