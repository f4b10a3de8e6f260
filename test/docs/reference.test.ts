/** The reference pages list everything that exists, and their examples of definitions are valid. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { cronSchema, loadCron } from '../../lib/core/domain/cron-schema.ts';
import { loadCrontabSettings } from '../../lib/core/domain/crontab-schema.ts';
import { CRONTAB_DEFAULTS } from '../../lib/core/domain/crontab-settings.ts';
import { Alarms } from '../../lib/deploy/constructs/alarms.ts';
import { Metrics } from '../../lib/deploy/constructs/metrics.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { makeProgram } from '../../lib/surfaces/cli/program.ts';
import { ENDPOINTS } from '../../lib/surfaces/web/api/endpoints.ts';
import { commandReference, REFERENCE } from './command-reference.ts';
import { blocksIn, ROOT, readPage } from './markdown.ts';

const LIMITS = { allowedHosts: ['*'], allowedFunctions: ['*'], allowedUsers: [], allowCommands: true };
const runners = new RunnerTable({}, { bySite: { '*': LIMITS } });

/** The names of alarms and metrics of a deployment. */
function alarmsAndMetrics(): string[] {
  const stack = new Stack();
  const logGroup = new LogGroup(stack, 'Output');
  const lambda = { logGroup };
  const lambdas = { registry: lambda, run: lambda, sync: lambda, admin: lambda, setup: lambda };
  const metrics = new Metrics(stack, 'Metrics', { namespace: 'cloudtab/test', lambdas });
  const deadLetters = new Queue(stack, 'DeadLetters');
  const sync = Lambda.fromFunctionName(stack, 'Sync', 'sync');
  const sweepEvery = Duration.minutes(5);
  const alarms = new Alarms(stack, 'Alarms', { metrics, deadLetters, sync, sweepEvery, alarmTopics: [] });
  const filters = Template.fromStack(stack).findResources('AWS::Logs::MetricFilter');
  const metricNames = Object.values(filters).map(
    ({ Properties }) => Properties.MetricTransformations[0].MetricName as string,
  );
  return [...new Set([...alarms.node.children.map(({ node }) => node.id), ...metricNames])];
}

/** Inline code in headings and in the first column of tables. */
function labelsIn(text: string): string[] {
  const cells = text
    .split('\n')
    .map((line) => (line.startsWith('|') ? line.split(' | ')[0] : /^#.*/.exec(line)?.[0]));
  return cells.flatMap((cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, label = '']) => label));
}

const contextOptions = [
  ...readFileSync(join(ROOT, 'bin/app.ts'), 'utf8').matchAll(/\b(?:text|list)\('(\w+)'\)/g),
].map(([, name]) => `-c ${name}=`);

const described = runners.describe();
const settings = described.flatMap(({ name, environ }) => [name, ...Object.keys(environ ?? {})]);

const commands = makeProgram({ code: 0 })
  .commands.map((command) => command.name())
  .filter((name) => !name.startsWith('__'));

const definitions = ['docs/crons.md', 'docs/runners.md', 'docs/deploy.md']
  .flatMap((file) => blocksIn(readPage(file)))
  .filter(({ language }) => language === 'json');

describe('the reference', () => {
  it('The page of all commands is what the program says; "npm run docs:reference" writes it', () => {
    expect(readPage(REFERENCE).text).toBe(commandReference());
  });

  it.each([
    ['docs/crons.md', 'field of a cron', Object.keys(cronSchema.shape)],
    ['docs/crons.md', 'setting of a crontab', Object.keys(CRONTAB_DEFAULTS)],
    ['docs/runners.md', 'runner and setting', [...settings, ...Object.keys(LIMITS)]],
    ['docs/command-line.md', 'command', commands],
    [
      'docs/dashboard-and-api.md',
      'endpoint',
      ENDPOINTS.map((one) => `${one.method.toUpperCase()} ${one.path}`),
    ],
    ['docs/deploy.md', 'context option', contextOptions],
    ['docs/logs-and-alarms.md', 'alarm and metric', alarmsAndMetrics()],
  ])('%s lists each %s', (file, _, names) => {
    const labels = labelsIn(readPage(file).text);
    const isListed = (name: string) =>
      labels.some((label) => label.startsWith(name) && !/^[\w/-]/.test(label.slice(name.length)));
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !isListed(name))).toEqual([]);
  });

  it('The section about JSON names each command that prints it', () => {
    const [, section = ''] = readPage('docs/command-line.md').text.split('\n## JSON\n');
    const labels = labelsIn(section.split('\n## ')[0] ?? '');
    const printing = makeProgram({ code: 0 }).commands.filter(({ options }) =>
      options.some(({ long }) => long === '--json'),
    );
    expect(printing.map((command) => command.name()).filter((name) => !labels.includes(name))).toEqual([]);
  });

  it.each(definitions)('The definition in $name is valid', ({ text }) => {
    const load = () =>
      'name' in JSON.parse(text) ? loadCron(text, { uid: 'a', runners }) : loadCrontabSettings(text);
    expect(load).not.toThrow();
  });
});
