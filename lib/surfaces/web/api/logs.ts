/** The endpoints of logs. */
import * as z from 'zod/mini';
import { deleteLogs } from '../../../app/operations/delete-logs.ts';
import { LOGS_PAGE, readLogs } from '../../../app/operations/read-logs.ts';
import { NotFoundError } from '../../../core/domain/errors.ts';
import { dumpLog } from '../../../core/domain/log.ts';
import { field, withDescription } from '../../../core/domain/validate.ts';
import type { Endpoint } from './endpoint.ts';
import { logSchema, logsOutcomeSchema } from './schemas.ts';
import { wholeNumber } from './whole-number.ts';

const PATH = '/sites/{site}/crons/{uid}/logs';

const pageSchema = z.strictObject({
  offset: field(
    z.optional(wholeNumber(0, 25)),
    'a whole number from 0 to 25',
    'Send "nextOffset" of the previous page, or leave it out for the newest log.',
  ),
  count: field(
    z.optional(wholeNumber(1, 25)),
    'a whole number from 1 to 25',
    `Send such a number, or leave it out for ${LOGS_PAGE}.`,
  ),
});

const logPageSchema = z.object({
  logs: z.array(logSchema),
  total: z.int(),
  nextOffset: withDescription(z.optional(z.int()), 'The offset of the next page; absent on the last one'),
});

export const LOGS: readonly Endpoint[] = [
  {
    method: 'get',
    path: PATH,
    id: 'readLogs',
    summary: 'Logs of a cron',
    query: pageSchema,
    answer: { status: 200, description: 'Newest first', schema: logPageSchema },
    refusals: [404, 422],
    handle: async ({ ports, site, uid, query }) => {
      const { logs, ...page } = await readLogs(ports, site, uid, query(pageSchema));
      return { body: { logs: logs.map(dumpLog), ...page } };
    },
  },
  {
    method: 'delete',
    path: PATH,
    id: 'deleteLogs',
    summary: 'Delete all logs of a cron',
    answer: { status: 200, description: 'The result', schema: logsOutcomeSchema },
    refusals: [404, 409],
    handle: async ({ ports, site, uid }) => ({ body: await deleteLogs(ports, site, uid, 'all') }),
  },
  {
    method: 'delete',
    path: `${PATH}/{id}`,
    id: 'deleteLog',
    summary: 'Delete one log of a cron',
    answer: { status: 200, description: 'The result', schema: logsOutcomeSchema },
    refusals: [404, 409],
    handle: async ({ ports, site, uid, id }) => {
      const outcome = await deleteLogs(ports, site, uid, [id]);
      if (outcome.deleted === 0) throw new NotFoundError(outcome.message);
      return { body: outcome };
    },
  },
];
