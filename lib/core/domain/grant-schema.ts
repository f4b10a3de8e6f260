/** The schema of grants, and the reading of those that a deployment was given. */
import * as z from 'zod/mini';
import { type Grant, ROLES } from './access.ts';
import { InvalidError } from './errors.ts';
import { kindOf } from './json-text.ts';
import { SITE, SITE_RULE } from './names.ts';
import { limitProblems, prefixProblems } from './problem.ts';
import { field, optional, validate } from './validate.ts';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const PRINCIPAL = /^(?:\*|arn:[\w-]+:iam::\d{12}:(?:role|user)\/(?:[!-.0-~]+\/)*[\w+=,.@-]{1,64})$/;

const grantSchema = z.strictObject({
  principal: field(
    z.string().check(z.regex(PRINCIPAL)),
    'the ARN of an IAM role or user, such as "arn:aws:iam::123456789012:role/ops", or "*"',
    'Name a role without its session, or a user. A group and a service cannot have a role of cloudtab.',
  ),
  role: field(z.enum(ROLES), `one of ${ROLES.join(', ')}`, 'Choose one of these.'),
  sites: optional(
    field(
      z.array(z.string().check(z.regex(SITE))).check(z.minLength(1)),
      `a list of sites, each of ${SITE_RULE}`,
      'Name at least one site, or leave it out for all sites.',
    ),
  ),
});

/** The grants of a list. Throws InvalidError with every problem. */
export function loadGrants(input: unknown): readonly Grant[] {
  if (!Array.isArray(input)) {
    const fix = 'Write a list, which may be empty.';
    throw new InvalidError([{ where: 'access', got: kindOf(input), wanted: 'a list of grants', fix }]);
  }
  const problems = input.flatMap((grant, index) =>
    prefixProblems(`access.${index}`, validate(grantSchema, grant).problems),
  );
  if (problems.length > 0) throw new InvalidError(limitProblems(problems));
  return input as Grant[];
}
