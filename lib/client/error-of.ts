/** The errors of operations that another process did. */

import type { Json, JsonObject } from '../core/domain/cron.ts';
import {
  AlreadyExistsError,
  CloudtabError,
  ConfigurationError,
  ConflictError,
  type FieldChange,
  ForbiddenError,
  InvalidError,
  NotFoundError,
  ReadOnlyError,
  ThrottledError,
  TimeoutError,
  UnavailableError,
  VersionConflictError,
} from '../core/domain/errors.ts';
import { isJsonObject } from '../core/domain/json-object.ts';
import type { Problem } from '../core/domain/problem.ts';

const OF_CODE: Readonly<Record<string, new (message: string) => CloudtabError>> = {
  'not-found': NotFoundError,
  conflict: ConflictError,
  forbidden: ForbiddenError,
  throttled: ThrottledError,
  timeout: TimeoutError,
  unavailable: UnavailableError,
  configuration: ConfigurationError,
};

/**
 * The error as the operation threw it for that site and that uid, from the body of its refusal; nothing if that is none.
 * `outdated` follows the message about an operation that is unknown there. A proxy may have sent the body, so each field is
 * read as what it is.
 */
export function errorOf(
  refusal: JsonObject,
  { site, uid }: { readonly site: string; readonly uid: string },
  outdated: string,
): CloudtabError | undefined {
  const { code } = refusal;
  if (code === undefined) return undefined;
  const detail = textOf(refusal.detail);
  switch (code) {
    case 'invalid':
      return new InvalidError(objectsIn(refusal.problems).map(problemOf));
    case 'read-only':
      return new ReadOnlyError(site);
    case 'already-exists':
      return new AlreadyExistsError(site, uid);
    case 'version-conflict':
      return new VersionConflictError(detail, textOf(refusal.tag), objectsIn(refusal.changes).map(changeOf));
    case 'unknown-operation':
      return new ConfigurationError(`${detail} ${outdated}`);
    default:
      // Any text may have come as the code, also the name of what every object has.
      return new ((Object.hasOwn(OF_CODE, textOf(code)) && OF_CODE[textOf(code)]) || CloudtabError)(detail);
  }
}

function problemOf({ where, got, wanted, fix }: JsonObject): Problem {
  return { where: textOf(where), got: textOf(got), wanted: textOf(wanted), fix: textOf(fix) };
}

/** An older deployment does not say the kind. */
function changeOf({ field, kind, was, is }: JsonObject): FieldChange {
  return {
    field: textOf(field),
    kind: kind === 'set' || kind === 'removed' ? kind : 'changed',
    ...(was !== undefined && { was }),
    ...(is !== undefined && { is }),
  };
}

function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
