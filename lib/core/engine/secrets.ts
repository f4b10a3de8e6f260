/** Replaces the references to secrets in an environ with their values for a run. domain/environ.ts validates references. */
import type { Json, JsonObject } from '../domain/cron.ts';
import { ConfigurationError } from '../domain/errors.ts';
import { isJsonObject } from '../domain/json-object.ts';
import { MIN_SECRET_CHARACTERS } from '../domain/secret.ts';
import { isSecretReference, referencedSecrets } from '../domain/secret-reference.ts';
import type { Secrets } from '../ports/secrets.ts';

/** An environ without references, and the values that replaced them. */
export interface Resolved {
  readonly environ: JsonObject;
  /** Never to be shown. Each once, in the order of the references. */
  readonly values: readonly string[];
  /** The names of those that are so short that output can reveal them by trial. */
  readonly short: readonly string[];
}

/**
 * Reads each secret that the environ refers to, once, and replaces the references with it.
 * Throws a ConfigurationError that names every secret that is missing, and where to put it.
 */
export async function resolveSecrets(environ: JsonObject, site: string, secrets: Secrets): Promise<Resolved> {
  const names = [...new Set(referencedSecrets(environ))];
  const found = await Promise.all(names.map(async (name) => [name, await secrets.read(site, name)] as const));
  const missing = found.filter(([, value]) => value === undefined).map(([name]) => name);
  if (missing.length > 0) {
    throw new ConfigurationError(missing.map((name) => missingText(site, name, secrets)).join('\n'));
  }
  const values = new Map(found.map(([name, value = '']) => [name, value]));
  const short = names.filter((name) => (values.get(name) as string).length < MIN_SECRET_CHARACTERS);
  const entries = Object.entries(environ).map(([key, value]) => [key, replaced(value, values)] as const);
  return { environ: Object.fromEntries(entries), values: [...new Set(values.values())], short };
}

function missingText(site: string, name: string, secrets: Secrets): string {
  return `The site "${site}" has no secret "${name}". Put it into ${secrets.location(site, name)}.`;
}

function replaced(value: Json, values: ReadonlyMap<string, string>): Json {
  if (isSecretReference(value)) return values.get(value.$secret) as string;
  if (Array.isArray(value)) return value.map((item: Json) => replaced(item, values));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, values)]));
}
