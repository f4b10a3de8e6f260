/** The names of projects and runners that commands create. */
import { InvalidError } from '../../core/domain/errors.ts';
import { formatValue } from '../../core/domain/problem.ts';

/** Throws InvalidError unless the name consists of lower-case words with dashes between them; at most 64 characters. */
export function refuseName(name: string, example: string): void {
  if (/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) && name.length <= 64) return;
  const wanted = 'lower-case letters and digits, with dashes between words';
  const fix = `Choose a name such as ${example}.`;
  throw new InvalidError([{ where: 'NAME', got: formatValue(name), wanted, fix }]);
}

/** `MyCrons` for `my-crons`. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
