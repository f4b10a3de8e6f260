/** Cures that know how a person writes a file: those of the domain speak of JSON, where text is always in quotes. */
import type { Problem } from '../domain/problem.ts';
import { switchOf } from './switch.ts';

const SWITCHES = new Set(['activated', 'readOnly', 'remove']);
const TEXTS = new Set(['uid', 'name', 'user']);

/** The problem with a better cure, if there is one for that value of its field. */
export function withCure(problem: Problem, value: unknown): Problem {
  const { where, cure } = problem;
  if (SWITCHES.has(where))
    return { ...problem, cure: switchCure(String(value)) ?? cure.replace(' without quotes', '') };
  if (TEXTS.has(where) && (typeof value === 'number' || typeof value === 'boolean'))
    return { ...problem, cure: 'Put it into quotes, so that it is text.' };
  return problem;
}

function switchCure(word: string): string | undefined {
  const meant = switchOf(word);
  if (meant === undefined) return undefined;
  return word.toLowerCase() === String(meant) ? `Write ${meant} without quotes.` : `Write ${meant}.`;
}
