/** The names of projects and runners that commands create. */
import { ConfigurationError } from '../../core/domain/errors.ts';

/** Throws ConfigurationError unless the name consists of lower-case words with dashes between them; at most 64 characters. */
export function refuseName(name: string, example: string): void {
  if (/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) && name.length <= 64) return;
  throw new ConfigurationError(
    `NAME: got "${name}", wanted lower-case letters and digits, with dashes between words. Choose a name such as ${example}.`,
  );
}

/** `MyCrons` for `my-crons`. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
