/**
 * Crons as an edit would leave them, before anybody makes it: by uid, an absent one is added, a present one gets what
 * is given and keeps the rest, and `remove` takes it away.
 */
import type { Cron, CronFields } from '../domain/cron.ts';
import { type RunnerCheck, readCron } from '../domain/cron-schema.ts';
import { attempt, InvalidError } from '../domain/errors.ts';
import { isJsonObject } from '../domain/json-object.ts';
import { kindOf, parseJson } from '../domain/json-text.ts';
import { limitProblems, type Problem, prefixProblems } from '../domain/problem.ts';
import { sameJson } from '../domain/same-json.ts';

export interface Edited {
  /** In the order in which they were, those that are added at the end. */
  readonly crons: readonly Cron[];
  /** One for each cron of the edit, in its order. */
  readonly edits: readonly Edit[];
}

export interface Edit {
  readonly uid: string;
  readonly kind: 'added' | 'edited' | 'removed' | 'unchanged';
  /** The fields that become others; none unless it is edited. */
  readonly fields: readonly string[];
}

/** An entry, and its place in the text: empty when it is the whole of it. */
interface Entry {
  readonly place: string;
  readonly value: unknown;
}

type Entries = { readonly [key: string]: unknown };

/**
 * Applies an edit's JSON: a cron, a list of crons, or `{"crons": [...]}`. Without `runners`, any name and environ is
 * fine. Throws InvalidError with every problem of every entry.
 */
export function applyEdit(crons: readonly Cron[], text: string, runners?: RunnerCheck): Edited {
  const after = new Map(crons.map((cron) => [cron.uid, cron]));
  const edits: Edit[] = [];
  const problems: Problem[] = [];
  for (const { place, value } of entriesOf(parseJson(text))) {
    const applied = attempt(() => applyEntry(after, value, runners));
    if ('value' in applied) edits.push(applied.value);
    problems.push(...(place === '' ? applied.problems : prefixProblems(place, applied.problems)));
  }
  if (problems.length > 0) throw new InvalidError(limitProblems(problems));
  return { crons: [...after.values()], edits };
}

function entriesOf(input: unknown): Entry[] {
  const list = isJsonObject(input) && 'crons' in input ? input.crons : input;
  const others = list === input ? [] : Object.keys(input as Entries).filter((key) => key !== 'crons');
  if (others.length > 0) throw new InvalidError(others.map(unknownKey));
  if (Array.isArray(list)) return list.map((value, index) => ({ place: `crons.${index}`, value }));
  if (isJsonObject(input) && list === input) return [{ place: '', value: input }];
  throw new InvalidError([
    {
      where: list === input ? 'value' : 'crons',
      got: kindOf(list),
      wanted: list === input ? 'a cron, a list of crons, or {"crons": [...]}' : 'a list of crons',
      fix: 'Write crons as they stand in parameters, each with its uid.',
    },
  ]);
}

function unknownKey(where: string): Problem {
  return {
    where,
    got: 'something beside "crons"',
    wanted: 'nothing: an edit is about crons',
    fix: 'Leave it out. "cloudtab plan" shows what other settings of a crontab would change.',
  };
}

function applyEntry(crons: Map<string, Cron>, value: unknown, runners?: RunnerCheck): Edit {
  if (!isJsonObject(value)) return put(crons, value, runners);
  const present = crons.get(String(value.uid));
  if (value.remove !== true) return put(crons, { ...present?.fields(), ...value }, runners, present);
  const uid = String(value.uid);
  return { uid, kind: crons.delete(uid) ? 'removed' : 'unchanged', fields: [] };
}

function put(crons: Map<string, Cron>, definition: unknown, runners?: RunnerCheck, present?: Cron): Edit {
  const { cron, problems } = readCron(definition, runners ? { runners } : {});
  if (!cron) throw new InvalidError(problems);
  crons.set(cron.uid, cron);
  if (!present) return { uid: cron.uid, kind: 'added', fields: [] };
  const fields = changedFields(present.fields(), cron.fields());
  return { uid: cron.uid, kind: fields.length === 0 ? 'unchanged' : 'edited', fields };
}

function changedFields(before: CronFields, after: CronFields): string[] {
  const old: Entries = { ...before };
  const fresh: Entries = { ...after };
  return Object.keys({ ...old, ...fresh }).filter((field) => !sameJson(old[field], fresh[field]));
}
