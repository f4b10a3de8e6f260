/** A refusal as `application/problem+json` (RFC 9457). */
import { STATUS_CODES } from 'node:http';
import type { HttpProblem } from './http-error.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** Seconds: Parameter Store accepts a few writes a second, and its limit recovers within that time. */
const RETRY_AFTER = '2';

export function problemJson(
  { status, ...rest }: HttpProblem,
  headers: Record<string, string> = {},
): Response {
  const body = { type: 'about:blank', title: STATUS_CODES[status], status, ...rest };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': PROBLEM_TYPE,
      ...(status === 429 && { 'Retry-After': RETRY_AFTER }),
      ...headers,
    },
  });
}
