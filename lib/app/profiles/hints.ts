/** Replaces fixes that assume JSON, where text is always in quotes, by fixes that fit YAML and XML. */
import type { Problem } from '../../core/domain/problem.ts';
import { parseBoolean } from './parse-boolean.ts';

const SWITCHES = new Set(['activated', 'readOnly', 'remove']);
const TEXTS = new Set(['uid', 'name', 'user']);

/** The problem, with a more precise fix when that value of its field allows one. */
export function withHint(problem: Problem, value: unknown): Problem {
  const { where, fix } = problem;
  if (SWITCHES.has(where))
    return { ...problem, fix: booleanFix(String(value)) ?? fix.replace(' without quotes', '') };
  if (TEXTS.has(where) && (typeof value === 'number' || typeof value === 'boolean'))
    return { ...problem, fix: 'Put it into quotes, so that it is text.' };
  return problem;
}

function booleanFix(word: string): string | undefined {
  const meant = parseBoolean(word);
  if (meant === undefined) return undefined;
  return word.toLowerCase() === String(meant) ? `Write ${meant} without quotes.` : `Write ${meant}.`;
}
