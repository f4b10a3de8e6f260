/** The props of a deployment, their defaults and their validation. */
import { statSync } from 'node:fs';
import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { MAX_LIMITS_BYTES } from '../../adapters/aws/table.ts';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { EVENT_SELECTIONS, type EventSelection } from '../../core/domain/event.ts';
import { DEFAULT_SITE, isSecretsRoot, SITE, SITE_RULE } from '../../core/domain/names.ts';
import { formatProblem } from '../../core/domain/problem.ts';
import type { LimitsBySite } from '../../core/domain/site-limits.ts';
import { isTimeZone } from '../../core/domain/time-zone.ts';
import { readLimits } from '../../runners/limit-problems.ts';
import { type AccessGrant, accessProblems } from './access.ts';
import { SHIPPED_RUNNERS } from './lambda-code.ts';

export interface CloudtabProps {
  /**
   * The first level of the parameters' names: `/<root>/<site>/crons/<uid>`. An account and region has one deployment for each
   * root, so a second one in a stack must be given a root of its own. Default: the name of the stack; `cloudtab` if the stack
   * is named `Cloudtab`.
   */
  readonly root?: string;
  /** Sites that the deployment creates a crontab for; others come with their first parameter. Default: `default`. */
  readonly sites?: readonly string[];
  /**
   * Path of the folder of your own runners: the file `<name>.ts` exports the class of the runner with that name, and
   * `<site>/<name>.ts` that of a runner of one site. Default: `lambdas/runners` beside this code.
   */
  readonly runners?: string;
  /**
   * Paths of profiles by site, for example `{ shop: 'profiles/shop.yaml' }`. A deployment applies each cron of a profile
   * that differs from the one that it applied last; other edits stay. Default: none.
   */
  readonly profiles?: Readonly<Record<string, string>>;
  /** IANA time zone of the crontabs that the deployment creates. Default: UTC. */
  readonly timezone?: string;
  /**
   * What the runners of each site may reach; what `*` has holds for all sites, and a site's own limits add to it. For example
   * `{ '*': { allowedHosts: ['api.example.com'] }, payroll: { allowedUsers: ['payroll-*'], allowedFunctions: ['pay-*'] } }`.
   * Addresses that are not public have to be named: a private one itself, in a range such as `10.0.0.0/8` or by its host, any
   * other itself. Each role in `allowedUsers` has to trust the run Lambda's role. With `allowCommands`, everyone who may edit
   * the parameters of the site can run any program with the permissions of the run Lambda. Default: nothing.
   */
  readonly limits?: LimitsBySite;
  /**
   * Who may do what through the URL, beside those that `grantView`, `grantOperate` and `grantEdit` add; the permission to call
   * it is given elsewhere. Once there is one, a principal without a role is refused, and there has to be an editor. Default:
   * every principal that may call the URL is an editor of all sites.
   */
  readonly access?: readonly AccessGrant[];
  /**
   * Which events the bus gets: `all`, or `failures`, which are failed runs, occurrences that did not run, and rejected edits.
   * Each event costs about as much as a delivery. Default: `all`.
   */
  readonly events?: EventSelection;
  /**
   * The concurrency that is reserved for runs, and the most runs at once. More deliveries wait, for six hours at most. Default:
   * runs share the concurrency of the account with all its functions.
   */
  readonly runConcurrency?: number;
  /** The interval of the sweep, which redelivers overdue occurrences and repairs timers. Default: 5 minutes. */
  readonly sweepEvery?: Duration;
  /** The interval of the resync, which compares all parameters with the table and the timers. Default: an hour. */
  readonly resyncEvery?: Duration;
  /**
   * Whether CloudWatch has metrics of each cron, with the dimensions `site` and `uid`: `OK`, `WARN`, `FAILURE` and `NOTRUN` count
   * runs by status; `StartLag`, `Duration` and `LastSuccess` measure them. Four to seven metrics a cron, each at $0.30 a
   * month. Default: false.
   */
  readonly cronMetrics?: boolean;
  /**
   * Whether each sweep that succeeds requests the URL of an external monitor, which notices a deployment that is dead as a whole.
   * Set the URL with `cloudtab secret set heartbeat --deployment`. Default: false.
   */
  readonly heartbeat?: boolean;
  /** ARNs of at most five SNS topics that are notified when an alarm starts and when it ends. Default: none. */
  readonly alarmTopics?: readonly string[];
  /**
   * Encrypts the table, the logs, the dead-letter queue and the bus. The construct adds what it needs to the policy of a key
   * of the app; to that of an imported key the owner has to add it. Default: keys of AWS.
   */
  readonly encryptionKey?: IKey;
  /**
   * The ARN of the stream of a table that a destroyed deployment left, for example
   * `arn:aws:dynamodb:eu-west-1:123456789012:table/Cloudtab-Table/stream/2026-01-05T12:00:00.000`: the deployment uses that
   * table with its run records, and never deletes it. It must be in this account and region, and have the format of this
   * version, which setup checks. Default: a new table.
   */
  readonly tableStreamArn?: string;
  /** How long run records are kept, 0 to 400 days; the newest `logsLimit` of each cron stay longer. Default: 90 days. */
  readonly recordRetention?: Duration;
  /** How long log lines are kept. Default: three months. */
  readonly logRetention?: RetentionDays;
  /**
   * What happens to the table and the logs when the stack is destroyed. In any case parameters are retained and timers
   * deleted. Default: `RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE`: both are retained, unless their creation is rolled back.
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Props that have no default. */
type Optional = 'runConcurrency' | 'encryptionKey' | 'tableStreamArn';

/** The props with the defaults of those not given. */
export type CloudtabChoices = Required<Omit<CloudtabProps, Optional>> & Pick<CloudtabProps, Optional>;

const STREAM_ARN = /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]{3,255}\/stream\/[\w:.-]+$/;

const TOPIC_ARN = /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/;

const DEFAULTS = {
  sites: [DEFAULT_SITE],
  runners: SHIPPED_RUNNERS,
  profiles: {},
  timezone: 'UTC',
  limits: {},
  access: [],
  events: 'all',
  sweepEvery: Duration.minutes(5),
  resyncEvery: Duration.hours(1),
  cronMetrics: false,
  heartbeat: false,
  alarmTopics: [],
  recordRetention: Duration.days(90),
  logRetention: RetentionDays.THREE_MONTHS,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
} as const satisfies Omit<CloudtabChoices, 'root' | Optional>;

/** The root of a deployment that chooses none. */
export function rootOf(stackName: string): string {
  return stackName === 'Cloudtab' ? 'cloudtab' : stackName;
}

/**
 * The props with the defaults of those not given. `takenRoots` are those of other deployments in the stack. Throws
 * ConfigurationError with every invalid prop.
 */
export function withDefaults(
  props: CloudtabProps,
  stackName: string,
  takenRoots: readonly string[] = [],
): CloudtabChoices {
  const given = Object.entries(props).filter(([, value]) => value !== undefined);
  const choices: CloudtabChoices = { ...DEFAULTS, root: rootOf(stackName), ...Object.fromEntries(given) };
  const { limits, problems: limitProblems } = readLimits(choices.limits, Token.isUnresolved);
  const problems = [
    ...rootProblems(choices.root, takenRoots),
    ...choiceProblems(choices, limitProblems.map(formatProblem)),
  ];
  if (problems.length > 0)
    throw new ConfigurationError(`The deployment cannot be made. ${problems.join(' ')}`);
  return { ...choices, limits };
}

function rootProblems(root: string, takenRoots: readonly string[]): string[] {
  if (takenRoots.includes(root)) {
    return [
      `root: got "${root}", which another deployment in this stack has, wanted one of its own. Set the property root.`,
    ];
  }
  // The name of a nested stack is known only at deployment.
  if (Token.isUnresolved(root)) {
    return ['root: got a value that is known only at deployment, wanted text. Set the property root.'];
  }
  if (isSecretsRoot(root)) {
    return [
      `root: got "${root}", which is the place of the secrets of another deployment, wanted one that does not end with -secrets. Choose another.`,
    ];
  }
  if (/^(?!aws|ssm)[A-Za-z0-9_.-]{1,64}$/i.test(root)) return [];
  return [
    `root: got "${root}", wanted 1 to 64 letters, digits, dots, underscores and dashes, not beginning with aws or ssm.`,
  ];
}

/** The compiler does not check JavaScript and the options of a context. */
function choiceProblems(choices: CloudtabChoices, limitProblems: readonly string[]): string[] {
  const { sites, runners, timezone, limits, alarmTopics, access, events } = choices;
  const { sweepEvery, runConcurrency: most, recordRetention, tableStreamArn } = choices;
  const limitBytes = Buffer.byteLength(JSON.stringify(limits));
  const retentionDays = recordRetention.toDays({ integral: false });
  return [
    ...sites.map((site) => unless(SITE.test(site), `sites: got "${site}", wanted ${SITE_RULE} each.`)),
    unless(
      statSync(runners, { throwIfNoEntry: false })?.isDirectory(),
      `runners: got "${runners}", wanted the path of a folder with a file for each runner.`,
    ),
    unless(
      isTimeZone(timezone),
      `timezone: got "${timezone}", wanted the IANA name of a time zone such as Europe/Paris.`,
    ),
    ...limitProblems,
    unless(
      limitBytes <= MAX_LIMITS_BYTES,
      `limits: got ${limitBytes} bytes of JSON, wanted ${MAX_LIMITS_BYTES} at most. Use prefixes such as reports-*, and "*" for what all sites may reach.`,
    ),
    topicProblems(alarmTopics),
    accessProblems(access),
    unless(
      EVENT_SELECTIONS.includes(events),
      `events: got "${events}", wanted ${EVENT_SELECTIONS.join(' or ')}.`,
    ),
    // The alarm SweepStopped looks back a day at most.
    unless(
      sweepEvery.toHours({ integral: false }) <= 24,
      `sweepEvery: got ${sweepEvery.toHumanString()}, wanted a day at most: what is lost waits for it.`,
    ),
    unless(
      most === undefined || (Number.isInteger(most) && most > 0),
      `runConcurrency: got ${most}, wanted a whole number of at least 1.`,
    ),
    unless(
      Number.isInteger(retentionDays) && retentionDays <= 400,
      `recordRetention: got ${recordRetention.toHumanString()}, wanted 0 to 400 whole days.`,
    ),
    unless(
      tableStreamArn === undefined || STREAM_ARN.test(tableStreamArn),
      `tableStreamArn: got "${tableStreamArn}", wanted the ARN of the stream of a table, as "aws dynamodb describe-table" prints it in LatestStreamArn.`,
    ),
  ].flat();
}

function topicProblems(topics: readonly string[]): string[] {
  return [
    ...topics.map((arn) =>
      unless(
        Token.isUnresolved(arn) || TOPIC_ARN.test(arn),
        `alarmTopics: got "${arn}", wanted the ARN of an SNS topic such as arn:aws:sns:eu-west-1:123456789012:ops.`,
      ),
    ),
    // An alarm has at most five actions for each state.
    unless(
      topics.length <= 5,
      `alarmTopics: got ${topics.length} topics, wanted 5 at most. Subscribe the others to one of them.`,
    ),
  ].flat();
}

function unless(isFine: boolean | undefined, problem: string): string[] {
  return isFine ? [] : [problem];
}
