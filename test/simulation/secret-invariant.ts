/** The invariant that no output contains the secret. */
import { SECRET } from './intent.ts';
import { checkInvariant, type InvariantCheck } from './invariant-check.ts';

/** Searches the values at any depth. `source` names them in the message. */
export function checkSecret(source: string, ...values: unknown[]): InvariantCheck {
  const text = values.map(textOf).join(' ');
  return checkInvariant(
    'no secret is exposed',
    text.includes(SECRET),
    () => `${source} contains it: ${text}`,
  );
}

/** The value as text, including what JSON omits of an error: its message, stack and cause. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return (
    JSON.stringify(value, (_, part: unknown) =>
      part instanceof Error ? { ...part, message: part.message, stack: part.stack, cause: part.cause } : part,
    ) ?? ''
  );
}
