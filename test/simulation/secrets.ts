/** Whether anything that is shown, sent or kept holds the secret, at any depth. */
import { SECRET } from './definition.ts';
import { type Finding, look } from './finding.ts';

/** `where` says what it is. */
export function lookForSecret(where: string, ...all: unknown[]): Finding {
  const text = all.map(textOf).join(' ');
  return look('no secret is shown', text.includes(SECRET), () => `${where} says: ${text}`);
}

/** All of it as text, also what JSON leaves out: an error's words, its stack and its causes. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return (
    JSON.stringify(value, (_, one: unknown) =>
      one instanceof Error ? { ...one, message: one.message, stack: one.stack, cause: one.cause } : one,
    ) ?? ''
  );
}
