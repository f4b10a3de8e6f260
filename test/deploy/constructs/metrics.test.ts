import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newMetrics, smallStack, templateOf } from './small-stack.ts';

const stack = smallStack();
const metrics = newMetrics(stack);

const filters = Object.values(templateOf(stack).findResources('AWS::Logs::MetricFilter')).map(
  ({ Properties }) => ({
    metric: Properties.MetricTransformations[0].MetricName as string,
    namespace: Properties.MetricTransformations[0].MetricNamespace as string,
    value: Properties.MetricTransformations[0].MetricValue as string,
    pattern: Properties.FilterPattern as string,
    lambda: (Properties.LogGroupName.Ref as string).replace(/[0-9A-F]{8}$/, ''),
  }),
);

/** All string literals in the sources of these folders that have the form of a code. */
function codesIn(...folders: string[]): string[] {
  const texts = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8')),
  );
  return texts.flatMap((text) => [...text.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map(([, code = '']) => code));
}

it.each([
  ['FailedRuns', ['run-failed', 'run-refused', 'lease-expired'], ['Run', 'Sync'], '1'],
  ['ExpiredLeases', ['lease-expired'], ['Run', 'Sync'], '1'],
  ['MissedRuns', ['run-missed'], ['Run', 'Sync'], '$.count'],
  ['LateRuns', ['run-late'], ['Run'], '1'],
  ['SkippedRuns', ['run-skipped'], ['Run', 'Sync'], '$.count'],
  ['LostTimers', ['timer-lost'], ['Sync'], '1'],
  ['SurplusTimers', ['timer-surplus'], ['Sync'], '1'],
  ['LostDeliveries', ['run-redelivered'], ['Sync'], '1'],
  ['DroppedDeliveries', ['delivery-ignored'], ['Run'], '1'],
  ['RejectedParameters', ['parameter-rejected'], ['Admin', 'Registry', 'Setup', 'Sync'], '1'],
  ['LostEvents', ['events-lost'], ['Admin', 'Registry', 'Run', 'Setup', 'Sync'], '1'],
  ['FailedLabels', ['label-failed'], ['Admin', 'Registry', 'Setup', 'Sync'], '1'],
])(
  'The metric %s counts log lines with one of the codes %j in the logs of %j',
  (metric, codes, lambdas, value) => {
    const terms = codes.map((code) => `$.code = "${code}"`);
    const pattern =
      terms.length === 1 ? `{ ${terms[0]} }` : `{ ${terms.map((one) => `(${one})`).join(' || ')} }`;
    const found = filters.filter((one) => one.metric === metric);
    expect(found.map(({ lambda }) => lambda).sort()).toEqual(lambdas);
    for (const one of found) expect(one).toMatchObject({ pattern, value, namespace: 'cloudtab/test' });
  },
);

it('The handlers write every code that a metric filter counts', () => {
  const written = new Set(codesIn('lib/core/engine'));
  const counted = filters.flatMap(({ pattern }) =>
    [...pattern.matchAll(/"([^"]+)"/g)].map(([, code]) => code),
  );
  expect(counted.length).toBeGreaterThan(0);
  expect(counted.filter((code) => !written.has(code ?? ''))).toEqual([]);
});

it('A metric is the sum of the counts in the namespace of the deployment', () => {
  expect(stack.resolve(metrics.metric('LateRuns').toMetricConfig().metricStat)).toMatchObject({
    namespace: 'cloudtab/test',
    metricName: 'LateRuns',
    statistic: 'Sum',
  });
});
