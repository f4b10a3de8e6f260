/** The whole composition with its bundles, in a stack of a user. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Duration, RemovalPolicy, Stage } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { LAMBDAS, type LambdaName } from '../../../lib/adapters/aws/environment.ts';
import { PROFILES_FILE, readProfilesFile } from '../../../lib/adapters/aws/profiles-file.ts';
import { FORMAT } from '../../../lib/adapters/aws/table.ts';
import { parseProfilesText } from '../../../lib/app/profiles/deployed-profiles.ts';
import { Cloudtab } from '../../../lib/deploy/constructs/cloudtab.ts';
import type { CloudtabProps } from '../../../lib/deploy/constructs/cloudtab-props.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { environmentOf, logicalId, permissionsOf, smallStack, templateOf } from './small-stack.ts';

const OPS = 'arn:aws:sns:eu-west-1:123456789012:ops';

function cloudtabWith(props: CloudtabProps = {}): Cloudtab {
  return new Cloudtab(smallStack(), 'Cloudtab', props);
}

/** The folder of the code of a Lambda. */
function codeOf(cloudtab: Cloudtab, lambda: LambdaName): string {
  const { Properties } =
    templateOf(cloudtab).findResources('AWS::Lambda::Function')[logicalId(cloudtab[lambda])] ?? {};
  const assembly = Stage.of(cloudtab)?.synth().directory ?? '';
  return join(assembly, `asset.${Properties?.Code.S3Key.replace('.zip', '')}`);
}

describe('Cloudtab', () => {
  const cloudtab = cloudtabWith();
  const template = templateOf(cloudtab);

  it('Each Lambda has a bundle of its own', () => {
    const folders = LAMBDAS.map((lambda) => codeOf(cloudtab, lambda));
    expect(new Set(folders).size).toBe(LAMBDAS.length);
    for (const folder of folders) expect(existsSync(join(folder, 'index.mjs'))).toBe(true);
  });

  it.each(LAMBDAS)(
    'The %s Lambda runs on Node 24 and ARM and writes JSON to its own log group, which is retained',
    (name) => {
      const lambda = cloudtab[name];
      const logGroup = logicalId(lambda.logGroup);
      expect(template.findResources('AWS::Lambda::Function')[logicalId(lambda)]?.Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: logGroup } },
      });
      expect(template.findResources('AWS::Logs::LogGroup')[logGroup]).toMatchObject({
        DeletionPolicy: 'Retain',
        Properties: { RetentionInDays: 90 },
      });
    },
  );

  it.each(LAMBDAS)('The role of the %s Lambda has no managed policy', (name) => {
    const role = template.findResources('AWS::IAM::Role')[logicalId(cloudtab[name].role)];
    expect(role?.Properties).toBeDefined();
    expect(role?.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it.each(LAMBDAS)('The metric LostEvents counts lines in the log of the %s Lambda', (name) => {
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      LogGroupName: { Ref: logicalId(cloudtab[name].logGroup) },
      MetricTransformations: [Match.objectLike({ MetricName: 'LostEvents' })],
    });
  });

  it('Only rules may invoke a Lambda by its resource policy, and one Lambda has a URL', () => {
    template.resourceCountIs('AWS::Lambda::Url', 1);
    template.allResourcesProperties('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com' });
  });

  it('The setup Lambda runs after the rules, roles and other Lambdas are created', () => {
    const { registry, run, sync, setup, timers, table, bus } = cloudtab;
    const [trigger] = Object.values(template.findResources('Custom::Trigger'));
    const policyOf = (name: string) => timers.role.node.findChild(name);
    expect(trigger?.DependsOn).toEqual(
      expect.arrayContaining(
        [
          ...[table, bus, timers.group, registry, run, sync, setup],
          registry.node.findChild('Changes'),
          policyOf('DefaultPolicy'),
        ].map(logicalId),
      ),
    );
  });

  it('The logical ids of the table and the schedule group carry the number of the format, so that a new one replaces both', () => {
    expect(logicalId(cloudtab.table)).toMatch(new RegExp(`^CloudtabTable${FORMAT}[0-9A-F]{8}$`));
    expect(logicalId(cloudtab.timers.group)).toMatch(new RegExp(`^CloudtabTimersGroup${FORMAT}[0-9A-F]{8}$`));
  });

  it('The run Lambda names the version of its bundle, which changes only with its code', () => {
    const versionOf = (one: Cloudtab) => environmentOf(one.run).CLOUDTAB_CODE_VERSION;
    const runners = join(tempFolder(), 'runners.ts');
    writeFileSync(runners, 'export const runners = {};\n');
    expect(versionOf(cloudtab)).toMatch(/^[0-9a-f]{16}$/);
    expect(versionOf(cloudtabWith({ root: 'other' }))).toBe(versionOf(cloudtab));
    expect(versionOf(cloudtabWith({ runners }))).not.toBe(versionOf(cloudtab));
  });

  it('The name of the bus contains the root, so that a second deployment of it fails', () => {
    templateOf(cloudtabWith({ root: 'shop' })).hasResourceProperties('AWS::Events::EventBus', {
      Name: 'cloudtab-shop',
    });
  });

  it('The stack contains no parameter, so that its destruction deletes none', () => {
    template.resourceCountIs('AWS::SSM::Parameter', 0);
  });
});

describe('the props of Cloudtab', () => {
  const retained = templateOf(cloudtabWith());
  const cloudtab = cloudtabWith({
    root: 'other',
    sites: ['shop'],
    timezone: 'Europe/Paris',
    allowedHosts: ['api.example.com'],
    allowedFunctions: ['report'],
    allowedUsers: ['cron-reader'],
    runMemorySize: 1024,
    sweepEvery: Duration.minutes(1),
    resyncEvery: Duration.hours(2),
    recordRetention: Duration.days(400),
    alarmTopics: [OPS],
    logRetention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const template = templateOf(cloudtab);

  it('The props reach the environment and the permissions of the Lambdas', () => {
    expect(environmentOf(cloudtab.setup)).toMatchObject({
      CLOUDTAB_ROOT: 'other',
      CLOUDTAB_SITES: '["shop"]',
      CLOUDTAB_TIMEZONE: 'Europe/Paris',
      CLOUDTAB_ALLOWED_HOSTS: '["api.example.com"]',
    });
    expect(environmentOf(cloudtab.run)).toMatchObject({ CLOUDTAB_SWEEP_EVERY_SECONDS: '60' });
    for (const lambda of LAMBDAS)
      expect(environmentOf(cloudtab[lambda])).toMatchObject({ CLOUDTAB_RETENTION_DAYS: '400' });
    expect(permissionsOf(cloudtab.run.role)).toEqual(
      expect.arrayContaining([
        'lambda:InvokeFunction lambda:::function:report',
        'sts:AssumeRole iam:::role/cron-reader',
        'ssm:GetParameter ssm:::parameter/other/*/secrets/*',
      ]),
    );
  });

  it('The props reach the other resources that they configure', () => {
    for (const ScheduleExpression of ['rate(1 minute)', 'rate(2 hours)'])
      template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ detail: Match.objectLike({ name: [{ prefix: '/other/' }] }) }),
    });
    template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 1024 });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Invocations', Period: 180 });
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [OPS] });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    retained.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });

  it('The removal policy decides whether the table and the logs are deleted with the stack', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::Logs::LogGroup']) {
      template.allResources(type, { DeletionPolicy: 'Delete' });
      retained.allResources(type, { DeletionPolicy: 'Retain' });
    }
  });
});

describe('the profiles of Cloudtab', () => {
  function setupCodeOf(text: string): string {
    const file = join(tempFolder(), 'crons.yaml');
    writeFileSync(file, text);
    return codeOf(cloudtabWith({ profiles: { shop: file } }), 'setup');
  }

  const SHOP = 'crons:\n  - {uid: a, name: http, periodicity: "@daily"}\n';

  it('The setup Lambda carries the profiles, and may then remove crons', () => {
    const file = join(tempFolder(), 'crons.yaml');
    writeFileSync(file, SHOP);
    const cloudtab = cloudtabWith({ profiles: { shop: file } });
    const code = codeOf(cloudtab, 'setup');
    expect(parseProfilesText(readProfilesFile(code)).shop?.elements).toMatchObject([
      { uid: 'a', given: { name: 'http' } },
    ]);
    expect(readFileSync(join(code, 'index.mjs'), 'utf8')).not.toBe('');
    expect(permissionsOf(cloudtab.setup.role)).toContain(
      'ssm:DeleteParameter ssm:::parameter/Test/*/crons/*',
    );
  });

  it('The setup Lambda runs again when the content of a profile changes, and not for a comment', () => {
    const code = basename(setupCodeOf(SHOP));
    expect(basename(setupCodeOf(`# the same\n${SHOP}`))).toBe(code);
    expect(basename(setupCodeOf(SHOP.replace('daily', 'hourly')))).not.toBe(code);
  });

  it('The setup Lambda carries no profiles when the deployment has none', () => {
    const code = codeOf(cloudtabWith(), 'setup');
    expect(() => readFileSync(join(code, PROFILES_FILE))).toThrow('ENOENT');
  });
});
