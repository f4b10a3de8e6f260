/** The permissions on a KMS key of a user with which a deployment encrypts its table, logs, queue and bus. */
import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** The wildcards of the CDK's grantEncryptDecrypt, in the notation of cdk-nag. */
const WILDCARD_ACTIONS = ['kms:GenerateDataKey*', 'kms:ReEncrypt*'];

/** Lets the role use the key. */
export function grantKey(key: IKey, role: Role): void {
  key.grantEncryptDecrypt(role);
  for (const action of WILDCARD_ACTIONS) {
    const reason = 'DynamoDB and SQS need each variant of this action, on this one key.';
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Action::${action}]`, reason });
  }
}

/**
 * Lets CloudWatch Logs encrypt log groups of the account, and EventBridge send dead letters of its rules. The CDK adds the
 * permissions of the bus. The policy of an imported key does not change: its owner grants the same.
 */
export function grantKeyToServices(key: IKey, scope: Construct): void {
  const { region, account } = Stack.of(scope);
  const logGroups = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  );
}
