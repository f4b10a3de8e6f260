/** What an operator and a program do with a deployment from outside: examine it, and hear what happens in it. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { openStack } from '../../lib/api/crontabs.ts';
import { examine } from '../../lib/doctor/examine.ts';
import { openStackPlace } from '../../lib/places/stack.ts';
import type { Event } from '../../lib/ports/events.ts';
import type { Logger } from '../../lib/ports/logger.ts';
import type { Cloudtab } from './command-line.ts';
import { step } from './report.ts';
import { SOON_SECONDS, type Stage, YEARLY } from './stage.ts';
import { until } from './until.ts';

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {}, with: () => SILENT };

/** All is well; then something is taken from a role behind everybody's back. */
export async function callDoctor(stage: Stage, stack: string, cloudtab: Cloudtab): Promise<void> {
  await step('cloudtab doctor finds nothing wrong', async () => {
    const { findings } = await cloudtab('doctor');
    deepEqual(findings, []);
  });
  await step('cloudtab doctor finds out that a role may not do its work any more', async () => {
    const iam = new IAMClient({});
    const { Role = '' } = await new LambdaClient({}).send(
      new GetFunctionConfigurationCommand({ FunctionName: stage.outputs.syncFunctionName }),
    );
    const policy = { RoleName: Role.split('/').at(-1), PolicyName: 'by-hand' };
    const Statement = [{ Effect: 'Deny', Action: 'dynamodb:Query', Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    const findings = await examine(await openStackPlace(stack, { runners: {}, log: SILENT }));
    await iam.send(new DeleteRolePolicyCommand(policy));
    equal(findings.length, 1, findings.map(({ what }) => what).join('\n'));
    match(
      findings[0]?.what ?? '',
      /^The sync function may not .* dynamodb:Query on .* \(a policy denies it\)/,
    );
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
