/** What runners may reach, as it is written and published. lib/runners/limits.ts has what follows from it. */

/** What one site may reach. */
export interface SiteLimits {
  /**
   * Hosts that `http` may call: `api.example.com`, `*.example.com` (any name below), `api.example.com:8443`,
   * `localhost:*` (any port), `http://old.example.com` (not encrypted), `*` (any host, encrypted), `10.0.0.0/8` (addresses).
   * Addresses that are not public have to be named: `*` does not allow them. Default: none.
   */
  readonly allowedHosts?: readonly string[];
  /** Functions that `lambda:<function>` may invoke: names, ARNs, or prefixes such as `reports-*`. Default: none. */
  readonly allowedFunctions?: readonly string[];
  /**
   * The users that runners may act as, as in the field `user` (a role's name or ARN), or prefixes such as `cron-*`. Default:
   * none.
   */
  readonly allowedUsers?: readonly string[];
  /** Whether `command` may run programs. Default: false. */
  readonly allowCommands?: boolean;
}

/** The limits by site; those of `*` hold for all sites. */
export type LimitsBySite = Readonly<Record<string, SiteLimits>>;
