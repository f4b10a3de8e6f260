// cspell:ignore passw
/** Finds secrets that are written into an environ, where everyone who may see the cron reads them. */
import type { Json, JsonObject } from './cron.ts';
import { isJsonObject } from './json-object.ts';
import { secretCommand } from './secret.ts';
import { isSecretReference } from './secret-reference.ts';

/** The names of headers, variables and parameters whose values are secrets. */
const NAME =
  /(?:authorization|cookie|token|passw(?:or)?d|passphrase|secret|api[-_]?key|access[-_]?key|private[-_]?key)$/i;

/** A text that contains the value of such a header. */
const HEADER = /\b(?:bearer|basic)\s+[\w+/.~-]{8}/i;

/** What takes the place of a text that is hidden. */
const HIDDEN = '(hidden)';

interface ClearSecret {
  /** Such as `environ.headers.authorization`. */
  readonly where: string;
  /** A name for the secret. */
  readonly name: string;
}

/** What is in clear text, and how to make a secret of it at that site, without its value. */
export function clearSecretFindings(environ: JsonObject, site: string, option?: string) {
  return clearSecrets(environ, ['environ']).map(({ where, name }) => ({
    what: `${where} is in clear text, where everyone who may see the cron reads it.`,
    fix: `Run: ${secretCommand(site, name, option)}, and write {"$secret": "${name}"} in its place.`,
  }));
}

/** The same as sentences. */
export function clearSecretWarnings(environ: JsonObject, site: string, option?: string): string[] {
  return clearSecretFindings(environ, site, option).map(({ what, fix }) => `${what} ${fix}`);
}

/** The value of that setting, such as `environ.headers`, with HIDDEN in place of each secret in clear text. */
export function hideClearSecrets(value: Json, setting: string): Json {
  if (typeof value === 'string') return isClearSecret(value, [setting]) ? HIDDEN : value;
  if (Array.isArray(value)) return value.map((item) => hideClearSecrets(item, ''));
  if (!isJsonObject(value) || isSecretReference(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hideClearSecrets(item, key)]));
}

function clearSecrets(value: Json, path: readonly string[]): ClearSecret[] {
  if (typeof value === 'string') return isClearSecret(value, path) ? [found(path)] : [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => clearSecrets(item, [...path, String(index)]));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === '$secret' ? [] : clearSecrets(item, [...path, key]),
  );
}

function isClearSecret(text: string, path: readonly string[]): boolean {
  if (text === '') return false;
  return NAME.test(String(path.at(-1))) || HEADER.test(text) || hasSecretInUrl(text);
}

/** A password before the host, or a parameter of such a name. */
function hasSecretInUrl(text: string): boolean {
  if (!/^[a-z][a-z+.-]*:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { password, searchParams } = new URL(text);
  return password !== '' || [...searchParams].some(([name, value]) => NAME.test(name) && value !== '');
}

/** The last name of the path, in the characters that a secret's name may have. */
function found(path: readonly string[]): ClearSecret {
  const last = path.findLast((name) => !/^\d+$/.test(name));
  const name = String(last)
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, 64);
  return { where: path.join('.'), name };
}
