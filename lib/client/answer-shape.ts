/**
 * What each answer has at least, so that one of another program at the same address is recognized. It is no schema: a client
 * that only lists crons loads none.
 */
import type { AnswerOf, OperationId } from '../app/door/operations.ts';

/** A field that may be absent has none. */
type Kind<Value> = undefined extends Value ? never : KindOfPresent<Value>;
type KindOfPresent<Value> = Value extends readonly unknown[]
  ? 'array'
  : Value extends object
    ? 'object'
    : Value extends string
      ? 'string'
      : Value extends boolean
        ? 'boolean'
        : 'number';

const RESULT = { message: 'string', changed: 'boolean' } as const;
const BULK = { ...RESULT, done: 'array', refused: 'array', left: 'array' } as const;
const CRON = { uid: 'string', parameter: 'object', trend: 'object', job: 'object' } as const;
const CRON_RESULT = { ...RESULT, cron: 'object' } as const;
const PAGE = { items: 'array' } as const;
const PREVIEW = { runs: 'array', problems: 'array' } as const;
const SETTINGS_RESULT = { ...RESULT, settings: 'object' } as const;
const SITE = { site: 'string', settings: 'object', counts: 'object' } as const;

const SHAPES: {
  readonly [Id in OperationId]: { readonly [Key in keyof AnswerOf<Id>]?: Kind<AnswerOf<Id>[Key]> };
} = {
  addCron: CRON_RESULT,
  checkSteps: BULK,
  deleteLogs: { ...RESULT, deleted: 'number' },
  draftCron: { fields: 'object', tag: 'string', problems: 'array' },
  editCron: CRON_RESULT,
  editSite: SETTINGS_RESULT,
  listCrons: { ...PAGE, crontab: 'object' },
  listRunners: PAGE,
  listSecrets: PAGE,
  listSites: PAGE,
  preview: PREVIEW,
  previewCron: PREVIEW,
  readAllRuns: { runs: 'array' },
  readCatalogue: { runners: 'array', limits: 'object' },
  readCron: { ...CRON, logs: 'array', settings: 'object' },
  readHistory: PAGE,
  readJob: { waiting: 'array', runs: 'array' },
  readLog: { id: 'string', status: 'string' },
  readLogs: { logs: 'array' },
  readLogsOf: { logs: 'array', left: 'array' },
  readOutput: { lines: 'array', timezone: 'string' },
  readRun: { cron: 'object', run: 'object', timeline: 'array' },
  readRuns: { runs: 'array' },
  readSettings: { activated: 'boolean', timezone: 'string' },
  readSite: SITE,
  readSiteHistory: PAGE,
  readText: { text: 'string', tag: 'string', problems: 'array' },
  readTimeline: { lanes: 'array', period: 'object', broken: 'array' },
  readWholeSite: { ...SITE, crons: 'array' },
  removeCron: RESULT,
  removeCrons: BULK,
  restoreCron: CRON_RESULT,
  restoreCrons: BULK,
  rollbackCron: RESULT,
  rollbackSite: RESULT,
  runCron: { ...RESULT, runId: 'string', logId: 'string' },
  runCrons: BULK,
  siteNames: PAGE,
  stopRun: RESULT,
  switchCron: CRON_RESULT,
  switchCrons: BULK,
  switchSite: SETTINGS_RESULT,
  whoami: { sites: 'array' },
  why: { verdict: 'string', facts: 'array' },
};

/** Why this cannot be the answer of the operation; undefined if it can. */
export function shapeProblem(id: OperationId, answer: unknown): string | undefined {
  if (kindOf(answer) !== 'object') return 'it is no object';
  const fields = answer as Record<string, unknown>;
  const wrong = Object.entries(SHAPES[id]).find(([name, kind]) => kindOf(fields[name]) !== kind);
  return (
    wrong && `"${wrong[0]}" is not ${wrong[1] === 'array' || wrong[1] === 'object' ? 'an' : 'a'} ${wrong[1]}`
  );
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}
