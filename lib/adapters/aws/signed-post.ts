/** Posts JSON to a function URL, signed with the caller's credentials. */
import { UnavailableError } from '../../core/domain/errors.ts';
import type { WireAnswer } from '../wire-answer.ts';
import type { Sign } from './sign-request.ts';

/** Milliseconds: the function behind the URL has 30 seconds. */
const TIMEOUT = 35_000;
/** A function answers with at most 6 MB. */
const MAX_BYTES = 8_000_000;

export interface SignedPostOptions {
  readonly url: string;
  readonly sign: Sign;
  readonly fetch: typeof globalThis.fetch;
}

/** The status, the text and the `Retry-After` of the answer. Throws UnavailableError when there is none, or no credentials. */
export async function signedPost(
  { url, sign, fetch }: SignedPostOptions,
  path: string,
  json: string,
): Promise<WireAnswer> {
  const target = new URL(`${url.replace(/\/$/, '')}${path}`);
  const body = Buffer.from(json);
  const headers = await sign({
    method: 'POST',
    url: target,
    headers: { 'content-type': 'application/json' },
    body,
  });
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    const answer = await fetch(target, { method: 'POST', headers, body, redirect: 'manual', signal });
    const retryAfter = answer.headers.get('Retry-After') ?? undefined;
    return { status: answer.status, text: await textOf(answer), retryAfter };
  } catch (cause) {
    const reason =
      cause instanceof Error ? (cause.cause instanceof Error ? cause.cause : cause).message : cause;
    throw new UnavailableError(
      `The deployment at ${target.host} does not answer: ${reason}. Check the address and the network; a change may have been made.`,
      { cause },
    );
  }
}

/** The text of the body as it is without compression. Throws Error if it is longer than any answer. */
async function textOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.length;
    if (bytes > MAX_BYTES) throw new Error(`its answer has more than ${MAX_BYTES / 1e6} MB`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
