/** The endpoints for the runners and the preview of a schedule. */
import * as z from 'zod/mini';
import { MAX_PREVIEWED, preview } from '../../../app/operations/preview.ts';
import { CRONTAB_DEFAULTS } from '../../../core/domain/crontab-settings.ts';
import { UID } from '../../../core/domain/names.ts';
import { field } from '../../../core/domain/validate.ts';
import { dumpPreview } from './dumps.ts';
import type { Endpoint } from './endpoint.ts';
import { previewSchema, runnerSchema } from './schemas.ts';
import { wholeNumber } from './whole-number.ts';

/** Any periodicity and time zone: the response has their problems. */
const requestSchema = z.strictObject({
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
});

export const TOOLS: readonly Endpoint[] = [
  {
    method: 'get',
    path: '/runners',
    id: 'listRunners',
    summary: 'Registered runners with their settings',
    answer: {
      status: 200,
      description: 'Sorted by name',
      schema: z.object({ runners: z.array(runnerSchema) }),
    },
    refusals: [],
    handle: ({ ports }) => ({ body: { runners: ports.runners.describe() } }),
  },
  {
    method: 'get',
    path: '/preview',
    id: 'preview',
    summary: 'A periodicity in words, its next runs, and its problems',
    query: requestSchema,
    answer: { status: 200, description: 'Also for an invalid periodicity', schema: previewSchema },
    refusals: [422],
    handle: ({ ports, query }) => {
      const { timezone = CRONTAB_DEFAULTS.timezone, ...request } = query(requestSchema);
      return { body: dumpPreview(preview(ports, { ...request, timezone })) };
    },
  },
];
