/** What a deployment costs in typical months, by the recorded requests of real runs, edits, sweeps and resyncs. */
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { metricLine } from '../../lib/adapters/aws/cron-metrics.ts';
import { previewCron } from '../../lib/app/operations/preview-cron.ts';
import { readOutput } from '../../lib/app/operations/read-output.ts';
import { LANES, readTimeline } from '../../lib/app/operations/read-timeline.ts';
import type { EventSelection } from '../../lib/core/domain/event.ts';
import { recordId } from '../../lib/core/domain/run-record.ts';
import { resync } from '../../lib/core/engine/resync.ts';
import { sweep } from '../../lib/core/engine/sweep.ts';
import { CloudtabStack } from '../../lib/deploy/constructs/cloudtab-stack.ts';
import { commitJob } from '../support/commit-job.ts';
import { type Dynalite, startDynalite } from '../support/dynalite.ts';
import { HOUR, leaseOf, NOON } from '../support/jobs.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { addOldCron, addRecords } from '../support/past-crons.ts';
import { type RecordedDeployment, recordedDeployment } from '../support/recorded-deployment.ts';
import { recordOf } from '../support/run-records.ts';
import { type Invocation, priceOf } from './price-requests.ts';
import { MONTHLY, PRICES } from './prices.ts';

export interface Cost {
  readonly what: string;
  /** In US dollars. */
  readonly price: number;
  /** The most that it may cost; absent if nothing is promised. */
  readonly budget?: number;
}

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

/** The longest messages that a record holds: 8 KB. */
const LONGEST_MESSAGES = Array(20).fill('時'.repeat(1_000));

/** A run that does nothing takes 100 ms, and Lambda logs 700 bytes about it. */
const RUN: Invocation = { seconds: 0.1, logBytes: 700 };
/** A failed run writes its reason once more. */
const FAILED_RUN: Invocation = { seconds: 0.1, logBytes: 1_100 };
/** The read of what runners may reach, up to 4 KB. Each run counts as a cold start, as those of hourly crons are. */
const COLD_START = PRICES.readUnit / 1e6;
/** The admin function answers in 100 ms, most of it the search. */
const LOOK: Invocation = { seconds: 0.1, logBytes: 500 };
const LOOKS_AN_HOUR = 3_600;
/** A timeline that is open is read again each minute. */
const TIMELINES_AN_HOUR = 60;
const EDIT: Invocation = { seconds: 0.2, logBytes: 2_000 };

/** A repair takes about 10 ms for each of its requests, one after the other. */
const SECONDS_A_REQUEST = 0.01;
const REPAIR: Invocation = { seconds: 0.2, logBytes: 900 };

/** In a month of 30 days. */
const SWEEPS = 8_640;
const RESYNCS = 720;
const HOURS = 720;

const TIME = '2026-03-02T12:00:00.000Z';

export async function costs(): Promise<Cost[]> {
  const dynalite = await startDynalite();
  try {
    const run = await priceOfRun(dynalite, () => undefined, RUN);
    const failure = () => {
      throw new Error('The disk is full.');
    };
    const idle = await idlePrices(dynalite);
    const site = await pricesOfSite(dynalite);
    const month = (crons: number) => idle(crons) + crons * HOURS * run;
    return [
      { what: 'a million runs of a default cron', price: run * 1e6, budget: 9.8 },
      {
        what: 'a million runs of a default cron, with `events: failures`',
        price: (await priceOfRun(dynalite, () => undefined, RUN, 'failures')) * 1e6,
        budget: 7.8,
      },
      { what: 'a million failed runs', price: (await priceOfRun(dynalite, failure, FAILED_RUN)) * 1e6 },
      {
        what: 'a million runs with 8 KB of messages in each',
        price: (await priceOfRun(dynalite, () => LONGEST_MESSAGES, RUN)) * 1e6,
        budget: 32,
      },
      { what: 'a thousand edits of a periodicity', price: (await priceOfEdit(dynalite)) * 1e3 },
      {
        what: 'a thousand hours of following a run, on a page or at a terminal',
        price: (await priceOfLook(dynalite)) * LOOKS_AN_HOUR * 1e3,
        budget: 8,
      },
      {
        what: `a thousand hours of the open timeline of ${LANES} hourly crons`,
        price: site.timeline * TIMELINES_AN_HOUR * 1e3,
        budget: 0.5,
      },
      { what: 'a million previews in the form, at the same site', price: site.preview * 1e6 },
      { what: 'a month of a deployment without runs', price: idle(10), budget: 0.6 },
      { what: 'a month of 10 hourly crons', price: month(10) },
      { what: 'a month of 1,000 hourly crons', price: month(1_000) },
      { what: 'a month of 10,000 hourly crons', price: month(10_000) },
      {
        what: 'a month of 10 hourly crons, with `cronMetrics`',
        price: month(10) + 10 * (await priceOfMetrics()),
      },
    ];
  } finally {
    await dynalite.close();
  }
}

let tables = 0;

/** Does the work on a deployment of its own. */
async function onDeployment<Result>(
  dynalite: Dynalite,
  work: (deployment: RecordedDeployment) => Promise<Result>,
  events: EventSelection = 'all',
): Promise<Result> {
  tables += 1;
  const deployment = await recordedDeployment(dynalite, `cost-${tables}`, events);
  try {
    return await work(deployment);
  } finally {
    deployment.close();
  }
}

function priceOfRun(
  dynalite: Dynalite,
  result: RecordedDeployment['result'],
  invocation: Invocation,
  events?: EventSelection,
): Promise<number> {
  const price = async (deployment: RecordedDeployment) => {
    await deployment.save('a', HOURLY);
    await deployment.runAt('a', NOON);
    deployment.result = result;
    deployment.requests.length = 0;
    await deployment.runAt('a', NOON + HOUR);
    return priceOf(deployment.requests, invocation) + PRICES.scheduledDelivery / 1e6 + COLD_START;
  };
  return onDeployment(dynalite, price, events);
}

/** One look at the output of a run in progress: a search in the log group is free. */
function priceOfLook(dynalite: Dynalite): Promise<number> {
  return onDeployment(dynalite, async ({ save, ports, requests }) => {
    await save('a', HOURLY);
    const lease = leaseOf(NOON);
    await commitJob(ports.store, 'a', { leases: [lease] });
    requests.length = 0;
    const output = { read: async () => ({ lines: [], cursor: '', hasMore: false }) };
    await readOutput({ ...ports, output }, 'default', 'a', recordId(lease));
    return priceOf(requests, LOOK);
  });
}

/** One timeline and one preview, at a site whose crons ran in each of the last 24 hours. */
function pricesOfSite(dynalite: Dynalite): Promise<{ readonly timeline: number; readonly preview: number }> {
  return onDeployment(dynalite, async (deployment) => {
    const { ports, requests } = deployment;
    await deployment.clock.advanceTo(NOON);
    const records = Array.from({ length: 24 }, (_, hours) => recordOf(60 * (hours + 1)));
    for (let number = 0; number < LANES; number++) {
      await addOldCron(deployment, `cron-${number}`, {});
      await addRecords(deployment, `cron-${number}`, records);
    }
    const priceOfRead = async (read: () => Promise<unknown>) => {
      requests.length = 0;
      await read();
      return priceOf(requests, { ...LOOK, seconds: LOOK.seconds + requests.length * SECONDS_A_REQUEST });
    };
    return {
      timeline: await priceOfRead(() => readTimeline(ports, 'default')),
      preview: await priceOfRead(() => previewCron(ports, 'default', HOURLY)),
    };
  });
}

/** The registry function and the sync function. */
function priceOfEdit(dynalite: Dynalite): Promise<number> {
  return onDeployment(dynalite, async (deployment) => {
    await deployment.save('a', HOURLY);
    deployment.requests.length = 0;
    await deployment.save('a', { ...HOURLY, periodicity: '30 * * * *' });
    return priceOf(deployment.requests, EDIT) + PRICES.lambdaRequest / 1e6;
  });
}

/** The price of a month without runs by the number of crons: repairs grow with it in a straight line. */
async function idlePrices(dynalite: Dynalite): Promise<(crons: number) => number> {
  const [few, many] = [10, 110];
  const [fewRepairs, manyRepairs] = [
    await priceOfRepairs(dynalite, few),
    await priceOfRepairs(dynalite, many),
  ];
  const each = (manyRepairs - fewRepairs) / (many - few);
  const fixed = fixedPrice();
  return (crons) => fixed + fewRepairs + (crons - few) * each;
}

function priceOfRepairs(dynalite: Dynalite, crons: number): Promise<number> {
  return onDeployment(dynalite, async (deployment) => {
    for (let number = 0; number < crons; number++) await deployment.save(`cron-${number}`, HOURLY);
    const priceOfRepair = async (repair: () => Promise<void>) => {
      deployment.requests.length = 0;
      await repair();
      const seconds = REPAIR.seconds + deployment.requests.length * SECONDS_A_REQUEST;
      return priceOf(deployment.requests, { ...REPAIR, seconds });
    };
    const sweeps = SWEEPS * (await priceOfRepair(() => sweep(deployment.ports)));
    return sweeps + RESYNCS * (await priceOfRepair(() => resync(deployment.ports)));
  });
}

/** What the metrics of one hourly cron add in a month, if all its runs succeed. */
async function priceOfMetrics(): Promise<number> {
  const log = { id: '1', plannedAt: TIME, date: TIME, startedAt: TIME, status: 'OK' as const, messages: [] };
  const detail = { site: 'default', uid: 'a', name: 'task', plannedAt: TIME, log };
  const line = await metricLine({ namespace: 'cloudtab/cloudtab', logger: new MemoryLogger() }, detail);
  const metrics = JSON.parse(line)._aws.CloudWatchMetrics[0].Metrics.length;
  return metrics * MONTHLY.customMetric + (HOURS * line.length * PRICES.logs) / 1e9;
}

/** Alarms, and the metrics of one's own on which an alarm depends that always has data. */
function fixedPrice(): number {
  const template = Template.fromStack(new CloudtabStack(new App(), 'Cloudtab', {}));
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  const watched = alarms.filter(({ Properties }) => Properties.TreatMissingData === 'breaching');
  const custom = watched.filter(({ Properties }) => !String(Properties.Namespace).startsWith('AWS/'));
  return alarms.length * MONTHLY.alarm + custom.length * MONTHLY.customMetric;
}
