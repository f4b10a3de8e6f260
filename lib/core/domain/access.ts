/** Who may do what: roles, and the principals that have them. */

/** From the least to the most: each role may do what those before it may. */
export const ROLES = ['viewer', 'operator', 'editor'] as const;
export type Role = (typeof ROLES)[number];

export interface Grant {
  /** The ARN of an IAM role or user; `*` for every principal that may call the URL. */
  readonly principal: string;
  readonly role: Role;
  /** The sites that it is for. Absent: all sites. */
  readonly sites?: readonly string[];
}

/** A caller of operations. */
export interface Caller {
  /** The name in the history and in the log; absent if unknown. */
  readonly name?: string;
  /** Absent: an editor of all sites. */
  readonly grants?: readonly Grant[];
}

/**
 * The caller with this ARN. Without any grant in the deployment, every caller is an editor of all sites.
 */
export function callerOf(arn: string | undefined, all: readonly Grant[]): Caller {
  const name = arn === undefined ? {} : { name: arn };
  if (all.length === 0) return name;
  const canonical = arn === undefined ? undefined : canonicalPrincipal(arn);
  const grants = all.filter(
    ({ principal }) =>
      principal === '*' || (canonical !== undefined && canonicalPrincipal(principal) === canonical),
  );
  return { ...name, grants };
}

/** The highest role of the caller at a site; undefined if it has none. */
export function roleAt({ grants }: Caller, site: string): Role | undefined {
  return highest(grants, (grant) => grant.sites === undefined || grant.sites.includes(site));
}

/** The highest role of the caller at any site; undefined if it has none. */
export function roleAnywhere({ grants }: Caller): Role | undefined {
  return highest(grants, () => true);
}

/** Whether a role may do what needs this one. */
export function suffices(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

function highest(grants: readonly Grant[] | undefined, holds: (grant: Grant) => boolean): Role | undefined {
  if (!grants) return 'editor';
  const roles = grants.filter(holds).map(({ role }) => role);
  return ROLES.findLast((role) => roles.includes(role));
}

const SESSION = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/.+$/;
const ROLE = /^arn:([^:]+):iam::(\d{12}):role\/(?:.+\/)?([^/]+)$/;

/**
 * A role without its path and a session as its role: the ARN of a session has no path, and the names of roles are unique in
 * an account. Any other ARN stays as it is.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
function canonicalPrincipal(arn: string): string {
  const [, partition, account, name] = SESSION.exec(arn) ?? ROLE.exec(arn) ?? [];
  return name === undefined ? arn : `arn:${partition}:iam::${account}:role/${name}`;
}
