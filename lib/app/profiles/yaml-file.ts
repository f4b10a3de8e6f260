/**
 * Profiles in YAML 1.2. Tags and several documents are refused, and so are aliases that unfold to far more than was
 * written. JSON, which is a subset, is read by the same walk for its places (json-file.ts).
 */
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  LineCounter,
  parseDocument,
  stringify,
  type YAMLError,
} from 'yaml';
import { shorten } from '../../core/domain/problem.ts';
import type { ProfileDump } from './dump.ts';
import type { ParseResult, Path } from './parsed-file.ts';
import { type ProfileProblem, type SourcePosition, START, sourcePositions } from './source-position.ts';
import { TOO_DEEP, wholeProblem } from './validate.ts';

/** A person who means it uses an alias a few times. */
const MAX_ALIASES = 100;
const MAX_REPORTED = 25;

/** The text as a profile's raw value. `schema` is the set of plain values: that of YAML, or of JSON. */
export function readYaml(text: string, schema: 'core' | 'json' = 'core'): ParseResult {
  const document = parseDocument(text, {
    schema,
    version: '1.2',
    lineCounter: new LineCounter(),
    prettyErrors: false,
    resolveKnownTags: false,
    stringKeys: true,
    logLevel: 'error',
  });
  const places = sourcePositions(text);
  const mistakes = [...document.errors, ...document.warnings].map((error) => ({
    error,
    place: places(error.pos[0]),
  }));
  // What follows from the first mistake of a line helps nobody.
  const first = mistakes.filter(({ place }, index) => place.line !== mistakes[index - 1]?.place.line);
  if (first.length > 0)
    return { problems: first.slice(0, MAX_REPORTED).map(({ error, place }) => notYaml(text, error, place)) };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
    return {
      raw: { value, place: (path) => placeIn(document, path, places), whenAdded: {}, leftOut: [] },
      problems: [],
    };
  } catch (error) {
    return { problems: [badAlias(error instanceof Error ? error.message : '')] };
  }
}

/** The YAML text of a profile. Text that would be read as something else is in quotes. */
export function writeYaml(dump: ProfileDump): string {
  return stringify(dump, { version: '1.2', schema: 'core', lineWidth: 100, aliasDuplicateObjects: false });
}

/** Where the deepest part of the path stands that stands somewhere: of a field, its key. */
function placeIn(
  document: Document.Parsed,
  path: Path,
  places: (offset: number) => SourcePosition,
): SourcePosition {
  let node: unknown = document.contents;
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
  return offset === undefined ? START : places(offset);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function notYaml(
  text: string,
  { code, message, pos: [offset] }: YAMLError,
  place: SourcePosition,
): ProfileProblem {
  if (message.startsWith('Maximum call stack')) return wholeProblem(TOO_DEEP, place);
  const [line = ''] = text.slice(offset - place.column + 1).split('\n', 1);
  const found = {
    got: isEmptyFrom(text, offset) ? 'an end' : shorten(JSON.stringify(line.trim())),
    wanted: 'YAML',
    fix: `${cureFor(code, line)} (${message.replace(/\.?\s*$/, '')}.)`,
  };
  return wholeProblem(found, place);
}

function isEmptyFrom(text: string, offset: number): boolean {
  return text.slice(offset).trim() === '';
}

function cureFor(code: string, line: string): string {
  if (/:\s+[*@]/.test(line))
    return 'Put it into quotes: text that begins with "*" or "@" has a meaning of its own.';
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'Take one of the two away: a key stands once in its object.';
    case 'MULTIPLE_DOCS':
      return 'Keep one document: take away the line "---" and what is below it.';
    case 'TAB_AS_INDENT':
      return 'Use spaces instead of the tab.';
    case 'TAG_RESOLVE_FAILED':
      return 'Take away the tag: a profile holds plain text, numbers, true, false, lists and objects.';
    default:
      return 'Mend it there, or above it.';
  }
}

function badAlias(message: string): ProfileProblem {
  if (message.startsWith('Excessive alias count')) {
    return wholeProblem({
      got: 'aliases that unfold to far more than was written',
      wanted: `an alias used at most ${MAX_ALIASES} times`,
      fix: 'Write out what the aliases stand for.',
    });
  }
  return wholeProblem({
    got: 'an alias without an anchor',
    wanted: 'YAML',
    fix: `Put it into quotes: text that begins with "*" has a meaning of its own. (${message}.)`,
  });
}
