/** The rights of a caller. */
import { type Caller, type Role, roleAt } from '../../core/domain/access.ts';

export interface Rights {
  readonly name?: string;
  /** The role for all sites; absent if there is none. */
  readonly role?: Role;
  /** The roles for single sites that are higher; sorted. */
  readonly sites: readonly { readonly site: string; readonly role: Role }[];
}

export function rightsOf(who: Caller): Rights {
  const { name, grants } = who;
  const ofAll = grants?.filter(({ sites }) => sites === undefined);
  const role = roleAt({ ...(ofAll && { grants: ofAll }) }, '');
  const named = [...new Set(grants?.flatMap(({ sites = [] }) => sites))].sort();
  const sites = named.flatMap((site) => {
    const there = roleAt(who, site);
    return there === undefined || there === role ? [] : { site, role: there };
  });
  return { ...(name !== undefined && { name }), ...(role !== undefined && { role }), sites };
}
