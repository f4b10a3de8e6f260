/** What a Lambda may do, said so that each wildcard stands next to the reason why no name can stand there. */
import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';

export interface Permission {
  readonly actions: readonly string[];
  /** ARNs. */
  readonly resources: readonly string[];
  /** Why a resource has a wildcard. Default: none has. */
  readonly wildcard?: string;
  /** Conditions of the statement. Default: none. */
  readonly conditions?: { readonly [operator: string]: { readonly [key: string]: string } };
}

/** Lets the role do that, and tells cdk-nag the reason of a wildcard. */
export function permit(role: Role, { actions, resources, wildcard, conditions }: Permission): void {
  role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
  if (wildcard === undefined) return;
  for (const resource of resources) {
    const text = flat(Stack.of(role).resolve(resource));
    if (!text.includes('*')) continue;
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${text}]`, reason: wildcard });
  }
}

/** A resolved ARN as cdk-nag names it: references are `<LogicalId>` or `<LogicalId.Attribute>`. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[kind, content] = ['', []]] = Object.entries(value ?? {});
  if (kind === 'Ref') return `<${content}>`;
  if (kind === 'Fn::GetAtt') return `<${content.join('.')}>`;
  const [, parts] = content;
  return parts.map(flat).join('');
}
