/** What a deployment or a folder allows its runners: hosts, functions, users, programs. Default of a deployment: nothing. */

export interface RunnerLimits {
  /**
   * Hosts that `http` may call: `api.example.com`, `*.example.com` (any name below), `api.example.com:8443`,
   * `localhost:*` (any port), `http://old.example.com` (not encrypted), `*` (any host, encrypted), `10.0.0.0/8` (addresses).
   * Addresses that are not public have to be named: `*` does not allow them.
   */
  readonly allowedHosts: readonly string[];
  /** Functions that `lambda:<function>` may invoke: names, ARNs, or prefixes such as `reports-*`. */
  readonly allowedFunctions: readonly string[];
  /** The users that runners may act as, as in the field `user` (a role's name or ARN), or prefixes such as `cron-*`. */
  readonly allowedUsers: readonly string[];
  /** Whether `command` may run programs. Default: false. */
  readonly allowCommands?: boolean;
  /** The folder whose limits these are, so that messages name its command; absent for a deployment. */
  readonly folder?: string;
}

/** Why this target runs no commands, and the fix; undefined when it runs them. */
export function commandsRefusal({ allowCommands, folder }: RunnerLimits): string | undefined {
  if (allowCommands) return undefined;
  return folder === undefined
    ? 'This deployment runs no commands. Set allowCommands: true, or -c allowCommands=true, and deploy again.'
    : `The folder ${folder} belongs to another user, and commands run for the owner of the folder alone. Run cloudtab as that user, or give the folder to this one with chown.`;
}

/** Whether the list has the name, or a prefix of it that ends in `*`. */
export function isListed(name: string, list: readonly string[]): boolean {
  return list.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry));
}

/** The list as text for a message. */
export function listed(list: readonly string[]): string {
  return list.length === 0 ? 'none' : list.join(', ');
}
