/** The endpoints of crons. */
import * as z from 'zod/mini';
import { addCron } from '../../../app/operations/add-cron.ts';
import type { CronView } from '../../../app/operations/cron-view.ts';
import { editCron } from '../../../app/operations/edit-cron.ts';
import { forceRun } from '../../../app/operations/force-run.ts';
import { history } from '../../../app/operations/history.ts';
import type { CronResult } from '../../../app/operations/operation-result.ts';
import { readCron, readCrontab } from '../../../app/operations/read.ts';
import { removeCron } from '../../../app/operations/remove-cron.ts';
import { field } from '../../../core/domain/validate.ts';
import { dumpCron, dumpJob, dumpVersion } from './dumps.ts';
import type { Answer, Endpoint } from './endpoint.ts';
import {
  cronEditSchema,
  cronOutcomeSchema,
  cronSchemaOut,
  jobSchema,
  newCronSchema,
  outcomeSchema,
  runOutcomeSchema,
  versionSchema,
} from './schemas.ts';

const CRON = '/sites/{site}/crons/{uid}';

const HEALTHS = ['broken', 'late', 'running', 'off', 'failing', 'warning', 'new', 'ok'] as const;
const STATUSES = ['OK', 'WARN', 'FAILURE', 'NOTRUN'] as const;

const filterSchema = z.strictObject({
  name: field(z.optional(z.string()), 'the name of a runner', 'Send such a name, or leave it out.'),
  activated: field(
    z.optional(z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' })),
    '"true" or "false"',
    'Choose one, or leave it out.',
  ),
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
});

export const CRONS: readonly Endpoint[] = [
  {
    method: 'get',
    path: '/sites/{site}/crons',
    id: 'listCrons',
    summary: 'The crons of a site',
    description: 'Eventually consistent; a request for a single cron is strongly consistent.',
    query: filterSchema,
    answer: {
      status: 200,
      description: 'Sorted by uid',
      schema: z.object({ crons: z.array(cronSchemaOut) }),
    },
    refusals: [404, 422],
    handle: async ({ ports, site, query }) => {
      const filter = query(filterSchema);
      const { crons } = await readCrontab(ports, site);
      return { body: { crons: crons.filter((cron) => matches(cron, filter)).map(dumpCron) } };
    },
  },
  {
    method: 'post',
    path: '/sites/{site}/crons',
    id: 'addCron',
    summary: 'Add a cron',
    description: 'A missing uid is generated. A uid that is taken is refused.',
    body: newCronSchema,
    answer: { status: 201, description: 'The result', schema: cronOutcomeSchema, tagged: true },
    refusals: [409, 422],
    handle: async ({ ports, site, body }) => {
      const outcome = await addCron(ports, site, body);
      return { ...outcomeOf(outcome), location: `/api/sites/${site}/crons/${outcome.cron.uid}` };
    },
  },
  {
    method: 'get',
    path: CRON,
    id: 'readCron',
    summary: 'A cron with its job and last log',
    answer: { status: 200, description: 'The cron', schema: cronSchemaOut, tagged: true },
    refusals: [404],
    handle: async ({ ports, site, uid }) => {
      const cron = await readCron(ports, site, uid);
      return { body: dumpCron(cron), tag: cron.parameter.tag };
    },
  },
  {
    method: 'patch',
    path: CRON,
    id: 'editCron',
    summary: 'Change fields of a cron',
    description:
      'Each given field replaces the stored one as a whole, also environ. Null resets it to its default.',
    body: cronEditSchema,
    conditional: true,
    answer: { status: 200, description: 'The result', schema: cronOutcomeSchema, tagged: true },
    refusals: [404, 409, 412, 422],
    handle: async ({ ports, site, uid, body, expected }) =>
      outcomeOf(await editCron(ports, site, uid, body, { expected })),
  },
  {
    method: 'delete',
    path: CRON,
    id: 'removeCron',
    summary: 'Remove a cron and its logs',
    conditional: true,
    answer: { status: 200, description: 'The result', schema: outcomeSchema },
    refusals: [404, 409, 412],
    handle: async ({ ports, site, uid, expected }) => ({
      body: await removeCron(ports, site, uid, { expected }),
    }),
  },
  {
    method: 'post',
    path: `${CRON}/run`,
    id: 'runCron',
    summary: 'Run a cron now',
    description:
      'Its schedule stays the same. A read-only crontab accepts this too, since no setting changes.',
    answer: { status: 202, description: 'The run was requested', schema: runOutcomeSchema },
    refusals: [404, 409],
    handle: async ({ ports, site, uid }) => ({ body: await forceRun(ports, site, uid) }),
  },
  {
    method: 'get',
    path: `${CRON}/job`,
    id: 'readJob',
    summary: 'The job of a cron: present, pending, running or finished, and its next time',
    answer: { status: 200, description: 'The job', schema: jobSchema },
    refusals: [404],
    handle: async ({ ports, site, uid }) => ({ body: dumpJob((await readCron(ports, site, uid)).job) }),
  },
  {
    method: 'get',
    path: `${CRON}/history`,
    id: 'readHistory',
    summary: 'Versions of a cron, with their authors and times',
    answer: {
      status: 200,
      description: 'Newest first',
      schema: z.object({ versions: z.array(versionSchema) }),
    },
    refusals: [404],
    handle: async ({ ports, site, uid }) => {
      await readCron(ports, site, uid);
      return { body: { versions: (await history(ports, { site, uid })).map(dumpVersion) } };
    },
  },
];

type Filter = z.output<typeof filterSchema>;

function matches({ definition, job: { last }, health: state }: CronView, filter: Filter): boolean {
  const { name, activated, status, health } = filter;
  return (
    (name === undefined || definition?.name === name) &&
    (activated === undefined || definition?.activated === activated) &&
    (status === undefined || last?.status === status) &&
    (health === undefined || state === health)
  );
}

function outcomeOf({ cron, ...outcome }: CronResult): Answer {
  return { body: { ...outcome, cron: dumpCron(cron) }, tag: cron.parameter.tag };
}
