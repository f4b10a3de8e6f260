/** What an operator and a program do with a deployment from outside: examine it, and hear what happens in it. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { openStack } from '../../lib/api/crontabs.ts';
import { examine } from '../../lib/doctor/examine.ts';
import { openStackPlace } from '../../lib/places/stack.ts';
import type { Event } from '../../lib/ports/events.ts';
import type { Logger } from '../../lib/ports/logger.ts';
import type { Cloudtab } from './command-line.ts';
import { step } from './report.ts';
import { SOON_SECONDS, SWEEP, YEARLY } from './stage.ts';
import { until } from './until.ts';

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {}, with: () => SILENT };

/** A healthy deployment has no findings. Then an operator disables the rule of the sweep. */
export async function callDoctor(stack: string, cloudtab: Cloudtab): Promise<void> {
  await step('cloudtab doctor finds nothing wrong', async () => {
    const { findings } = await cloudtab('doctor');
    deepEqual(findings, []);
  });
  await step('cloudtab doctor finds a disabled rule', async () => {
    const events = new EventBridgeClient({});
    const { Rules = [] } = await events.send(new ListRulesCommand({}));
    const sweep = Rules.find(({ ScheduleExpression }) => ScheduleExpression === SWEEP);
    await events.send(new DisableRuleCommand({ Name: sweep?.Name }));
    const findings = await examine(await openStackPlace(stack, { runners: {}, log: SILENT }));
    await events.send(new EnableRuleCommand({ Name: sweep?.Name }));
    equal(findings.length, 1, findings.map(({ what }) => what).join('\n'));
    match(findings[0]?.what ?? '', /^2 of the 3 triggers of the sync function /);
  });
}

/** A program hears of a run, and leaves nothing behind. */
export async function listen(stack: string, cloudtab: Cloudtab): Promise<void> {
  await step('a program hears what happens in the deployment, and leaves nothing behind', async () => {
    const heard: Event[] = [];
    const crontabs = await openStack(stack);
    await crontabs.subscribe((event) => void heard.push(event));
    const { log } = await cloudtab('run', YEARLY.uid);
    await until('the run is heard of', SOON_SECONDS, async () => {
      const ends = heard.filter((event) => event.type === 'FinishedCronJob');
      ok(
        ends.some(({ detail }) => detail.log.runId === log.runId),
        `heard of: ${heard.map(({ type }) => type).join(', ')}`,
      );
    });
    await crontabs.close();
    const QueueNamePrefix = 'cloudtab-listener-';
    deepEqual((await new SQSClient({}).send(new ListQueuesCommand({ QueueNamePrefix }))).QueueUrls ?? [], []);
    const { Rules = [] } = await new EventBridgeClient({}).send(
      new ListRulesCommand({ NamePrefix: QueueNamePrefix }),
    );
    deepEqual(Rules, []);
  });
}
