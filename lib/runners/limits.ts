/** What a deployment allows its runners to reach. Nothing, unless it says so. */

export interface RunnerLimits {
  /**
   * Hosts that `http` may call: `api.example.com`, `*.example.com` (any name below), `api.example.com:8443`,
   * `localhost:*` (any port), `http://old.example.com` (not encrypted), `*` (any host, encrypted).
   */
  readonly allowedHosts: readonly string[];
  /** Functions that `lambda:<function>` may invoke: names, ARNs, or beginnings such as `reports-*`. */
  readonly allowedFunctions: readonly string[];
  /** Whom runners may act as: users as crons write them (a role's name or ARN), or beginnings such as `cron-*`. */
  readonly allowedUsers: readonly string[];
}

/** Whether the name is listed, or begins as one that ends in `*`. */
export function isListed(name: string, list: readonly string[]): boolean {
  return list.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry));
}

/** The list as it stands in a message. */
export function listed(list: readonly string[]): string {
  return list.length === 0 ? 'none' : list.join(', ');
}
