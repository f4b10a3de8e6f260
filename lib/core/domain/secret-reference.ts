/** A reference to a secret in an environ. environ.ts validates references. */
import type { Json } from './cron.ts';
import { isJsonObject } from './json-object.ts';
import { SECRET_NAME } from './names.ts';

/** A reference to the site's secret of that name, allowed in an environ wherever a string is. */
type SecretReference = { readonly $secret: string };

/** Whether the value is a well-formed reference. */
export function isSecretReference(value: unknown): value is SecretReference {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return false;
  return typeof value.$secret === 'string' && SECRET_NAME.test(value.$secret);
}

/** The names of the secrets to which the value refers, in its order. A name can be repeated. */
export function referencedSecrets(value: Json): string[] {
  if (isSecretReference(value)) return [value.$secret];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(referencedSecrets) : [];
}
