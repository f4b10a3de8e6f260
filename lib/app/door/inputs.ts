/** The inputs of operations. Those with fields of crons and crontabs are derived from the schemas of the domain. */
import * as z from 'zod/mini';
import { cronSchema } from '../../core/domain/cron-schema.ts';
import { crontabSchema } from '../../core/domain/crontab-schema.ts';
import { CRONTAB_DEFAULTS } from '../../core/domain/crontab-settings.ts';
import { HEALTHS } from '../../core/domain/health.ts';
import { withNullableFields } from '../../core/domain/json-schema.ts';
import { UID } from '../../core/domain/names.ts';
import { once } from '../../core/domain/once.ts';
import { STATUSES } from '../../core/domain/run-record.ts';
import { timeZoneName } from '../../core/domain/time-zone-name.ts';
import { TIME_ZONE_RULE } from '../../core/domain/time-zone-problems.ts';
import { field, optional } from '../../core/domain/validate.ts';
import { MAX_PREVIEWED } from '../operations/preview.ts';
import { LOGS_PAGE } from '../operations/read-logs.ts';
import { RUNS_CURSOR, RUNS_PAGE } from '../operations/read-runs.ts';
import {
  activated,
  anyUid,
  indexCursor,
  MAX_LIST,
  MAX_UID,
  note,
  pageCursor,
  pageFields,
  runnerPageFields,
  tag,
  uids,
  wholeNumber,
} from './input-fields.ts';

export const RUN_STATUSES = ['ATTENTION', 'RUNNING', ...STATUSES] as const;
const TIME_WANTED = 'a time such as "2030-01-31T03:00:00Z"';
const MAX_RUNNER = 128;
/** A new cron; a missing uid is generated. */
export const newCron = once(() => withNullableFields(cronSchema, ['name', 'periodicity']));

/** Fields that replace those of a cron. Name and periodicity have no default that null would mean. */
export const cronEdit = once(() => {
  const { uid: _, name, periodicity, ...others } = cronSchema.shape;
  const needed = { name: optional(name), periodicity: optional(periodicity) };
  return withNullableFields(z.strictObject({ ...needed, ...others }), ['name', 'periodicity']);
});

/** Settings that replace those of a crontab. */
export const settingsEdit = once(() => withNullableFields(crontabSchema));

export const cronFilter = once(() =>
  z.strictObject({
    name: field(z.optional(z.string()), 'the name of a runner', 'Send such a name, or leave it out.'),
    tag: tag(),
    activated: field(z.optional(z.boolean()), 'true or false', 'Choose one, or leave it out.'),
    status: field(
      z.optional(z.enum(STATUSES)),
      `one of ${STATUSES.join(', ')}: that of the last log`,
      'Choose one of these, or leave it out.',
    ),
    health: field(
      z.optional(z.enum(HEALTHS)),
      `one of ${HEALTHS.join(', ')}`,
      'Choose one of these, or leave it out.',
    ),
    ...pageFields(MAX_LIST),
  }),
);

export const logPage = once(() =>
  z.strictObject({
    cursor: indexCursor(),
    count: field(
      z.optional(wholeNumber(1, 25)),
      'a whole number from 1 to 25',
      `Send such a number, or leave it out for ${LOGS_PAGE}.`,
    ),
  }),
);

export const runRequest = once(() =>
  z.strictObject({
    status: field(
      z.optional(z.enum(RUN_STATUSES)),
      `one of ${RUN_STATUSES.join(', ')}`,
      'Choose one of these, or leave it out for all.',
    ),
    uid: field(
      z.optional(z.string().check(z.regex(UID))),
      'the uid of a cron',
      'Send such a uid, or leave it out for all crons.',
    ),
    runner: field(
      z.optional(z.string().check(z.maxLength(MAX_RUNNER))),
      'the name of a runner',
      'Send such a name, or leave it out for all runners.',
    ),
    tag: tag(),
    forced: field(
      z.optional(z.boolean()),
      'true or false',
      'Send true for runs that users requested, false for planned ones, or leave it out.',
    ),
    since: field(z.optional(z.iso.datetime()), TIME_WANTED, 'Send such a time, or leave it out.'),
    until: field(z.optional(z.iso.datetime()), TIME_WANTED, 'Send such a time, or leave it out.'),
    ...pageFields(RUNS_PAGE),
    cursor: pageCursor(z.regex(RUNS_CURSOR)),
  }),
);

export const page = once(() => z.strictObject(pageFields(MAX_LIST)));

export const logsOf = once(() =>
  z.strictObject({
    uids: uids(),
    count: field(wholeNumber(1, 25), 'a whole number from 1 to 25', 'Send the number of logs of each cron.'),
  }),
);

/** Changes of crons; what they hold is checked as that of the changes themselves. */
export const steps = once(() => {
  const step = z.strictObject({
    uid: field(anyUid(), 'the uid of a cron', 'Send the uid.'),
    kind: field(z.enum(['add', 'change', 'remove']), 'add, change or remove', 'Send one of these.'),
    fields: field(
      z.optional(z.record(z.string(), z.unknown())),
      'the fields of a cron',
      'Send them for add and change.',
    ),
    tag: field(z.optional(z.string()), 'a tag', 'Send the tag of the present version, or leave it out.'),
    anyRunnerWhileOff: field(z.optional(z.boolean()), 'true or false', 'Leave it out.'),
  });
  return z.strictObject({
    steps: field(
      z.array(step).check(z.minLength(1), z.maxLength(MAX_LIST)),
      `a list of 1 to ${MAX_LIST} steps, each with a uid of at most ${MAX_UID} characters`,
      'Send such a list; check the others in another request.',
    ),
    unlocks: field(
      z.optional(z.boolean()),
      'true or false: whether a read-only crontab is unlocked before the steps',
      'Leave it out.',
    ),
  });
});

export const logIds = once(() =>
  z.strictObject({
    ids: field(
      z.optional(z.array(z.string()).check(z.minLength(1), z.maxLength(25))),
      'a list of 1 to 25 ids of logs',
      'Send such a list, or leave it out for all logs.',
    ),
  }),
);

export const logId = once(() =>
  z.strictObject({ id: field(z.string(), 'the id of a log', 'Send the id of a log of this cron.') }),
);

const outputCursor = once(() =>
  field(
    z.optional(z.string().check(z.regex(/^[\w.-]{1,2000}$/))),
    'the cursor of the lines before',
    'Send it as it was received, or leave it out for the first lines.',
  ),
);

export const outputPage = once(() => z.strictObject({ ...logId().shape, cursor: outputCursor() }));
/** What a query string says of it. */
export const outputQuery = once(() => z.strictObject({ cursor: outputCursor() }));

export const timelinePage = once(() => z.strictObject({ cursor: indexCursor() }));

export const moment = once(() =>
  z.strictObject({
    time: field(z.iso.datetime(), TIME_WANTED, 'Send such a time, past or future.'),
    timezone: field(
      z.optional(timeZoneName()),
      `${TIME_ZONE_RULE}: that of the times in the texts`,
      'Name one, or leave it out for that of the schedule.',
    ),
  }),
);

/** Any periodicity and time zone: the answer has their problems. */
export const previewRequest = once(() =>
  z.strictObject({
    periodicity: field(
      z.string().check(z.maxLength(1024)),
      'a periodicity of at most 1024 characters',
      'Send a shorter one.',
    ),
    timezone: field(
      z.optional(z.string().check(z.maxLength(64))),
      'the name of a time zone',
      `Send such a name, or leave it out for ${CRONTAB_DEFAULTS.timezone}.`,
    ),
    count: field(
      z.optional(wholeNumber(1, MAX_PREVIEWED)),
      `a whole number from 1 to ${MAX_PREVIEWED}`,
      'Send such a number, or leave it out for 5.',
    ),
    uid: field(
      z.optional(z.string().check(z.regex(UID))),
      'the uid of a cron, on which the times of "H" depend',
      'Send such a uid, or leave it out.',
    ),
  }),
);

export const runnersOf = once(() =>
  z.strictObject({
    site: field(
      z.optional(z.string()),
      'the name of a site',
      'Send the name of a site, or leave it out for all sites.',
    ),
    ...runnerPageFields(),
  }),
);

export const cataloguePage = once(() => z.strictObject(runnerPageFields()));

export const bulk = once(() => z.strictObject({ uids: uids() }));
export const bulkSwitch = once(() => z.strictObject({ uids: uids(), activated: activated(), note: note() }));
export const powerSwitch = once(() => z.strictObject({ activated: activated(), note: note() }));

export const forcing = once(() =>
  z.strictObject({
    evenOff: field(
      z.optional(z.boolean()),
      'true or false: whether it runs although the cron or its crontab is switched off',
      'Leave it out for false.',
    ),
  }),
);

export const versionNumber = once(() =>
  z.strictObject({
    version: field(
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
      'the number of a version',
      'Send a number from the history.',
    ),
  }),
);
