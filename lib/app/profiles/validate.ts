/** From what was read to a profile: judges every field, finds all problems at once, and says where each one is. */

import type { JsonObject } from '../../core/domain/cron.ts';
import { crontabSchema } from '../../core/domain/crontab-schema.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import { kindOf } from '../../core/domain/json-text.ts';
import { formatValue, type Problem } from '../../core/domain/problem.ts';
import { validate } from '../../core/domain/validate.ts';
import { withHint } from './hints.ts';
import type { ParsedFile, Path } from './parsed-file.ts';
import type { Profile, ProfileElement } from './profile.ts';
import { elementSchema, profileSchema } from './schema.ts';
import { type ProfileProblem, type SourcePosition, START } from './source-position.ts';

export type ProfileReading =
  | { readonly profile: Profile; readonly problems: readonly []; readonly partial?: undefined }
  | {
      readonly profile?: undefined;
      readonly problems: readonly ProfileProblem[];
      /** What could be read all the same: never to be applied, but planning it finds further problems. */
      readonly partial?: Profile;
    };

/** The profile, or all that is wrong with it; `found` are the problems of its text. */
export function validateProfile(raw: ParsedFile, found: readonly ProfileProblem[] = []): ProfileReading {
  const { crontab, crons } = jsonObject(raw.value);
  const settings = jsonObject(crontab);
  const wrongSettings = judged(crontabSchema, settings, raw, ['crontab']);
  const problems = [...found, ...judged(profileSchema, raw.value, raw, []), ...wrongSettings];
  const elements: ProfileElement[] = [];
  for (const [index, entry] of (Array.isArray(crons) ? crons : []).entries()) {
    const judged = validateElement(raw, entry, ['crons', index]);
    problems.push(...judged.problems);
    if (judged.element) elements.push(judged.element);
  }
  problems.push(...duplicates(elements));
  const { whenAdded, leftOut } = raw;
  const profile = { elements, settings, whenAdded, leftOut };
  if (problems.length === 0) return { profile, problems: [] };
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  // Nothing can be planned in a time zone that is none.
  return { problems, partial: wrongSettings.length > 0 ? { ...profile, settings: {} } : profile };
}

function validateElement(raw: ParsedFile, entry: unknown, path: Path) {
  const place = raw.place(path);
  if (!isJsonObject(entry)) {
    return { problems: [{ ...notAnElement(entry), ...place }] };
  }
  const { uid, remove, ...given } = entry;
  // What a removed cron was does not matter: old files may say anything of it.
  const looked = remove === true && uid !== undefined ? { uid, remove } : entry;
  const named = typeof uid === 'string' ? { uid } : {};
  const problems = judged(elementSchema, looked, raw, path).map((one) => ({
    ...one,
    ...named,
  }));
  if (typeof uid !== 'string') return { problems };
  const placeOf = (where: string) => raw.place([...path, ...where.split('.')]);
  return { element: { uid, remove: remove === true, given, placeOf, ...place }, problems };
}

/** The same uid twice means that one of them is a mistake, unless the first was removed before the second comes. */
function duplicates(elements: readonly ProfileElement[]): ProfileProblem[] {
  const standing = new Map<string, SourcePosition>();
  const problems: ProfileProblem[] = [];
  for (const { uid, remove, line, column, placeOf } of elements) {
    const first = standing.get(uid);
    if (remove) standing.delete(uid);
    else standing.set(uid, first ?? { line, column });
    if (!first || remove) continue;
    problems.push({
      uid,
      where: 'uid',
      got: `${formatValue(uid)} a second time`,
      wanted: `a uid that no element before it has: line ${first.line} has it`,
      fix: 'Give it another uid, or make one element of the two.',
      ...placeOf('uid'),
    });
  }
  return problems;
}

/** What the schema finds wrong, at its place. */
function judged(
  schema: Parameters<typeof validate>[0],
  value: unknown,
  raw: ParsedFile,
  path: Path,
): ProfileProblem[] {
  return validate(schema, value).problems.map((problem) => {
    const { where } = problem;
    const place = raw.place([...path, ...(where === 'value' ? [] : where.split('.'))]);
    return { ...withHint(problem, jsonObject(value)[where]), ...place };
  });
}

function notAnElement(entry: unknown): Problem {
  return {
    where: 'crons',
    got: kindOf(entry),
    wanted: 'an object with a uid',
    fix: 'Write "uid: …" and, below it, what the cron has.',
  };
}

/** The value if it is an object, or else an empty one. */
function jsonObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** For what is nested so deep that it cannot be read. */
export const TOO_DEEP = {
  got: 'so many levels in each other that they cannot be read',
  wanted: 'the few that a profile has',
  fix: 'Is this the right file? Make it flatter.',
};

/** For a text that is no profile at all. */
export function wholeProblem(problem: Omit<Problem, 'where'>, place: SourcePosition = START): ProfileProblem {
  return { where: 'value', ...problem, ...place };
}
