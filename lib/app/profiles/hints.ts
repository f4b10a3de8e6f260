/** Cures that know how a person writes a file: those of the domain speak of JSON, where text is always in quotes. */
import type { Problem } from '../../core/domain/problem.ts';
import { parseBoolean } from './parse-boolean.ts';

const SWITCHES = new Set(['activated', 'readOnly', 'remove']);
const TEXTS = new Set(['uid', 'name', 'user']);

/** The problem with a better cure, if there is one for that value of its field. */
export function withHint(problem: Problem, value: unknown): Problem {
  const { where, fix } = problem;
  if (SWITCHES.has(where))
    return { ...problem, fix: switchCure(String(value)) ?? fix.replace(' without quotes', '') };
  if (TEXTS.has(where) && (typeof value === 'number' || typeof value === 'boolean'))
    return { ...problem, fix: 'Put it into quotes, so that it is text.' };
  return problem;
}

function switchCure(word: string): string | undefined {
  const meant = parseBoolean(word);
  if (meant === undefined) return undefined;
  return word.toLowerCase() === String(meant) ? `Write ${meant} without quotes.` : `Write ${meant}.`;
}
