/**
 * The environment variables of the Lambdas, for the constructs that write them and the Lambdas that read them.
 */
import { ConfigurationError } from '../../core/domain/errors.ts';
import { EVENT_SELECTIONS, type EventSelection } from '../../core/domain/event.ts';

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
  /** The log group with the output of runs. */
  readonly runLogGroupName: string;
  /** The role that EventBridge Scheduler assumes when a timer fires. */
  readonly schedulerRoleArn: string;
  readonly deadLetterQueueArn: string;
  /** Names the item of the table that contains what runners may reach. */
  readonly limitsId: string;
  /** The time zone of the crontabs that a deployment creates. */
  readonly timezone: string;
  /** How long run records are kept, in days. */
  readonly retentionDays: number;
  /** How often the sweep comes round, in seconds. */
  readonly sweepEverySeconds: number;
  /** Whether the end of each occurrence is counted by cron. */
  readonly cronMetrics: boolean;
  /** Whether each sweep requests the URL of an external monitor. */
  readonly heartbeat: boolean;
  /** Names the code that runs, for the run records. */
  readonly codeVersion: string;
  /** The option of the command line that chooses the deployment, for hints. */
  readonly targetOption: string;
  /** The version of cloudtab that was deployed. */
  readonly version: string;
}

const NUMBERS: ReadonlySet<string> = new Set(['retentionDays', 'sweepEverySeconds']);

const BOOLEANS: ReadonlySet<string> = new Set(['cronMetrics', 'heartbeat']);

const BASIC = ['root', 'tableName', 'busName', 'events', 'retentionDays'] as const;
const PROJECTING = [...BASIC, 'limitsId'] as const;
const ARMING = ['groupName', 'schedulerRoleArn', 'deadLetterQueueArn'] as const;

const NEEDS = {
  registry: PROJECTING,
  sync: [...PROJECTING, ...ARMING, 'runFunctionArn', 'cronMetrics', 'heartbeat', 'targetOption'],
  run: [...PROJECTING, ...ARMING, 'sweepEverySeconds', 'cronMetrics', 'codeVersion', 'targetOption'],
  admin: [...PROJECTING, 'runFunctionArn', 'runLogGroupName', 'targetOption', 'version'],
  // Setup exists before the other resources, which need the limits that it writes: events name them.
  setup: [...BASIC, 'timezone', 'codeVersion'],
} as const satisfies Record<string, readonly (keyof LambdaEnvironment)[]>;

export type LambdaName = keyof typeof NEEDS;

/** The names of all Lambdas, and of their files. */
export const LAMBDAS = Object.keys(NEEDS) as LambdaName[];

export type LambdaEnvironmentOf<Name extends LambdaName> = Pick<
  LambdaEnvironment,
  (typeof NEEDS)[Name][number]
>;

/** What every Lambda has. */
export type BasicSettings = Pick<LambdaEnvironment, (typeof BASIC)[number]>;

/**
 * The Lambda's settings from its environment. Throws one ConfigurationError that names every variable that is missing
 * or has the wrong shape.
 */
export function readEnvironment<Name extends LambdaName>(
  lambda: Name,
  variables: { readonly [name: string]: string | undefined },
): LambdaEnvironmentOf<Name> {
  const read = NEEDS[lambda].map(
    (setting) => [setting, parsed(setting, variables[variableOf(setting)])] as const,
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
      return [variableOf(setting), String(all[setting] ?? '')];
    }),
  );
}

/** For example `CLOUDTAB_TABLE_NAME` for `tableName`. */
function variableOf(setting: keyof LambdaEnvironment): string {
  return `CLOUDTAB_${setting.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
}

function parsed(
  setting: keyof LambdaEnvironment,
  text: string | undefined,
): LambdaEnvironment[keyof LambdaEnvironment] | undefined {
  if (!text) return undefined;
  if (setting === 'events') return EVENT_SELECTIONS.find((selection) => selection === text);
  if (BOOLEANS.has(setting)) return text === 'true' ? true : text === 'false' ? false : undefined;
  if (NUMBERS.has(setting)) return /^\d+$/.test(text) ? Number(text) : undefined;
  return text;
}

function wanted(setting: keyof LambdaEnvironment): string {
  if (setting === 'events') return `${variableOf(setting)} (${EVENT_SELECTIONS.join(' or ')})`;
  if (BOOLEANS.has(setting)) return `${variableOf(setting)} (true or false)`;
  if (NUMBERS.has(setting)) return `${variableOf(setting)} (a whole number)`;
  return variableOf(setting);
}
