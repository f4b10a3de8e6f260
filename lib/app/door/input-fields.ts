/** The fields that several inputs have in common. */
import * as z from 'zod/mini';
import { once } from '../../core/domain/once.ts';
import { MAX_TAG } from '../../core/domain/tags.ts';
import { field } from '../../core/domain/validate.ts';

/** The most crons of one call. */
export const MAX_BULK = 50;
/** The name of a file and that of a site, with what is around them. */
const MAX_RUNNER_CURSOR = 400;
const MAX_NOTE = 200;
/** A parameter may have a name that no cron can have; an answer repeats it. */
export const MAX_UID = 128;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it refuses them, in the form that each reader of JSON Schema knows.
const ONE_LINE = /^[^\u0000-\u001f\u007f-\u009f]*$/;
/** The most items on a page of a list, which may end earlier: at most 1 MB. */
export const MAX_LIST = 500;

export const tag = once(() =>
  field(
    z.optional(z.string().check(z.maxLength(MAX_TAG))),
    'a tag of crons',
    'Send such a tag, or leave it out.',
  ),
);

export const uids = once(() =>
  field(
    z.array(anyUid()).check(z.minLength(1), z.maxLength(MAX_BULK)),
    `a list of 1 to ${MAX_BULK} uids of at most ${MAX_UID} characters`,
    'Send such a list; ask for the others in another request.',
  ),
);

export const activated = once(() =>
  field(z.boolean(), 'true or false', 'Send true for on, or false for off.'),
);

export const note = once(() =>
  field(
    z.optional(z.string().check(z.regex(ONE_LINE), z.maxLength(MAX_NOTE))),
    `a text of one line, at most ${MAX_NOTE} characters`,
    'Send a shorter one, or leave it out.',
  ),
);

/** `usual` is the count of a request without one. */
export function pageFields(usual: number) {
  return {
    count: field(
      z.optional(wholeNumber(1, MAX_LIST)),
      `a whole number from 1 to ${MAX_LIST}`,
      `Send such a number, or leave it out for ${usual}.`,
    ),
    cursor: pageCursor(z.regex(/^[\w.-]+$/)),
  };
}

/** Names of runners have more characters than those of sites and crons. */
export function runnerPageFields() {
  return {
    ...pageFields(MAX_LIST),
    cursor: pageCursor(z.minLength(1), z.maxLength(MAX_RUNNER_CURSOR)),
  };
}

export function anyUid() {
  return z.string().check(z.maxLength(MAX_UID));
}

/** Of a list without names. */
export function indexCursor() {
  return pageCursor(z.regex(/^\d{1,6}$/));
}

export function pageCursor(...checks: z.core.$ZodCheck<string>[]) {
  return field(
    z.optional(z.string().check(...checks)),
    'the cursor of the previous page of this list',
    'Send it as it was received, or leave it out for the first page.',
  );
}

export function wholeNumber(least: number, most: number) {
  return z.int().check(z.minimum(least), z.maximum(most));
}
