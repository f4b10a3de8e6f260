/** A reference to a secret in an environ. environ.ts validates references. */
import { isJsonObject } from './json-object.ts';
import { SECRET_NAME } from './names.ts';

/** A reference to the site's secret of that name, allowed in an environ wherever a string is. */
type SecretReference = { readonly $secret: string };

/** Whether the value is a well-formed reference. */
export function isSecretReference(value: unknown): value is SecretReference {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return false;
  return typeof value.$secret === 'string' && SECRET_NAME.test(value.$secret);
}
