/**
 * collective.cron's own JSON: what `Crontab.dump()` gave there, a list of crons (each an object, or the JSON text of
 * one, as its registry kept them) with `logs_limit` and `logs`. As in the XML, a cron that does not say so is not
 * activated.
 *
 * The integer statuses are those of the vocabulary `job_status` in `collective/cron/interfaces.py` of
 * https://github.com/collective/collective.cron (0 FAILURE, 1 OK, 2 WARN, 3 NOTRUN); dates are
 * `YYYY-MM-DD HH:MM:SS` of the server's clock, taken for UTC here.
 */
import type { CronFields, Json, JsonObject } from '../domain/cron.ts';
import { InvalidError } from '../domain/errors.ts';
import { kindOf, parseJson } from '../domain/json-text.ts';
import { iso, type Log, type Status } from '../domain/log.ts';
import type { Exported } from './dump.ts';
import { readJson } from './json-file.ts';
import { wholeProblem } from './judge.ts';
import type { LeftOut, Place } from './place.ts';
import type { Path, RawReading } from './raw.ts';
import { switchOf } from './switch.ts';

const STATUSES: readonly Status[] = ['FAILURE', 'OK', 'WARN', 'NOTRUN'];
/** Its own default. */
const LOGS_LIMIT = 5;

/** The text as a profile's raw value. Logs are told and left out: they are written by runs. */
export function readCollective(text: string): RawReading {
  const { raw, problems } = readJson(text);
  if (!raw) return { problems };
  const { value, place } = raw;
  if (!Array.isArray(value)) {
    const cure = 'Take what Crontab.dump() gives, or name the format that it is in with --format.';
    return { problems: [wholeProblem({ got: kindOf(value), wanted: 'a list of crons', cure })] };
  }
  const entries = value.map(unpacked);
  return {
    raw: {
      value: { crons: entries.map(elementOf) },
      place: (path) => place(placeInList(path)),
      whenAdded: { activated: false, logsLimit: LOGS_LIMIT },
      leftOut: entries.flatMap((entry, index) => logsLeftOut(entry, place([index]))),
    },
    problems: [],
  };
}

/** The JSON text of the crons, with the logs that are known. What collective.cron has no field for is left out. */
export function writeCollective({ crons }: Exported): string {
  return `${JSON.stringify(crons.map(collectiveCron), null, 2)}\n`;
}

function unpacked(entry: unknown): unknown {
  if (typeof entry !== 'string') return entry;
  try {
    return parseJson(entry);
  } catch (error) {
    if (error instanceof InvalidError) return entry;
    throw error;
  }
}

function elementOf(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry;
  const { logs: _, logs_limit, uid, user, activated, environ, id: _id, ...fields } = entry as JsonObject;
  return {
    ...fields,
    ...present('uid', typeof uid === 'number' ? String(uid) : uid),
    ...present('user', user === '' ? undefined : user),
    ...present('activated', typeof activated === 'string' ? (switchOf(activated) ?? activated) : activated),
    ...present('environ', typeof environ === 'string' ? environText(environ) : environ),
    ...present('logsLimit', logs_limit),
  };
}

/** Absent and null are the same there. */
function present(name: string, value: Json | undefined): JsonObject {
  return value === undefined || value === null ? {} : { [name]: value };
}

function environText(text: string): Json | undefined {
  return text.trim() === '' ? undefined : (unpacked(text) as Json);
}

/** The list stands at the top, and its field of the log limit has another name. */
function placeInList([, ...path]: Path): Path {
  return path.map((step) => (step === 'logsLimit' ? 'logs_limit' : step));
}

function logsLeftOut(entry: unknown, place: Place): LeftOut[] {
  const { uid, logs } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
  if (!Array.isArray(logs) || logs.length === 0) return [];
  const [{ date, status } = { date: '', status: -1 }] = logs as { date?: unknown; status?: unknown }[];
  const last = `${STATUSES[Number(status)] ?? 'an unknown status'} at ${date}`;
  const text = `${logs.length} log${logs.length === 1 ? '' : 's'} of ${uid}, the last one ${last}`;
  return [{ ...place, text, reason: 'Logs are written by runs: look at the old ones where they are.' }];
}

function collectiveCron({
  uid,
  name,
  user,
  activated,
  periodicity,
  logsLimit,
  environ,
  logs = [],
}: CronFields & { logs?: readonly Log[] }) {
  return {
    uid,
    name,
    user: user ?? null,
    activated,
    periodicity,
    logs_limit: logsLimit,
    logs: logs.map(({ date, status, messages }) => ({
      date: iso(date).replace('T', ' ').replace('Z', ''),
      status: STATUSES.indexOf(status),
      messages,
    })),
    environ,
  };
}
