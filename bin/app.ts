/**
 * The CDK app: a stack with one deployment of cloudtab. The options come from the context of CDK and are all optional:
 *
 *     cdk deploy -c stack=Cloudtab -c root=cloudtab -c sites=default,shop -c timezone=Europe/Paris \
 *       -c 'limits={"*": {"allowedHosts": ["api.example.com"]}, "shop": {"allowedFunctions": ["reports-*"]}}' \
 *       -c alarmTopics=arn:aws:sns:eu-west-1:123456789012:ops -c events=failures -c heartbeat=true -c cronMetrics=true -c data=destroy \
 *       -c tableStreamArn=arn:aws:dynamodb:eu-west-1:123456789012:table/NAME/stream/LABEL
 *
 * Profiles are read from the folder `profiles` (or `-c profiles=…`): `profiles/shop.yaml` for the site `shop`. Commas
 * separate the items of lists. The roles, `access`, are a list in the context of `cdk.json`. `data=destroy` deletes the table
 * and the logs with the stack; the default is to keep them.
 * lib/deploy/constructs/cloudtab-props.ts documents each option, and further ones for CDK apps of users.
 */
import { App, RemovalPolicy } from 'aws-cdk-lib';
import { readJsonText } from '../lib/core/domain/json-text.ts';
import type { CloudtabProps } from '../lib/deploy/constructs/cloudtab-props.ts';
import { CloudtabStack } from '../lib/deploy/constructs/cloudtab-stack.ts';
import { profilesIn } from '../lib/deploy/constructs/profile-files.ts';

const app = new App();

function text(name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  return value === undefined || value === '' ? undefined : String(value);
}

function list(name: string): string[] | undefined {
  return text(name)
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A value of `cdk.json`, or the JSON of an option. Other text is left to the construct, which refuses it. */
function json(name: string) {
  const value = app.node.tryGetContext(name);
  if (typeof value !== 'string') return value ?? undefined;
  return readJsonText(value).value ?? value;
}

new CloudtabStack(app, text('stack') ?? 'Cloudtab', {
  root: text('root'),
  sites: list('sites'),
  profiles: profilesIn(text('profiles') ?? 'profiles'),
  timezone: text('timezone'),
  // The construct validates them.
  limits: json('limits'),
  access: app.node.tryGetContext('access'),
  alarmTopics: list('alarmTopics'),
  cronMetrics: text('cronMetrics') === 'true',
  heartbeat: text('heartbeat') === 'true',
  tableStreamArn: text('tableStreamArn'),
  // The construct validates it.
  events: text('events') as CloudtabProps['events'],
  removalPolicy: text('data') === 'destroy' ? RemovalPolicy.DESTROY : undefined,
});
