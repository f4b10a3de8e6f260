import { randomBytes } from 'node:crypto';

/** A secret that cannot be guessed: 256 bits, as characters that a path may contain. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}
