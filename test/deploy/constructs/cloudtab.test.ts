/** The whole composition with its bundles, in a stack of a user. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { App, Duration, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { AccountRootPrincipal, type IRole, Role, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type CfnFunction, Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct, type IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { LAMBDAS, type LambdaName } from '../../../lib/adapters/aws/environment.ts';
import { encodeFragment } from '../../../lib/adapters/aws/log-group-output.ts';
import { OUTPUTS } from '../../../lib/adapters/aws/outputs.ts';
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
    templateOf(cloudtab).findResources('AWS::Lambda::Function')[logicalId(cloudtab[`${lambda}Function`])] ??
    {};
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
      const lambda = cloudtab[`${name}Function`];
      const logGroup = logicalId(lambda.logGroup);
      expect(template.findResources('AWS::Lambda::Function')[logicalId(lambda)]?.Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: logGroup } },
      });
      expect(template.findResources('AWS::Logs::LogGroup')[logGroup]).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        Properties: { RetentionInDays: 90 },
      });
    },
  );

  it('Each function of the template is a Lambda of cloudtab, and writes to a log group that expires', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    expect(functions).toHaveLength(LAMBDAS.length);
    const groups = template.findResources('AWS::Logs::LogGroup');
    for (const { Properties } of functions) {
      const group = groups[Properties.LoggingConfig.LogGroup.Ref];
      expect(group?.Properties.RetentionInDays).toBe(90);
      expect(group?.Properties).not.toHaveProperty('LogGroupName');
    }
  });

  it.each(LAMBDAS)('The role of the %s Lambda has no managed policy', (name) => {
    const role = template.findResources('AWS::IAM::Role')[logicalId(cloudtab[`${name}Function`].role)];
    expect(role?.Properties).toBeDefined();
    expect(role?.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it.each(LAMBDAS)('The metric LostEvents counts lines in the log of the %s Lambda', (name) => {
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      LogGroupName: { Ref: logicalId(cloudtab[`${name}Function`].logGroup) },
      MetricTransformations: [Match.objectLike({ MetricName: 'LostEvents' })],
    });
  });

  it('Only rules may invoke a Lambda by its resource policy, and one Lambda has a URL', () => {
    template.resourceCountIs('AWS::Lambda::Url', 1);
    template.allResourcesProperties('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com' });
  });

  it('The setup Lambda runs after the rules, roles and other Lambdas are created', () => {
    const { registryFunction, runFunction, syncFunction, setupFunction, timers, table, bus } = cloudtab;
    const [deployment] = Object.values(template.findResources('Custom::CloudtabSetup'));
    const policyOf = (name: string) => timers.role.node.findChild(name);
    expect(deployment?.DependsOn).toEqual(
      expect.arrayContaining(
        [
          ...[table, bus, timers.group, registryFunction, runFunction, syncFunction, setupFunction],
          registryFunction.node.findChild('Changes'),
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
    const versionOf = (one: Cloudtab) => environmentOf(one.runFunction).CLOUDTAB_CODE_VERSION;
    const runners = tempFolder();
    expect(versionOf(cloudtab)).toMatch(/^[0-9a-f]{16}$/);
    expect(versionOf(cloudtabWith({ root: 'other' }))).toBe(versionOf(cloudtab));
    expect(versionOf(cloudtabWith({ runners }))).not.toBe(versionOf(cloudtab));
  });

  it('The dashboard knows the option that chooses its deployment, with the root if it is not that of the stack', () => {
    const expectOption = (shown: Cloudtab, option: string) =>
      templateOf(shown).hasResourceProperties('AWS::Lambda::Function', {
        Environment: { Variables: { CLOUDTAB_TARGET_OPTION: option } },
      });
    expectOption(cloudtab, '--stack Test');
    expectOption(cloudtabWith({ root: 'shop' }), '--stack Test --root shop');
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

describe('the outputs of Cloudtab', () => {
  const outputsOf = (cloudtab: Cloudtab) => templateOf(cloudtab).findOutputs('*');

  it('A construct in the stack of a user has every output', () => {
    const outputs = outputsOf(cloudtabWith({ root: 'shop' }));
    expect(Object.keys(outputs).sort()).toEqual(Object.values(OUTPUTS).sort());
    expect(outputs).toMatchObject({
      CloudtabRoot: { Value: 'shop' },
      CloudtabBusName: { Value: { Ref: expect.any(String) } },
    });
  });

  it('A second construct in a stack has outputs of its own, and both name their own parts', () => {
    const stack = smallStack();
    const first = new Cloudtab(stack, 'First', {});
    const second = new Cloudtab(new Construct(stack, 'Part'), 'Second', { root: 'nightly' });
    const outputs = outputsOf(first);
    expect(Object.keys(outputs)).toHaveLength(2 * Object.keys(OUTPUTS).length);
    const roots = Object.keys(outputs).filter((key) => key.startsWith(OUTPUTS.root));
    const suffix = roots.map((key) => key.replace(OUTPUTS.root, '')).join('');
    expect(outputs[`CloudtabRoot${suffix}`]).toEqual({ Value: 'nightly' });
    for (const [key, { runFunction }] of [
      ['', first],
      [suffix, second],
    ] as const) {
      expect(outputs[`CloudtabRunFunctionName${key}`]).toEqual({ Value: { Ref: logicalId(runFunction) } });
    }
  });

  it('A second construct in a stack without a root of its own is refused', () => {
    const stack = smallStack();
    new Cloudtab(stack, 'First', {});
    expect(() => new Cloudtab(stack, 'Second', {})).toThrow(
      'root: got "Test", which another deployment in this stack has, wanted one of its own. Set the property root.',
    );
  });

  it('Constructs in different stacks of an app have the same outputs', () => {
    const app = new App();
    const [one, other] = ['One', 'Other'].map((name) => new Cloudtab(new Stack(app, name), 'Cloudtab', {}));
    expect(Object.keys(outputsOf(one as Cloudtab))).toEqual(Object.keys(outputsOf(other as Cloudtab)));
  });

  it('A construct in a nested stack needs a root', () => {
    const nested = () => new NestedStack(smallStack(), 'Nested');
    expect(() => new Cloudtab(nested(), 'Cloudtab', {})).toThrow(
      'root: got a value that is known only at deployment, wanted text. Set the property root.',
    );
    expect(new Cloudtab(nested(), 'Cloudtab', { root: 'shop' }).root).toBe('shop');
  });
});

describe('the parts of Cloudtab', () => {
  it('Methods and properties of the CDK change memory, tracing, alarms and permissions', () => {
    const cloudtab = cloudtabWith();
    const { runFunction, alarms, bus, timers, deadLetterQueue, metrics } = cloudtab;
    const lambda = runFunction.node.defaultChild as CfnFunction;
    lambda.memorySize = 2048;
    lambda.tracingConfig = { mode: 'Active' };
    alarms.failedRuns.addAlarmAction(new SnsAction(new Topic(cloudtab, 'Ops')));
    const template = templateOf(cloudtab);
    template.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 2048,
      TracingConfig: { Mode: 'Active' },
    });
    expect(template.findResources('AWS::CloudWatch::Alarm')[logicalId(alarms.failedRuns)]).toMatchObject({
      Properties: { AlarmActions: [{ Ref: expect.stringMatching(/^CloudtabOps/) }] },
    });
    for (const part of [bus, timers.group, timers.role, deadLetterQueue]) {
      expect(template.toJSON().Resources).toHaveProperty(logicalId(part));
    }
    expect(metrics.metric('FailedRuns').namespace).toBe('cloudtab/Test');
  });
});

describe('onFailure', () => {
  it('Each target receives failed runs with the cron, the reason and a link to the output', () => {
    const cloudtab = cloudtabWith();
    const [ops, team] = ['Ops', 'Team'].map((id) => new Topic(cloudtab, id)) as [Topic, Topic];
    const plain = cloudtab.onFailure(new SnsTopic(ops));
    const own = cloudtab.onFailure(
      new SnsTopic(team, { message: RuleTargetInput.fromText('A run failed.') }),
    );
    const rules = templateOf(cloudtab).findResources('AWS::Events::Rule');
    const { EventBusName, EventPattern, Targets } = rules[logicalId(plain)]?.Properties ?? {};
    expect(EventBusName).toEqual({ Ref: logicalId(cloudtab.bus) });
    expect(EventPattern).toEqual({
      source: ['cloudtab'],
      'detail-type': ['FinishedCronJob'],
      detail: { log: { status: ['FAILURE'] } },
    });
    const group = logicalId(cloudtab.runFunction.logGroup);
    const { InputPathsMap, InputTemplate } = Targets[0].InputTransformer;
    expect(Targets[0].Arn).toEqual({ Ref: logicalId(ops) });
    expect(Object.values(InputPathsMap)).toEqual(
      ['site', 'uid', 'plannedAt', 'log.messages', 'log.runId'].map((path) => `$.detail.${path}`),
    );
    const text = InputTemplate['Fn::Join'][1]
      .map((part: string | { Ref: string }) => (typeof part === 'string' ? part : `{${part.Ref}}`))
      .join('');
    expect(text).toBe(
      '{"cron":"<detail-site>/<detail-uid>","plannedAt":<detail-plannedAt>,"reason":<detail-log-messages>,' +
        '"output":"https://{AWS::Region}.console.aws.amazon.com/cloudwatch/home?region={AWS::Region}' +
        `#logsV2:log-groups/log-group/{${group}}/log-events${encodeFragment('?filterPattern=%22')}<detail-log-runId>$2522"}`,
    );
    expect(rules[logicalId(own)]?.Properties.Targets[0]).toMatchObject({ Input: '"A run failed."' });
  });
});

describe('grantView, grantOperate and grantEdit', () => {
  const cloudtab = cloudtabWith({
    sites: ['shop', 'blog'],
    access: [{ principal: '*', role: 'viewer', sites: ['blog'] }],
  });
  const roleNamed = (id: string) => new Role(cloudtab, id, { assumedBy: new AccountRootPrincipal() });
  const [ada, eve] = [roleNamed('Ada'), roleNamed('Eve')];
  const user = new User(cloudtab, 'User');
  cloudtab.grantView(ada);
  cloudtab.grantOperate(ada, ['shop']);
  cloudtab.grantEdit(user, ['shop', 'blog']);
  cloudtab.grantEdit(eve);
  const template = templateOf(cloudtab);
  const arnOf = (principal: IConstruct) => ({ 'Fn::GetAtt': [logicalId(principal), 'Arn'] });

  it('Each grant is in the list that setup writes, after those of the props', () => {
    const [deployment] = Object.values(template.findResources('Custom::CloudtabSetup'));
    expect(deployment?.Properties.access).toEqual([
      { principal: '*', role: 'viewer', sites: ['blog'] },
      { principal: arnOf(ada), role: 'viewer' },
      { principal: arnOf(ada), role: 'operator', sites: ['shop'] },
      { principal: arnOf(user), role: 'editor', sites: ['shop', 'blog'] },
      { principal: arnOf(eve), role: 'editor' },
    ]);
  });

  it('Each grantee may call the URL, and invoke the function through the URL alone', () => {
    const admin = '<CloudtabAdmin.Arn>';
    const permissions = [
      `lambda:InvokeFunction ${admin} if {"Bool":{"lambda:InvokedViaFunctionUrl":true}}`,
      `lambda:InvokeFunctionUrl ${admin} if {"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}}`,
    ];
    for (const role of [ada, eve]) expect(permissionsOf(role)).toEqual(permissions);
    template.hasResourceProperties('AWS::IAM::Policy', { Users: [{ Ref: logicalId(user) }] });
    template.allResourcesProperties('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com' });
  });

  it('No Lambda has the roles in its environment, and no Lambda but setup may write them', () => {
    for (const lambda of LAMBDAS) {
      const { role } = cloudtab[`${lambda}Function`];
      expect(JSON.stringify(environmentOf(cloudtab[`${lambda}Function`]))).not.toMatch(
        /viewer|editor|ACCESS/,
      );
      const denial = expect.stringMatching(/^Deny dynamodb:PutItem .*"dynamodb:LeadingKeys":\["#access",/);
      if (lambda !== 'setup') expect(permissionsOf(role)).toContainEqual(denial);
    }
  });

  it('A function as the grantee means its role', () => {
    const one = cloudtabWith();
    const runtime = { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('//') };
    const lambda = new Lambda(one, 'Bot', runtime);
    one.grantEdit(lambda);
    const [deployment] = Object.values(templateOf(one).findResources('Custom::CloudtabSetup'));
    expect(deployment?.Properties.access).toEqual([
      { principal: arnOf(lambda.role as IRole & IConstruct), role: 'editor' },
    ]);
  });

  it('A deployment without a grant gives setup an empty list, which replaces earlier ones', () => {
    const [deployment] = Object.values(templateOf(cloudtabWith()).findResources('Custom::CloudtabSetup'));
    expect(deployment?.Properties.access).toEqual([]);
  });
});

describe('the props of Cloudtab', () => {
  const retained = templateOf(cloudtabWith());
  const cloudtab = cloudtabWith({
    root: 'other',
    sites: ['shop'],
    timezone: 'Europe/Paris',
    limits: {
      '*': { allowedHosts: ['api.example.com'] },
      shop: { allowedFunctions: ['report'], allowedUsers: ['cron-reader'] },
    },
    events: 'failures',
    runConcurrency: 7,
    sweepEvery: Duration.minutes(1),
    resyncEvery: Duration.hours(2),
    recordRetention: Duration.days(400),
    cronMetrics: true,
    heartbeat: true,
    alarmTopics: [OPS],
    logRetention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const template = templateOf(cloudtab);

  it('The props reach the environment and the permissions of the Lambdas', () => {
    expect(environmentOf(cloudtab.setupFunction)).toMatchObject({
      CLOUDTAB_ROOT: 'other',
      CLOUDTAB_TIMEZONE: 'Europe/Paris',
    });
    template.hasResourceProperties('Custom::CloudtabSetup', { sites: ['shop'] });
    template.hasResourceProperties('Custom::CloudtabLimits', {
      limits:
        '{"*":{"allowedHosts":["api.example.com"]},"shop":{"allowedFunctions":["report"],"allowedUsers":["cron-reader"]}}',
    });
    expect(environmentOf(cloudtab.runFunction)).toMatchObject({
      CLOUDTAB_SWEEP_EVERY_SECONDS: '60',
      CLOUDTAB_CRON_METRICS: 'true',
    });
    expect(environmentOf(cloudtab.syncFunction)).toMatchObject({
      CLOUDTAB_CRON_METRICS: 'true',
      CLOUDTAB_HEARTBEAT: 'true',
    });
    for (const lambda of LAMBDAS)
      expect(environmentOf(cloudtab[`${lambda}Function`])).toMatchObject({
        CLOUDTAB_RETENTION_DAYS: '400',
        CLOUDTAB_EVENTS: 'failures',
      });
    expect(permissionsOf(cloudtab.runFunction.role)).toEqual(
      expect.arrayContaining([
        'lambda:InvokeFunction lambda:::function:report',
        'sts:AssumeRole iam:::role/cron-reader',
        'ssm:GetParameter ssm:::parameter/other-secrets/*',
      ]),
    );
  });

  it('The props reach the other resources that they configure', () => {
    for (const ScheduleExpression of ['rate(1 minute)', 'rate(2 hours)'])
      template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ detail: Match.objectLike({ name: [{ prefix: '/other/' }] }) }),
    });
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 7 });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Invocations', Period: 180 });
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [OPS] });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    retained.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });

  it('The removal policy decides whether the table and the logs are deleted with the stack', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::Logs::LogGroup']) {
      template.allResources(type, { DeletionPolicy: 'Delete' });
      // A first deployment that fails leaves none behind.
      retained.allResources(type, { DeletionPolicy: 'RetainExceptOnCreate' });
    }
  });
});

describe('a deployment with a key and a table of the user', () => {
  it('The key encrypts the table, each log group, the queue and the bus, and cdk-nag finds no violation', () => {
    const stack = smallStack();
    const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
    const cloudtab = new Cloudtab(stack, 'Cloudtab', { encryptionKey });
    cloudtab.grantEdit(new Role(stack, 'Editor', { assumedBy: new AccountRootPrincipal() }));
    const template = templateOf(cloudtab);
    const key = { 'Fn::GetAtt': [logicalId(encryptionKey), 'Arn'] };
    template.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: key } });
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: key });
    template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: key });
    template.hasResourceProperties('AWS::Events::EventBus', { KmsKeyIdentifier: key });
    const roles = [...LAMBDAS.map((lambda) => cloudtab[`${lambda}Function`].role), cloudtab.timers.role];
    for (const role of roles) {
      expect(permissionsOf(role)).toContain('kms:Decrypt <Key.Arn>');
      expect(permissionsOf(role)).toContain('kms:GenerateDataKey* <Key.Arn>');
    }
    const [{ Properties } = { Properties: undefined }] = Object.values(
      template.findResources('AWS::KMS::Key'),
    );
    const services = Properties?.KeyPolicy.Statement.flatMap(
      ({ Principal }: { Principal: { Service?: unknown } }) => Principal.Service ?? [],
    );
    expect(services).toContain('events.amazonaws.com');
    expect(JSON.stringify(services)).toContain('"logs."');
    const { violations } = new AwsSolutionsChecks(stack).validateScope(stack);
    expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
  });

  it('A deployment reads and writes the existing table, and follows its stream', () => {
    const tableArn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Kept';
    const tableStreamArn = `${tableArn}/stream/2026-01-05T12:00:00.000`;
    const cloudtab = cloudtabWith({ tableStreamArn });
    const template = templateOf(cloudtab);
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    template.hasOutput(OUTPUTS.tableName, { Value: 'Kept' });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: tableStreamArn });
    expect(environmentOf(cloudtab.runFunction)).toMatchObject({ CLOUDTAB_TABLE_NAME: 'Kept' });
    expect(permissionsOf(cloudtab.syncFunction.role)).toEqual(
      expect.arrayContaining([
        `dynamodb:PutItem ${tableArn}`,
        `dynamodb:Query ${tableArn}/index/activity`,
        `dynamodb:GetRecords ${tableStreamArn}`,
      ]),
    );
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
    expect(permissionsOf(cloudtab.setupFunction.role)).toContain(
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
