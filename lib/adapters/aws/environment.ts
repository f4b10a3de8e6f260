/**
 * The environment variables of the Lambdas, for the constructs that write them and the Lambdas that read them.
 */
import { ConfigurationError } from '../../core/domain/errors.ts';
import { EVENT_SELECTIONS, type EventSelection } from '../../core/domain/event.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import type { LimitsBySite } from '../../core/domain/site-limits.ts';

/** The settings of all Lambdas; each has some of them. */
export interface LambdaEnvironment {
  /** The first level of the parameters' names. */
  readonly root: string;
  readonly tableName: string;
  readonly busName: string;
  /** Which events the bus gets. */
  readonly events: EventSelection;
  /** The schedule group that holds the timers. */
  readonly groupName: string;
  /** What a timer invokes. The run Lambda itself learns it from its invocation. */
  readonly runFunctionArn: string;
  readonly syncFunctionName: string;
  /** The log group with the output of runs. */
  readonly runLogGroupName: string;
  /** The role that EventBridge Scheduler assumes when a timer fires. */
  readonly schedulerRoleArn: string;
  readonly deadLetterQueueArn: string;
  /** What runners may reach, by site. */
  readonly limits: LimitsBySite;
  /** The sites that a deployment starts with. */
  readonly sites: readonly string[];
  /** The time zone of those sites' crontabs. */
  readonly timezone: string;
  /** How long run records are kept, in days. */
  readonly retentionDays: number;
  /** How often the sweep comes round, in seconds. */
  readonly sweepEverySeconds: number;
  /** Names the code that runs, for the run records. */
  readonly codeVersion: string;
}

const VARIABLES = {
  root: 'CLOUDTAB_ROOT',
  tableName: 'CLOUDTAB_TABLE_NAME',
  busName: 'CLOUDTAB_BUS_NAME',
  events: 'CLOUDTAB_EVENTS',
  groupName: 'CLOUDTAB_GROUP_NAME',
  runFunctionArn: 'CLOUDTAB_RUN_FUNCTION_ARN',
  syncFunctionName: 'CLOUDTAB_SYNC_FUNCTION_NAME',
  runLogGroupName: 'CLOUDTAB_RUN_LOG_GROUP_NAME',
  schedulerRoleArn: 'CLOUDTAB_SCHEDULER_ROLE_ARN',
  deadLetterQueueArn: 'CLOUDTAB_DEAD_LETTER_QUEUE_ARN',
  limits: 'CLOUDTAB_LIMITS',
  sites: 'CLOUDTAB_SITES',
  timezone: 'CLOUDTAB_TIMEZONE',
  retentionDays: 'CLOUDTAB_RETENTION_DAYS',
  sweepEverySeconds: 'CLOUDTAB_SWEEP_EVERY_SECONDS',
  codeVersion: 'CLOUDTAB_CODE_VERSION',
} as const satisfies Record<keyof LambdaEnvironment, string>;

const NUMBERS: ReadonlySet<string> = new Set(['retentionDays', 'sweepEverySeconds']);

const PROJECTING = ['root', 'tableName', 'busName', 'events', 'retentionDays', 'limits'] as const;
const ARMING = ['groupName', 'schedulerRoleArn', 'deadLetterQueueArn'] as const;

const NEEDS = {
  registry: PROJECTING,
  sync: [...PROJECTING, ...ARMING, 'runFunctionArn'],
  run: [...PROJECTING, ...ARMING, 'sweepEverySeconds', 'codeVersion'],
  admin: [...PROJECTING, 'runFunctionArn', 'runLogGroupName'],
  setup: [...PROJECTING, 'syncFunctionName', 'sites', 'timezone', 'codeVersion'],
} as const satisfies Record<string, readonly (keyof LambdaEnvironment)[]>;

export type LambdaName = keyof typeof NEEDS;

/** The names of all Lambdas, and of their files. */
export const LAMBDAS = Object.keys(NEEDS) as LambdaName[];

/** The settings of the Lambda of this name. */
export type LambdaEnvironmentOf<Name extends LambdaName> = Pick<
  LambdaEnvironment,
  (typeof NEEDS)[Name][number]
>;

/**
 * The Lambda's settings from its environment. Throws one ConfigurationError that names every variable that is missing
 * or has the wrong shape.
 */
export function readEnvironment<Name extends LambdaName>(
  lambda: Name,
  variables: { readonly [name: string]: string | undefined },
): LambdaEnvironmentOf<Name> {
  const read = NEEDS[lambda].map(
    (setting) => [setting, parsed(setting, variables[VARIABLES[setting]])] as const,
  );
  const wrong = read.filter(([, value]) => value === undefined).map(([setting]) => wanted(setting));
  if (wrong.length > 0) {
    throw new ConfigurationError(
      `The ${lambda} Lambda lacks environment variables: ${wrong.join(', ')}. ` +
        'The stack sets them all: deploy it again, or set them on the function.',
    );
  }
  return Object.fromEntries(read) as LambdaEnvironmentOf<Name>;
}

/** The environment variables with exactly the settings of the Lambda. */
export function writeEnvironment<Name extends LambdaName>(
  lambda: Name,
  settings: LambdaEnvironmentOf<Name>,
): { [name: string]: string } {
  const all: Partial<LambdaEnvironment> = settings;
  return Object.fromEntries(
    NEEDS[lambda].map((setting) => {
      const value = all[setting] ?? '';
      return [VARIABLES[setting], typeof value === 'string' ? value : JSON.stringify(value)];
    }),
  );
}

function parsed(
  setting: keyof LambdaEnvironment,
  text: string | undefined,
): LambdaEnvironment[keyof LambdaEnvironment] | undefined {
  if (!text) return undefined;
  if (setting === 'limits') return limitsOf(text);
  if (setting === 'events') return EVENT_SELECTIONS.find((selection) => selection === text);
  if (NUMBERS.has(setting)) return /^\d+$/.test(text) ? Number(text) : undefined;
  return setting === 'sites' ? listOf(text) : text;
}

function listOf(text: string): readonly string[] | undefined {
  const list = jsonOf(text);
  return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
}

/** Synthesis has validated what is in it. */
function limitsOf(text: string): LimitsBySite | undefined {
  const limits = jsonOf(text);
  return isJsonObject(limits) ? (limits as LimitsBySite) : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wanted(setting: keyof LambdaEnvironment): string {
  if (setting === 'events') return `${VARIABLES[setting]} (${EVENT_SELECTIONS.join(' or ')})`;
  if (setting === 'limits') return `${VARIABLES[setting]} (a JSON object by site)`;
  if (NUMBERS.has(setting)) return `${VARIABLES[setting]} (a whole number)`;
  return setting === 'sites' ? `${VARIABLES[setting]} (a JSON list of texts)` : VARIABLES[setting];
}
