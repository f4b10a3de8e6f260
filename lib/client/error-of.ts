/** The errors of operations that another process did. */
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
import type { Problem } from '../core/domain/problem.ts';

/** The body of a refusal. */
export interface ErrorJson {
  readonly code: string;
  readonly detail: string;
  readonly problems?: readonly Problem[];
  readonly changes?: readonly FieldChange[];
  readonly tag?: string;
}

const OF_CODE: Readonly<Record<string, new (message: string) => CloudtabError>> = {
  'not-found': NotFoundError,
  conflict: ConflictError,
  forbidden: ForbiddenError,
  throttled: ThrottledError,
  timeout: TimeoutError,
  unavailable: UnavailableError,
  configuration: ConfigurationError,
};

/** The error as the operation threw it for that site and that uid. `outdated` follows the message about an operation that is unknown there. */
export function errorOf(
  { code, detail, problems = [], changes = [], tag = '' }: ErrorJson,
  { site, uid }: { readonly site: string; readonly uid: string },
  outdated: string,
): CloudtabError {
  switch (code) {
    case 'invalid':
      return new InvalidError(Array.isArray(problems) ? problems : []);
    case 'read-only':
      return new ReadOnlyError(site);
    case 'already-exists':
      return new AlreadyExistsError(site, uid);
    case 'version-conflict':
      return new VersionConflictError(detail, tag, changes);
    case 'unknown-operation':
      return new ConfigurationError(`${detail} ${outdated}`);
    default:
      // Any text may have come as the code, also the name of what every object has.
      return new ((Object.hasOwn(OF_CODE, code) && OF_CODE[code]) || CloudtabError)(String(detail));
  }
}
