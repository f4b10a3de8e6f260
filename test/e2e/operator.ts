/** `cloudtab doctor` on the deployment. */
import { deepEqual, equal, match } from 'node:assert/strict';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge';
import { openStackTarget } from '../../lib/adapters/aws/stack-target.ts';
import { examine } from '../../lib/app/doctor/examine.ts';
import type { Logger } from '../../lib/core/ports/logger.ts';
import type { Cloudtab } from './command-line.ts';
import { step } from './report.ts';
import { SWEEP } from './stage.ts';

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {}, with: () => SILENT };

/** A healthy deployment has no findings. Then an operator disables the rule of the sweep. */
export async function callDoctor(stack: string, cloudtab: Cloudtab): Promise<void> {
  await step('The command cloudtab doctor finds nothing wrong with a healthy deployment', async () => {
    const { findings } = await cloudtab('doctor');
    deepEqual(findings, []);
  });
  await step('The command cloudtab doctor finds a disabled rule', async () => {
    const events = new EventBridgeClient({});
    const { Rules = [] } = await events.send(new ListRulesCommand({}));
    const sweep = Rules.find(({ ScheduleExpression }) => ScheduleExpression === SWEEP);
    await events.send(new DisableRuleCommand({ Name: sweep?.Name }));
    const findings = await examine(await openStackTarget(stack, { logger: SILENT }));
    await events.send(new EnableRuleCommand({ Name: sweep?.Name }));
    equal(findings.length, 1, findings.map(({ what }) => what).join('\n'));
    match(findings[0]?.what ?? '', /^2 of the 3 \w+ of the sync /);
  });
}
