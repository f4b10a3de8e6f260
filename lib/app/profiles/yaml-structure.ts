/** Problems of the structure of a YAML document that is valid by its syntax. */
import { isCollection, isMap, isNode, isPair } from 'yaml';
import { MAX_KEYS } from '../../core/domain/json-object.ts';
import { formatValue, type Problem } from '../../core/domain/problem.ts';
import { TOO_DEEP } from './validate.ts';

/** A profile has three levels, and an environ sixteen. */
const MAX_LEVELS = 64;

/** A problem at an offset in the text. */
export interface StructureProblem {
  readonly offset: number;
  readonly problem: Omit<Problem, 'where'>;
}

/**
 * Too many levels or keys, and keys that an object has twice, in linear time: the library would compare each key of an object
 * with each.
 */
export function structureProblems(node: unknown, level = 1): StructureProblem[] {
  if (!isCollection(node)) return [];
  if (level > MAX_LEVELS) return [{ offset: offsetOf(node), problem: TOO_DEEP }];
  const { length } = node.items;
  if (isMap(node) && length > MAX_KEYS) {
    const wanted = `at most ${MAX_KEYS} keys in an object`;
    const fix = 'Is this the right file? Remove keys.';
    return [{ offset: offsetOf(node), problem: { got: `${length} keys`, wanted, fix } }];
  }
  const seen = new Set<string>();
  return node.items.flatMap((item) => {
    if (!isPair(item)) return structureProblems(item, level + 1);
    const key = String(item.key);
    const below = structureProblems(item.value, level + 1);
    if (!seen.has(key)) {
      seen.add(key);
      return below;
    }
    const got = `the key ${formatValue(key)} a second time`;
    const problem = { got, wanted: 'each key of an object once', fix: 'Remove one of the two.' };
    return [{ offset: offsetOf(item.key), problem }, ...below];
  });
}

function offsetOf(node: unknown): number {
  return (isNode(node) && node.range?.[0]) || 0;
}
