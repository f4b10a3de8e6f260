/** Permissions of roles, with the reason of each wildcard beside it. */
import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';

export interface Permission {
  /** For example `['ssm:GetParameter']`. */
  readonly actions: readonly string[];
  /** ARNs, for example `[table.tableArn]`. */
  readonly resources: readonly string[];
  /** Why a resource has a wildcard; required for those that have one. */
  readonly wildcard?: string;
  /** For example `{ StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } }`. Default: none. */
  readonly conditions?: { readonly [operator: string]: { readonly [key: string]: string } };
  /** Keeps the statement apart from others, for example `Functions1`. Default: the CDK may merge it. */
  readonly sid?: string | undefined;
}

/** Adds the permission to the role, and acknowledges its wildcards to cdk-nag with their reason. */
export function allow(role: Role, { actions, resources, wildcard, conditions, sid }: Permission): void {
  role.addToPolicy(
    new PolicyStatement({ actions: [...actions], resources: [...resources], conditions, sid }),
  );
  if (wildcard === undefined) return;
  for (const resource of resources) {
    const text = flat(Stack.of(role).resolve(resource));
    if (!text.includes('*')) continue;
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${text}]`, reason: wildcard });
  }
}

/** A resolved ARN in the notation of cdk-nag: references are `<LogicalId>` or `<LogicalId.Attribute>`. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[kind, content] = ['', []]] = Object.entries(value ?? {});
  if (kind === 'Ref') return `<${content}>`;
  if (kind === 'Fn::GetAtt') return `<${content.join('.')}>`;
  const [, parts] = content;
  return parts.map(flat).join('');
}
