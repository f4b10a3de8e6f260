/**
 * The names of sites, uids, parameters and timers, and their conversion.
 * The lengths are chosen so that `<site>.<uid>.<epoch seconds>` fits the 64 characters of a schedule's name.
 */

export const SITE = /^[a-z0-9-]{1,16}$/;

/** What SITE accepts, for messages. */
export const SITE_RULE = '1 to 16 lower-case letters, digits and dashes';

/** A cron's uid: letters, digits, underscores and dashes, at most 36 (a UUID fits). */
export const UID = /^[A-Za-z0-9_-]{1,36}$/;

export const SECRET_NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$/;

/** What SECRET_NAME accepts, for messages. */
export const SECRET_NAME_RULE = '1 to 64 letters, digits, "_", "-" and "." (not as the first)';

/** In the place of a site, where a deployment or a folder keeps a secret of its own. No site has this name. */
export const OWN_SECRETS = '_deployment';

/** The only one: the URL that sweeps request. */
export const HEARTBEAT_SECRET = 'heartbeat';

const SECRETS_SUFFIX = '-secrets';

/** The site of a deployment that names none. */
export const DEFAULT_SITE = 'default';

/** Identifies a parameter: the settings of a site's crontab or, with a uid, one of its crons. */
export interface ParameterKey {
  readonly site: string;
  readonly uid?: string;
}

/** A timer: one planned time of one cron. `plannedAt` is in epoch milliseconds, on a whole second. */
export interface Timer {
  readonly site: string;
  readonly uid: string;
  readonly plannedAt: number;
}

/** The key in words, to begin a sentence: `The cron "backup" of "shop"`. */
export function describeKey({ site, uid }: ParameterKey): string {
  return uid === undefined ? `The crontab of "${site}"` : `The cron "${uid}" of "${site}"`;
}

/** `/<root>/<site>/crontab` or `/<root>/<site>/crons/<uid>`. */
export function parameterName(root: string, { site, uid }: ParameterKey): string {
  return uid === undefined ? `/${root}/${site}/crontab` : `/${root}/${site}/crons/${uid}`;
}

/**
 * The first level of the names of the parameters with secrets, `/<root>-secrets/<site>/<name>`: a role that may read
 * everything below the root reads no secret.
 */
export function secretsRoot(root: string): string {
  return `${root}${SECRETS_SUFFIX}`;
}

/** Whether the root might be that of the secrets of another deployment. */
export function isSecretsRoot(root: string): boolean {
  return root.toLowerCase().endsWith(SECRETS_SUFFIX);
}

/**
 * The key of the parameter of that name; nothing if the name has another form. Site and uid are returned as written and
 * may be invalid.
 */
export function parseParameterName(root: string, name: string): ParameterKey | undefined {
  const parts = name.split('/');
  if (parts[0] !== '' || parts[1] !== root) return undefined;
  const [, , site, kind, uid] = parts;
  if (!site) return undefined;
  if (parts.length === 4 && kind === 'crontab') return { site };
  if (parts.length === 5 && kind === 'crons' && uid) return { site, uid };
  return undefined;
}

/** The timer's name, the same for the same planned time, so that creating it again has no effect. */
export function timerName({ site, uid, plannedAt }: Timer): string {
  return `${site}.${uid}.${Math.floor(plannedAt / 1000)}`;
}

/** The timer of that name; nothing if the name is not a timer's. */
export function parseTimerName(name: string): Timer | undefined {
  const [site = '', uid = '', seconds = '', ...more] = name.split('.');
  const isTimer = SITE.test(site) && UID.test(uid) && /^\d{1,10}$/.test(seconds) && more.length === 0;
  return isTimer ? { site, uid, plannedAt: Number(seconds) * 1000 } : undefined;
}
