/**
 * The schema of a cron, and the reading of one that a user or a program wrote. Finds all problems at once.
 * The class is in cron.ts, which runs import without this file.
 */
import * as z from 'zod/mini';
import { CRON_DEFAULTS, Cron, type CronFields, type JsonObject } from './cron.ts';
import { environProblems } from './environ.ts';
import { attempt, InvalidError } from './errors.ts';
import { parseExpression } from './expression.ts';
import { isJsonObject } from './json-object.ts';
import { kindOf, parseJson } from './json-text.ts';
import type { Log } from './log.ts';
import { loadLog } from './log-schema.ts';
import { UID } from './names.ts';
import { sizeProblems } from './parameter-size.ts';
import { NICKNAMES } from './periodicity.ts';
import { formatValue, limitProblems, type Problem, prefixProblems } from './problem.ts';
import { MAX_TAG, MAX_TAGS, TAG, TAG_RULE } from './tags.ts';
import { timeZoneName } from './time-zone-name.ts';
import { TIME_ZONE_RULE } from './time-zone-problems.ts';
import { described, field, refine, validate } from './validate.ts';

/** The part of a cron that decides what it runs, and as whom. */
export type RunnerChoice = Pick<CronFields, 'name' | 'environ' | 'user'>;

/** Validates a cron's runner, environ and user; the table of runners implements it. */
export interface RunnerCheck {
  /** Without `site`, a runner that belongs to one site is not found. */
  problems(choice: RunnerChoice, site?: string): Problem[];
  /** Why a cron with this runner was checked by its form alone, in a sentence; nothing if it was checked completely. */
  unchecked?(name: string, site?: string): string | undefined;
}

/** What the caller knows about the cron besides its text. */
export interface CronContext {
  /** The uid under which the cron is saved, such as in its parameter's name. The cron may leave it out, but not differ. */
  readonly uid?: string;
  /** Creates the uid of a cron that has none; without it, a uid is required. */
  readonly newUid?: () => string;
  /** If absent, any name and any environ is accepted. */
  readonly runners?: RunnerCheck;
  /** Accepts a runner that `runners` does not have, and any user, while the cron is switched off. Default: false. */
  readonly anyRunnerWhileOff?: boolean;
  /** The site of the cron, which may have runners of its own. */
  readonly site?: string;
}

/** The longest description, in characters. */
export const MAX_DESCRIPTION = 500;

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
/** The texts of 1 to 870 seconds, and of 60 seconds to 31 days: JSON Schema has no other way to bound a text. */
const TIMEOUT = /^0{0,3}(?:(?:[1-9]\d?|[1-7]\d\d|8[0-6]\d|870) ?s|(?:[1-9]|1[0-4]) ?m)$/;
const LATENESS =
  /^0{0,3}(?:(?:[6-9]\d|[1-9]\d{2,5}|1\d{6}|2[0-5]\d{5}|26[0-6]\d{4}|267[0-7]\d{3}|2678[0-3]\d\d|2678400) ?s|(?:[1-9]\d{0,3}|[1-3]\d{4}|4[0-3]\d{3}|44[0-5]\d\d|446[0-3]\d|44640) ?m|(?:[1-9]\d?|[1-6]\d\d|7[0-3]\d|74[0-4]) ?h|(?:[1-9]|[12]\d|3[01]) ?d)$/;
/** What every periodicity looks like. parseExpression has the rules. */
const FIVE_FIELDS = `^\\s*(?:${Object.keys(NICKNAMES).join('|')}|[^@\\s]\\S*(?:\\s+\\S+){4})\\s*$`;

const tagList = z.array(z.string().check(z.regex(TAG), z.maxLength(MAX_TAG))).check(
  z.maxLength(MAX_TAGS),
  z.refine((tags) => new Set(tags).size === tags.length),
);

/**
 * The definition that a user writes. `z.toJSONSchema(cronSchema, { io: 'input' })` is its JSON Schema. Logs belong only to
 * dumps and are read separately.
 */
export const cronSchema = z.strictObject({
  uid: field(z.string().check(z.regex(UID)), '1 to 36 letters, digits, "_" and "-"', 'Choose such a uid.'),
  name: field(
    z.string().check(z.trim(), z.minLength(1), z.maxLength(256)),
    'the name of a runner',
    'Name the runner that does the task, such as "heartbeat".',
  ),
  periodicity: field(
    described(z.string().check(refine(periodicityProblems)), {
      pattern: FIVE_FIELDS,
      format: 'crontab',
    }),
    'five fields of crontab(5), or a nickname such as "@daily"',
    'Write when it runs, such as "0 3 * * *" for every day at three.',
  ),
  environ: field(
    z._default(z.custom<JsonObject>().check(refine(environProblems)), CRON_DEFAULTS.environ),
    'a JSON object',
    'Write an object, such as {"url": "https://…"}.',
  ),
  activated: field(
    z._default(z.boolean(), CRON_DEFAULTS.activated),
    'true or false',
    'Write true or false without quotes, or leave it out for true.',
  ),
  logsLimit: field(
    z._default(z.int().check(z.minimum(1), z.maximum(25)), CRON_DEFAULTS.logsLimit),
    'a whole number from 1 to 25',
    'Choose one of these, or leave it out for 5.',
  ),
  user: field(
    z.optional(z.string().check(z.minLength(1), z.maxLength(256))),
    'text of 1 to 256 characters',
    'Name the user, or leave it out.',
  ),
  timezone: field(z.optional(timeZoneName()), TIME_ZONE_RULE, "Name one, or leave it out for the crontab's."),
  description: field(
    z.optional(z.string().check(z.minLength(1), z.maxLength(MAX_DESCRIPTION))),
    `text of 1 to ${MAX_DESCRIPTION} characters`,
    'Shorten it, or leave it out.',
  ),
  tags: field(
    z.optional(described(tagList, { uniqueItems: true })),
    `a list of at most ${MAX_TAGS} different tags, each of ${TAG_RULE}`,
    'Correct it, such as ["backup", "shop-eu"], or leave it out.',
  ),
  overlap: field(
    z._default(z.enum(['skip', 'buffer', 'allow']), CRON_DEFAULTS.overlap),
    '"skip", "buffer" or "allow"',
    'Choose one of these, or leave it out for "skip".',
  ),
  missed: field(
    z._default(z.enum(['once', 'all', 'skip']), CRON_DEFAULTS.missed),
    '"once", "all" or "skip"',
    'Choose one of these, or leave it out for "once".',
  ),
  maxLateness: field(
    z._default(seconds(60, 31 * SECONDS.d, LATENESS), CRON_DEFAULTS.maxLateness),
    '60 seconds to 31 days: whole seconds, or text such as "90s", "5m", "2h", "1d"',
    'Choose such a time, or leave it out for one day.',
  ),
  timeout: field(
    z._default(seconds(1, 870, TIMEOUT), CRON_DEFAULTS.timeout),
    '1 to 870 seconds: whole seconds, or text such as "90s" or "5m"',
    'Choose such a time, or leave it out for 5 minutes.',
  ),
});

function seconds(least: number, most: number, pattern: RegExp) {
  const whole = z.int().check(z.minimum(least), z.maximum(most));
  const text = z.string().check(z.regex(pattern));
  return z.union([whole, z.pipe(text, z.transform(secondsOf))]);
}

function secondsOf(text: string): number {
  const unit = text.at(-1) as keyof typeof SECONDS;
  return Number.parseInt(text, 10) * SECONDS[unit];
}

function periodicityProblems(text: string): readonly Problem[] {
  return attempt(() => parseExpression(text, '')).problems;
}

/**
 * The cron of a Cron, an object, or JSON text. Throws InvalidError with every problem of its definition. Logs that are
 * not valid are left out.
 */
export function loadCron(input: unknown, context: CronContext = {}): Cron {
  const { cron, problems } = readCron(input, context);
  if (!cron) throw new InvalidError(problems);
  return cron;
}

/** The cron, if its definition is valid, and every problem: of the definition, or of logs that were left out. */
export function readCron(
  input: unknown,
  context: CronContext = {},
): { readonly cron?: Cron; readonly problems: readonly Problem[] } {
  const entries = attempt(() => entriesOf(input));
  if (!('value' in entries)) return { problems: entries.problems };
  const { logs, ...definition } = entries.value;
  const uid = definition.uid ?? context.uid ?? context.newUid?.();
  const checked = validate(cronSchema, uid === undefined ? definition : { ...definition, uid });
  const problems = [
    ...checked.problems,
    ...uidProblems(uid, context),
    ...runnerProblems(definition, checked.problems, context),
  ];
  if (checked.value) problems.push(...sizeProblems(JSON.stringify(definition)));
  if (!checked.value || problems.length > 0) return { problems: limitProblems(problems) };
  const read = readLogs(logs);
  return { cron: cronOf(checked.value, read.logs), problems: limitProblems(read.problems) };
}

/** The top level of the input: definition and logs. */
function entriesOf(input: unknown): Record<string, unknown> {
  if (input instanceof Cron) return { ...input.fields(), logs: input.logs };
  const value = typeof input === 'string' ? parsedText(input) : input;
  if (isJsonObject(value)) return { ...value };
  throw new InvalidError(validate(cronSchema, value).problems);
}

function parsedText(text: string): unknown {
  const problems = sizeProblems(text);
  // The logs of a dump do not count: they are not kept with the definition.
  if (problems.length === 0 || text.includes('"logs"')) return parseJson(text);
  throw new InvalidError(problems);
}

function uidProblems(uid: unknown, context: CronContext): Problem[] {
  if (context.uid === undefined || typeof uid !== 'string' || uid === context.uid) return [];
  return [
    {
      where: 'uid',
      got: formatValue(uid),
      wanted: `${formatValue(context.uid)}, the uid under which it is saved`,
      fix: 'Leave "uid" out; to give a cron another uid, save it under that uid.',
    },
  ];
}

/** The problems that the runner finds, if name, environ and user are valid by themselves. */
function runnerProblems(
  { name, environ, user, activated }: Record<string, unknown>,
  known: readonly Problem[],
  { runners, anyRunnerWhileOff, site }: CronContext,
): readonly Problem[] {
  const bad = known.some(({ where }) => /^(?:name|environ|user)\b/.test(where));
  if (bad || !runners) return [];
  const problems = runners.problems(
    {
      name: String(name).trim(),
      environ: (environ ?? CRON_DEFAULTS.environ) as JsonObject,
      ...(typeof user === 'string' && { user }),
    },
    site,
  );
  return anyRunnerWhileOff && activated === false
    ? problems.filter(({ where }) => where !== 'name' && where !== 'user')
    : problems;
}

function readLogs(input: unknown): { readonly logs: readonly Log[]; readonly problems: readonly Problem[] } {
  if (input === undefined) return { logs: [], problems: [] };
  if (!Array.isArray(input)) {
    const fix = 'Leave it out: runs write the logs.';
    return { logs: [], problems: [{ where: 'logs', got: kindOf(input), wanted: 'a list', fix }] };
  }
  const logs: Log[] = [];
  const problems: Problem[] = [];
  for (const [index, one] of input.entries()) {
    const read = attempt(() => loadLog(one));
    if ('value' in read) logs.push(read.value);
    problems.push(...prefixProblems(`logs.${index}`, read.problems));
  }
  return { logs, problems };
}

function cronOf({ tags = [], ...fields }: CronFields, logs: readonly Log[]): Cron {
  // A copy: the caller may change the object that it passed.
  const copy = { ...fields, environ: structuredClone(fields.environ), ...(tags.length > 0 && { tags }) };
  return new Cron(copy, logs.slice(0, fields.logsLimit));
}
