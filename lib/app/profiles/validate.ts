/** Turns a parsed file into a profile: validates all fields and reports all problems, each with its position. */
import type { JsonObject } from '../../core/domain/cron.ts';
import { crontabSchema } from '../../core/domain/crontab-schema.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import { kindOf } from '../../core/domain/json-text.ts';
import { formatValue, type Problem } from '../../core/domain/problem.ts';
import { validate } from '../../core/domain/validate.ts';
import { parseBoolean } from './parse-boolean.ts';
import type { ParsedFile, Path } from './parsed-file.ts';
import type { Profile, ProfileElement } from './profile.ts';
import { elementSchema, profileSchema } from './schema.ts';
import { byPosition, type ProfileProblem, START } from './source-position.ts';

export type ProfileReading =
  | { readonly profile: Profile; readonly problems: readonly []; readonly partial?: undefined }
  | {
      readonly profile?: undefined;
      readonly problems: readonly ProfileProblem[];
      /** The readable part: callers never apply it, but planning it finds further problems. */
      readonly partial?: Profile;
    };

const SWITCHES = new Set(['activated', 'readOnly', 'remove']);
const TEXTS = new Set(['uid', 'name', 'user']);

/** The profile, or all problems, which include those of its syntax. */
export function validateProfile(raw: ParsedFile, ofSyntax: readonly ProfileProblem[]): ProfileReading {
  const { crontab, crons } = jsonObject(raw.value);
  const settings = jsonObject(crontab);
  const ofSettings = validateAt(crontabSchema, settings, raw, ['crontab']);
  const problems = [...ofSyntax, ...validateAt(profileSchema, raw.value, raw, []), ...ofSettings];
  const elements: ProfileElement[] = [];
  for (const [index, entry] of (Array.isArray(crons) ? crons : []).entries()) {
    const validated = validateElement(raw, entry, ['crons', index]);
    problems.push(...validated.problems);
    if (validated.element) elements.push(validated.element);
  }
  problems.push(...duplicates(elements));
  const { whenAdded = {}, leftOut = [], notes = [] } = raw;
  const profile = { elements, settings, whenAdded, leftOut, notes };
  if (problems.length === 0) return { profile, problems: [] };
  problems.sort(byPosition);
  // Planning needs a valid time zone.
  return { problems, partial: ofSettings.length > 0 ? { ...profile, settings: {} } : profile };
}

function validateElement(raw: ParsedFile, entry: unknown, path: Path) {
  const position = raw.positionOf(path);
  if (!isJsonObject(entry)) return { problems: [{ ...notAnElement(entry), ...position }] };
  const { uid, remove, ...given } = entry;
  // Old files may contain any other fields of a removed cron.
  const checked = remove === true && uid !== undefined ? { uid, remove } : entry;
  const problems: ProfileProblem[] = validateAt(elementSchema, checked, raw, path);
  if (typeof uid !== 'string') return { problems };
  const positionOf = (where: string) => raw.positionOf([...path, ...where.split('.')]);
  return {
    element: { uid, remove: remove === true, given, positionOf, ...position },
    problems: problems.map((problem) => ({ ...problem, uid })),
  };
}

/** A uid may be given again only after it was removed. */
function duplicates(elements: readonly ProfileElement[]): ProfileProblem[] {
  const lines = new Map<string, number>();
  const problems: ProfileProblem[] = [];
  for (const { uid, remove, line, positionOf } of elements) {
    const firstLine = lines.get(uid);
    if (remove) lines.delete(uid);
    else lines.set(uid, firstLine ?? line);
    if (firstLine === undefined || remove) continue;
    problems.push({
      uid,
      where: 'uid',
      got: `${formatValue(uid)} a second time`,
      wanted: `a uid that no element before it has: line ${firstLine} has it`,
      fix: 'Give it another uid, or merge the two elements.',
      ...positionOf('uid'),
    });
  }
  return problems;
}

/** The problems that the schema finds, with their positions. */
function validateAt(
  schema: Parameters<typeof validate>[0],
  value: unknown,
  raw: ParsedFile,
  path: Path,
): ProfileProblem[] {
  return validate(schema, value).problems.map((problem) => {
    const { where } = problem;
    const position = raw.positionOf([...path, ...(where === 'value' ? [] : where.split('.'))]);
    return { ...withHint(problem, jsonObject(value)[where]), ...position };
  });
}

/** The problem with a fix for YAML and XML, in place of one that assumes JSON, where text is always in quotes. */
function withHint(problem: Problem, value: unknown): Problem {
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

function notAnElement(entry: unknown): Problem {
  return {
    where: 'crons',
    got: kindOf(entry),
    wanted: 'an object with a uid',
    fix: 'Write "uid: …" and, below it, the fields of the cron.',
  };
}

/** The value if it is an object, or else an empty one. */
function jsonObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Values are nested too deep for the parser. */
export const TOO_DEEP = {
  got: 'too many nested levels',
  wanted: 'the few levels of a profile',
  fix: 'Is this the right file? Remove levels.',
};

/** A problem of the text rather than of a field. */
export function wholeProblem(problem: Omit<Problem, 'where'>, position = START): ProfileProblem {
  return { where: 'value', ...problem, ...position };
}
