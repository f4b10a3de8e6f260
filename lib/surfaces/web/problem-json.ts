/** A refusal as `application/problem+json` (RFC 9457). */
import { STATUS_CODES } from 'node:http';
import type { HttpProblem } from './http-error.ts';

export const PROBLEM_TYPE = 'application/problem+json';

export function problemJson(
  { status, ...rest }: HttpProblem,
  headers: Record<string, string> = {},
): Response {
  const body = { type: 'about:blank', title: STATUS_CODES[status], status, ...rest };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': PROBLEM_TYPE, ...headers },
  });
}
