/**
 * Reads profiles in YAML 1.2. Rejects tags, several documents, and aliases that expand to far more than the file.
 * json-file.ts reads JSON, a subset, with the same parser.
 */
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  parseDocument,
  stringify,
  type YAMLError,
} from 'yaml';
import { MAX_KEYS } from '../../core/domain/json-object.ts';
import { formatValue, type Problem, shorten } from '../../core/domain/problem.ts';
import type { ProfileDump } from './dump.ts';
import type { ParseResult, Path } from './parsed-file.ts';
import { type ProfileProblem, type SourcePosition, START, sourcePositions } from './source-position.ts';
import { TOO_DEEP, wholeProblem } from './validate.ts';

/** Hand-written files use an alias a few times. */
const MAX_ALIASES = 100;
const MAX_PROBLEMS = 25;
/** A profile has three levels, and an environ sixteen. */
const MAX_LEVELS = 64;

type PositionAt = ReturnType<typeof sourcePositions>;

/** Never throws. `language` selects the rules for plain values. */
export function readYaml(text: string, language: 'YAML' | 'JSON' = 'YAML'): ParseResult {
  const document = parseDocument(text, {
    schema: language === 'YAML' ? 'core' : 'json',
    version: '1.2',
    prettyErrors: false,
    resolveKnownTags: false,
    stringKeys: true,
    // structureProblems finds keys that are there twice.
    uniqueKeys: false,
    logLevel: 'error',
  });
  const positionAt = sourcePositions(text);
  const problems = [...document.errors, ...document.warnings].map((error) =>
    syntaxProblem(text, language, error, positionAt(error.pos[0])),
  );
  // The first problem of a line causes the others on it.
  const first = problems.filter(({ line }, index) => line !== problems[index - 1]?.line);
  if (first.length > 0) return { problems: first.slice(0, MAX_PROBLEMS) };
  const ofStructure = structureProblems(document.contents, positionAt);
  if (ofStructure.length > 0) return { problems: ofStructure.slice(0, MAX_PROBLEMS) };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
    const positionOf = (path: Path) => {
      const offset = offsetOf(document, path);
      return offset === undefined ? START : positionAt(offset);
    };
    return { raw: { value, positionOf }, problems: [] };
  } catch (error) {
    return { problems: [aliasProblem(error instanceof Error ? error.message : '')] };
  }
}

/**
 * Too many levels or keys, and keys that an object has twice, in linear time: the library would compare each key of an object
 * with each.
 */
function structureProblems(node: unknown, positionAt: PositionAt, level = 1): ProfileProblem[] {
  if (!isCollection(node)) return [];
  const problemAt = (where: unknown, problem: Omit<Problem, 'where'>) =>
    wholeProblem(problem, positionAt(startOf(where) ?? 0));
  if (level > MAX_LEVELS) return [problemAt(node, TOO_DEEP)];
  const { length } = node.items;
  if (isMap(node) && length > MAX_KEYS) {
    const wanted = `at most ${MAX_KEYS} keys in an object`;
    return [problemAt(node, { got: `${length} keys`, wanted, fix: 'Is this the right file? Remove keys.' })];
  }
  const seen = new Set<string>();
  return node.items.flatMap((item) => {
    if (!isPair(item)) return structureProblems(item, positionAt, level + 1);
    const key = String(item.key);
    const below = structureProblems(item.value, positionAt, level + 1);
    if (!seen.has(key)) {
      seen.add(key);
      return below;
    }
    const got = `the key ${formatValue(key)} a second time`;
    const problem = { got, wanted: 'each key of an object once', fix: 'Remove one of the two.' };
    return [problemAt(item.key, problem), ...below];
  });
}

/** The YAML text of a profile. Text that would be read as something else is in quotes. */
export function writeYaml(dump: ProfileDump): string {
  return stringify(dump, { version: '1.2', schema: 'core', lineWidth: 100, aliasDuplicateObjects: false });
}

/** The offset of the deepest part of the path that exists: of a field, its key. */
function offsetOf({ contents }: Document.Parsed, path: Path): number | undefined {
  let node: unknown = contents;
  let offset = startOf(node);
  for (const step of path) {
    if (!isCollection(node)) break;
    const item: unknown = isMap(node)
      ? node.items.find(({ key }) => String(key) === String(step))
      : node.items[Number(step)];
    if (item === undefined) break;
    node = isPair(item) ? item.value : item;
    offset = startOf(isPair(item) ? item.key : item) ?? offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function syntaxProblem(
  text: string,
  language: string,
  { code, message, pos: [offset] }: YAMLError,
  position: SourcePosition,
): ProfileProblem {
  if (message.startsWith('Maximum call stack')) return wholeProblem(TOO_DEEP, position);
  const [line = ''] = text.slice(offset - position.column + 1).split('\n', 1);
  const problem = {
    got: text.slice(offset).trim() === '' ? 'an end' : shorten(JSON.stringify(line.trim())),
    wanted: language,
    fix: `${fixOf(code, line)} (${message.replace(/\.?\s*$/, '')}.)`,
  };
  return wholeProblem(problem, position);
}

function fixOf(code: string, line: string): string {
  if (/:\s+[*@]/.test(line))
    return 'Put it into quotes: "*" and "@" have a special meaning at the start of text.';
  switch (code) {
    case 'MULTIPLE_DOCS':
      return 'Keep one document: remove the line "---" and the text below it.';
    case 'TAB_AS_INDENT':
      return 'Use spaces instead of the tab.';
    case 'TAG_RESOLVE_FAILED':
      return 'Remove the tag: a profile contains plain text, numbers, true, false, lists and objects.';
    default:
      return 'Fix it there, or above it.';
  }
}

function aliasProblem(message: string): ProfileProblem {
  if (message.startsWith('Excessive alias count'))
    return wholeProblem({
      got: 'aliases that expand to far more than the file',
      wanted: `an alias used at most ${MAX_ALIASES} times`,
      fix: 'Replace the aliases by their values.',
    });
  return wholeProblem({
    got: 'an alias without an anchor',
    wanted: 'YAML',
    fix: `Put it into quotes: "*" has a special meaning at the start of text. (${message}.)`,
  });
}
