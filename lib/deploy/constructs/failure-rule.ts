/** A rule that sends failed runs to a target, with the cron, the reason and a link to the output of the run. */
import { Stack } from 'aws-cdk-lib';
import { EventField, type IRuleTarget, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { EVENT_SOURCE } from '../../adapters/aws/event-source.ts';
import { consoleHost, encodeFragment } from '../../adapters/aws/log-group-output.ts';
import type { Event } from '../../core/domain/event.ts';
import type { Cloudtab } from './cloudtab.ts';

const FINISHED: Event['type'] = 'FinishedCronJob';

/** A target with an input of its own receives that. */
export function failureRule(cloudtab: Cloudtab, id: string, target: IRuleTarget): Rule {
  const message = RuleTargetInput.fromObject({
    cron: `${EventField.fromPath('$.detail.site')}/${EventField.fromPath('$.detail.uid')}`,
    plannedAt: EventField.fromPath('$.detail.plannedAt'),
    reason: EventField.fromPath('$.detail.log.messages'),
    output: outputAddress(cloudtab),
  });
  return new Rule(cloudtab, id, {
    description: 'cloudtab: failed runs',
    eventBus: cloudtab.bus,
    eventPattern: {
      source: [EVENT_SOURCE],
      detailType: [FINISHED],
      detail: { log: { status: ['FAILURE'] } },
    },
    targets: [
      {
        bind(rule, targetId) {
          const config = target.bind(rule, targetId);
          return { ...config, input: config.input ?? message };
        },
      },
    ],
  });
}

/**
 * The console page with the lines of the run of an event. Unlike that of LogGroupOutput it covers all times, because a rule
 * cannot subtract a margin. A generated name of a log group needs no encoding.
 */
function outputAddress(cloudtab: Cloudtab): string {
  const { region } = Stack.of(cloudtab);
  const { logGroupName } = cloudtab.runFunction.logGroup;
  const filter = encodeFragment(`?filterPattern=${encodeURIComponent('"')}`);
  const runId = EventField.fromPath('$.detail.log.runId');
  const quote = encodeFragment(encodeURIComponent('"'));
  return `https://${consoleHost(region)}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${logGroupName}/log-events${filter}${runId}${quote}`;
}
