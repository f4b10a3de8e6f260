/**
 * The errors that cloudtab throws on purpose, and how each is reported outside the process. Any other error is a defect or
 * comes from outside; an adapter translates the latter once. Errors about an HTTP request itself are in surfaces/web.
 */
import type { Json } from './cron.ts';
import { describeKey } from './names.ts';
import { formatProblem, type Problem } from './problem.ts';

/** The root of the family: `instanceof CloudtabError` separates an expected failure from a defect. */
export class CloudtabError extends Error {
  override readonly name: string = 'CloudtabError';
}

/** Text or data that a user wrote is not valid. Carries every problem found, not only the first. */
export class InvalidError extends CloudtabError {
  override readonly name = 'InvalidError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** The period of a forecast is empty, too long, or has too many planned times. */
export class PeriodError extends CloudtabError {
  override readonly name = 'PeriodError';
}

/** A request names something that does not exist. */
export class NotFoundError extends CloudtabError {
  override readonly name = 'NotFoundError';
}

/** A valid request does not fit the current state, so nothing was changed. */
export class ConflictError extends CloudtabError {
  override readonly name: string = 'ConflictError';
}

/** The caller lacks the role that the operation needs. */
export class ForbiddenError extends CloudtabError {
  override readonly name = 'ForbiddenError';
}

export class ReadOnlyError extends ConflictError {
  override readonly name = 'ReadOnlyError';

  constructor(site: string) {
    super(`${describeKey({ site })} is read only, so nothing was changed. Switch "readOnly" off first.`);
  }
}

/** A cron with that uid exists. */
export class AlreadyExistsError extends ConflictError {
  override readonly name = 'AlreadyExistsError';

  constructor(site: string, uid: string) {
    super(`${describeKey({ site })} has a cron "${uid}" already. Choose another uid, or edit that one.`);
  }
}

/** One field that differs between two versions of a parameter. */
export interface FieldChange {
  /** Path of the field, such as `periodicity` or `environ.url`. */
  readonly field: string;
  readonly kind: 'set' | 'changed' | 'removed';
  /** Absent if the field was not set, and for environ and unknown fields, which may hold secrets. */
  readonly was?: Json;
  /** Absent if the field is no longer set, and for environ and unknown fields. */
  readonly is?: Json;
}

/** The parameter changed after the version that the edit is based on. */
export class VersionConflictError extends ConflictError {
  override readonly name = 'VersionConflictError';
  /** Identifies the current version. */
  readonly tag: string;
  /** The differences between the expected and the current version; empty if the expected version is not known. */
  readonly changes: readonly FieldChange[];

  constructor(message: string, tag: string, changes: readonly FieldChange[]) {
    super(message);
    this.tag = tag;
    this.changes = changes;
  }
}

/** The work took longer than its time limit. */
export class TimeoutError extends CloudtabError {
  override readonly name = 'TimeoutError';
}

/** An outside service refused or did not answer, after the adapter's own retries. `cause` holds its answer. */
export class UnavailableError extends CloudtabError {
  override readonly name: string = 'UnavailableError';
}

/** There were too many calls: what a service refused may be left to a later repair. */
export class ThrottledError extends UnavailableError {
  override readonly name = 'ThrottledError';
}

/** A user stopped a run. */
export class StoppedError extends CloudtabError {
  override readonly name = 'StoppedError';
}

/** What is stored about a cron cannot be read by this version. */
export class UnreadableError extends CloudtabError {
  override readonly name = 'UnreadableError';

  constructor(site: string, uid: string, cause: string) {
    super(`The stored state of ${site}/${uid} cannot be read by this version: ${cause}`);
  }
}

/** The deployment, the folder or the environment is set up incorrectly. */
export class ConfigurationError extends CloudtabError {
  override readonly name = 'ConfigurationError';
}

/** How an error of the family is reported outside the process. */
export interface ErrorReport {
  /** Stable, for programs. */
  readonly code: string;
  readonly httpStatus: number;
  /** Exit code of the command line. */
  readonly exitCode: number;
}

const REPORTS = {
  CloudtabError: { code: 'failed', httpStatus: 500, exitCode: 1 },
  InvalidError: { code: 'invalid', httpStatus: 422, exitCode: 2 },
  PeriodError: { code: 'invalid-period', httpStatus: 500, exitCode: 2 },
  ForbiddenError: { code: 'forbidden', httpStatus: 403, exitCode: 1 },
  NotFoundError: { code: 'not-found', httpStatus: 404, exitCode: 1 },
  ConflictError: { code: 'conflict', httpStatus: 409, exitCode: 1 },
  ReadOnlyError: { code: 'read-only', httpStatus: 409, exitCode: 1 },
  AlreadyExistsError: { code: 'already-exists', httpStatus: 409, exitCode: 1 },
  VersionConflictError: { code: 'version-conflict', httpStatus: 412, exitCode: 1 },
  TimeoutError: { code: 'timeout', httpStatus: 500, exitCode: 1 },
  StoppedError: { code: 'stopped', httpStatus: 500, exitCode: 1 },
  UnavailableError: { code: 'unavailable', httpStatus: 503, exitCode: 1 },
  ThrottledError: { code: 'throttled', httpStatus: 429, exitCode: 1 },
  UnreadableError: { code: 'unreadable', httpStatus: 500, exitCode: 1 },
  ConfigurationError: { code: 'configuration', httpStatus: 500, exitCode: 1 },
} as const satisfies Readonly<Record<string, ErrorReport>>;

/** The row of the error's class; for a plain CloudtabError that only adds text to its cause, the row of the cause. */
export function errorReport(error: CloudtabError): (typeof REPORTS)[keyof typeof REPORTS] {
  const isWrapper = error.name === 'CloudtabError' && error.cause instanceof CloudtabError;
  if (isWrapper) return errorReport(error.cause as CloudtabError);
  return REPORTS[error.name as keyof typeof REPORTS] ?? REPORTS.CloudtabError;
}

/** The message of an error; any other value that was thrown, as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the call returns, or the problems of the InvalidError that it throws. Rethrows any other error. */
export function attempt<Value>(
  call: () => Value,
): { readonly value: Value; readonly problems: readonly [] } | { readonly problems: readonly Problem[] } {
  try {
    return { value: call(), problems: [] };
  } catch (error) {
    if (error instanceof InvalidError) return { problems: error.problems };
    throw error;
  }
}
