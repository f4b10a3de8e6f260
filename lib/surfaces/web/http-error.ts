/**
 * Errors as HTTP statuses: those of core/domain/errors.ts by its table, and those of the request itself. problem-json.ts
 * and pages/respond.ts send them.
 */
import {
  CloudtabError,
  errorReport,
  type FieldChange,
  InvalidError,
  VersionConflictError,
} from '../../core/domain/errors.ts';
import type { Problem } from '../../core/domain/problem.ts';

type RequestStatus = 400 | 403 | 404 | 405 | 413 | 415 | 421;
export type HttpProblemStatus = RequestStatus | ReturnType<typeof errorReport>['httpStatus'];

export interface HttpProblem {
  readonly status: HttpProblemStatus;
  /** The kind of the problem, stable for programs. */
  readonly code: string;
  /** What happened, and the fix. */
  readonly detail: string;
  /** All problems of the input. */
  readonly problems?: readonly Problem[];
  /** The fields that changed since the version on which the request is based. */
  readonly changes?: readonly FieldChange[];
  /** Identifies the current version, if another change came first. */
  readonly tag?: string;
}

/** An error in the request itself: its headers, its format or its size. */
export class HttpError extends CloudtabError {
  override readonly name = 'HttpError';
  readonly status: RequestStatus;

  constructor(status: RequestStatus, message: string) {
    super(message);
    this.status = status;
  }
}

/** The HTTP problem of an error. That of a defect has no details, since they may be secret. */
export function httpProblemOf(error: unknown): HttpProblem {
  if (error instanceof HttpError) return { status: error.status, code: 'request', detail: error.message };
  if (!(error instanceof CloudtabError)) {
    return { status: 500, code: 'internal', detail: "Internal error; see the admin function's log." };
  }
  const { httpStatus: status, code } = errorReport(error);
  if (error instanceof InvalidError) {
    const { problems } = error;
    const detail = `${problems.length} problem${problems.length === 1 ? '' : 's'} found; nothing was changed.`;
    return { status, code, detail, problems };
  }
  const conflict = error instanceof VersionConflictError && { changes: error.changes, tag: error.tag };
  return { status, code, detail: error.message, ...conflict };
}
