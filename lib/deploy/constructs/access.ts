/** Who may do what through the URL of a deployment: the grants of its props and those that an app adds later. */
import { Annotations, Token } from 'aws-cdk-lib';
import type { IGrantable, IRole, IUser } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Grant, Role } from '../../core/domain/access.ts';
import { attempt, ConfigurationError } from '../../core/domain/errors.ts';
import { loadGrants } from '../../core/domain/grant-schema.ts';
import { didYouMean } from '../../core/domain/nearest.ts';
import { formatProblem } from '../../core/domain/problem.ts';

/** Gives a role to a principal, which must have the permission to call the URL. */
export interface AccessGrant {
  /** An IAM role or user, or its ARN. `*`: every principal that may call the URL. */
  readonly principal: IRole | IUser | string;
  /** `viewer` sees, `operator` also runs and switches, `editor` also changes. */
  readonly role: Role;
  /** The sites that it is for. Default: all sites. */
  readonly sites?: readonly string[];
}

export interface AccessProps {
  readonly grants: readonly AccessGrant[];
  /** The sites that the deployment makes, for example `['default', 'shop']`. */
  readonly sites: readonly string[];
}

export class Access extends Construct {
  readonly #grants: AccessGrant[] = [];
  readonly #sites: readonly string[];

  constructor(scope: Construct, id: string, { grants, sites }: AccessProps) {
    super(scope, id);
    this.#sites = sites;
    for (const grant of grants) this.add(grant);
    this.node.addValidation({ validate: () => this.#problems() });
  }

  /** Adds a grant. Throws ConfigurationError if it is invalid; warns of a site that the deployment does not make. */
  add(grant: AccessGrant): void {
    const problems = accessProblems([grant]);
    if (problems.length > 0) throw new ConfigurationError(problems.join(' '));
    this.#grants.push(grant);
    for (const site of grant.sites ?? []) {
      if (this.#sites.includes(site)) continue;
      const fix = didYouMean(site, this.#sites, 'Add it to the property sites if it has no crontab yet.');
      Annotations.of(this).addWarningV2(
        'cloudtab:access',
        `A role is given at the site "${site}", which this deployment does not make. ${fix}`,
      );
    }
  }

  /** The grants so far. During synthesis these are all. */
  get grants(): readonly Grant[] {
    return this.#grants.map(plain);
  }

  #problems(): string[] {
    if (this.#grants.length === 0 || this.#grants.some(({ role }) => role === 'editor')) return [];
    return [
      'access: got roles without an editor, wanted one at least: once a principal has a role, those without one are refused. ' +
        'Call grantEdit, or add a grant such as { principal: adminRole, role: "editor" } to the property access.',
    ];
  }
}

/** The problems of grants from the props of a deployment, in a line each. The compiler does not check JavaScript and context. */
export function accessProblems(grants: readonly AccessGrant[]): string[] {
  const known = Array.isArray(grants) ? grants.map((grant) => withKnownPrincipal(plain(grant))) : grants;
  return attempt(() => loadGrants(known)).problems.map(formatProblem);
}

/** An ARN that only the deployment knows is validated by setup. */
function withKnownPrincipal(grant: Grant): Grant {
  return Token.isUnresolved(grant.principal) ? { ...grant, principal: '*' } : grant;
}

/**
 * The ARN of the role or user that receives permissions of the grantee: of a function, its role. Throws ConfigurationError
 * if that is a principal of another kind.
 */
export function principalOf({ grantPrincipal }: IGrantable): string {
  const arn = arnOf(grantPrincipal);
  if (arn !== undefined) return arn;
  throw new ConfigurationError(
    `access: got ${grantPrincipal}, wanted an IAM role or user. ` +
      'A group, an account and a service cannot have a role of cloudtab: give it to an IAM role that they assume.',
  );
}

function arnOf(principal: object): string | undefined {
  if ('roleArn' in principal) return String(principal.roleArn);
  if ('userArn' in principal) return String(principal.userArn);
  return undefined;
}

function plain(grant: AccessGrant): Grant {
  const { principal } = grant;
  if (typeof principal === 'object') return { ...grant, principal: arnOf(principal) ?? String(principal) };
  return grant as Grant;
}
