/** The endpoints that help to write a cron. */
import * as z from 'zod/mini';
import { MAX_PREVIEWED, preview } from '../../../app/operations/preview.ts';
import { CRONTAB_DEFAULTS } from '../../../core/domain/crontab-settings.ts';
import { UID } from '../../../core/domain/names.ts';
import { field } from '../../../core/domain/validate.ts';
import { dumpPreview } from './dumps.ts';
import type { Endpoint } from './endpoint.ts';
import { previewSchema, runnerSchema } from './schemas.ts';
import { wholeNumber } from './whole-number.ts';

/** Periodicity and zone may be anything: what is wrong with them is the answer. */
const requestSchema = z.strictObject({
  periodicity: field(
    z.string().check(z.maxLength(1024)),
    'a periodicity of at most 1024 characters',
    'Write one.',
  ),
  timezone: field(
    z.optional(z.string().check(z.maxLength(64))),
    'the name of a time zone',
    `Name one, or leave it out for ${CRONTAB_DEFAULTS.timezone}.`,
  ),
  count: field(
    z.optional(wholeNumber(1, MAX_PREVIEWED)),
    `a whole number from 1 to ${MAX_PREVIEWED}`,
    'Choose one of these, or leave it out for 5.',
  ),
  uid: field(
    z.optional(z.string().check(z.regex(UID))),
    'the uid of a cron, which decides where "H" lies',
    'Choose such a uid, or leave it out.',
  ),
});

export const TOOLS: readonly Endpoint[] = [
  {
    method: 'get',
    path: '/runners',
    id: 'listRunners',
    summary: 'Registered runners and what each expects',
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
    summary: 'What a periodicity would mean: words, next runs, problems',
    query: requestSchema,
    answer: { status: 200, description: 'Also for one that is not valid', schema: previewSchema },
    refusals: [422],
    handle: ({ ports, query }) => {
      const { timezone = CRONTAB_DEFAULTS.timezone, ...request } = query(requestSchema);
      return { body: dumpPreview(preview(ports, { ...request, timezone })) };
    },
  },
];
