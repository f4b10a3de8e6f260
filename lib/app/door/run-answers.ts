/** The schemas of the answers about logs, runs and their output, made as those of answers.ts. */
import * as z from 'zod/mini';
import { HEALTHS } from '../../core/domain/health.ts';
import { once } from '../../core/domain/once.ts';
import { STATUSES } from '../../core/domain/run-record.ts';
import { SLOT_RESULTS } from '../../core/domain/timeline.ts';
import { withDescription } from '../../core/domain/validate.ts';
import { answers } from './answers.ts';

export const runAnswers = once(() => {
  const { change, cursor, log, record, time } = answers();

  const logsOf = z.object({
    logs: withDescription(
      z.array(z.object({ uid: z.string(), logs: z.array(log) })),
      'Of each cron, newest first',
    ),
    left: withDescription(z.array(z.string()), 'The uids that did not fit: ask for them again'),
  });

  const logPage = z.object({
    logs: z.array(log),
    total: z.int(),
    cursor,
  });

  const runItem = z.extend(log, {
    site: z.string(),
    uid: z.string(),
    runner: withDescription(z.string(), 'Empty if it is not known any more'),
    forced: withDescription(z.boolean(), 'A user requested the run'),
    status: z.enum([...STATUSES, 'RUNNING']),
    date: withDescription(z.optional(time), 'The end of the run; absent while it is in progress'),
  });

  const runPage = z.object({
    runs: withDescription(
      z.array(runItem),
      'Those in progress first, unless a status or "until" excludes them; then the last ended first, those of one cron by their ' +
        'planned times; "messages" has the beginning of the first',
    ),
    cursor: withDescription(
      z.optional(z.string()),
      'For the next page; absent on the last one. A page may be empty although others follow: the cursor is the time, ' +
        'in epoch milliseconds, until which the period was searched; that of runs in progress names the last one',
    ),
  });

  const output = z.object({
    lines: z.array(
      z.object({
        time,
        level: z.string(),
        message: z.string(),
        fields: z.optional(record),
      }),
    ),
    address: withDescription(z.optional(z.string()), 'Where the lines are shown, if they are not sent'),
    cursor: withDescription(z.optional(z.string()), 'For the lines after these; absent if none can follow'),
    isRunning: withDescription(z.boolean(), 'The run is in progress, and may write more lines'),
  });

  const ranVersions = z.object({
    definitionVersion: withDescription(z.optional(z.int()), 'The version of the parameter that ran'),
    codeVersion: z.optional(z.string()),
  });

  const run = z.extend(runItem, {
    status: z.enum([...STATUSES, 'RUNNING', 'READY']),
    state: withDescription(
      z.enum(['ready', 'running', 'ended']),
      '"ready": it was requested or waits, and has not started yet',
    ),
    timeline: z.array(
      z.object({
        step: z.enum(['planned', 'requested', 'delivered', 'claimed', 'started', 'ended', 'decided', 'next']),
        at: time,
        cause: withDescription(z.optional(z.string()), 'Why it came so long after the step before it'),
      }),
    ),
    usualMs: withDescription(z.optional(z.int()), 'The median duration of the last runs, in milliseconds'),
    stoppedBy: withDescription(z.optional(z.string()), 'Who stops the run'),
    ...ranVersions.shape,
    environ: withDescription(
      z.optional(record),
      'The settings that it ran with; references instead of secrets',
    ),
    lastGood: withDescription(
      z.optional(
        z.extend(ranVersions, { id: z.string(), plannedAt: time, changes: z.optional(z.array(change)) }),
      ),
      'The last run before it that was OK, and what was changed since then',
    ),
    searchedForGood: withDescription(
      z.optional(z.int()),
      'None of so many runs before it was OK; older ones were not searched',
    ),
    previous: withDescription(z.optional(z.string()), 'The id of the run before it'),
    next: withDescription(z.optional(z.string()), 'The id of the run after it'),
  });

  const why = z.object({
    time: withDescription(time, 'The time that was asked about'),
    verdict: withDescription(
      z.enum([
        'ran',
        'did-not-run',
        'running',
        'waits',
        'due',
        'will-run',
        'may-not-run',
        'not-planned',
        'off',
        'absent',
        'unknown',
      ]),
      '"due": its delivery is awaited; "unknown": nothing that is kept says what happened',
    ),
    text: withDescription(z.string(), 'The explanation in a paragraph'),
    facts: z.array(z.string()),
    plannedAt: withDescription(z.optional(time), 'The planned time of that minute'),
    logId: withDescription(z.optional(z.string()), 'The id of its run record, which it may not have yet'),
    effectiveTimezone: withDescription(z.string(), 'The time zone of the cron, or that of the crontab'),
  });

  const period = z.object({ from: time, to: time });

  const timeline = z.object({
    site: z.string(),
    effectiveTimezone: withDescription(z.string(), 'The time zone of the crontab'),
    period,
    total: withDescription(z.int(), 'The number of all lanes, of which the worst come first'),
    cursor,
    lanes: z.array(
      z.object({
        uid: z.string(),
        health: z.enum(HEALTHS),
        off: withDescription(z.array(period), 'When it was off, or will be'),
        slots: withDescription(
          z.array(
            z.object({
              from: time,
              result: z.enum(SLOT_RESULTS),
              plannedAt: time,
              count: z.int(),
              id: withDescription(z.optional(z.string()), 'The run record that is shown'),
            }),
          ),
          'Its hours in which it ran or is planned',
        ),
      }),
    ),
    broken: withDescription(z.array(z.string()), 'The uids of the crons that cannot run: they have no lane'),
  });

  return { logPage, logsOf, runPage, output, run, why, timeline };
});
