/**
 * An error as an HTTP status with a reason: errors of the family by their table in core/domain/errors.ts, and errors of
 * the request itself. The API (problem-json.ts) and the pages decide how to show it.
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
  /** What happened, and what to do about it. */
  readonly detail: string;
  /** Every problem of what was sent, with its field. */
  readonly problems?: readonly Problem[];
  /** The fields that changed after the version that the request is based on. */
  readonly changes?: readonly FieldChange[];
}

/** The request itself is wrong: its method, headers, form or size. */
export class HttpError extends CloudtabError {
  override readonly name = 'HttpError';
  readonly status: RequestStatus;

  constructor(status: RequestStatus, message: string) {
    super(message);
    this.status = status;
  }
}

/** How to answer a request that failed with that error. The answer to a defect has no details: they may be secret. */
export function httpProblemOf(error: unknown): HttpProblem {
  if (error instanceof HttpError) return { status: error.status, detail: error.message };
  if (!(error instanceof CloudtabError)) {
    return { status: 500, detail: "Internal error; see the admin function's log." };
  }
  const status = errorReport(error).httpStatus;
  if (error instanceof InvalidError) {
    const { problems } = error;
    const detail = `${problems.length} problem${problems.length === 1 ? '' : 's'} found; nothing was changed.`;
    return { status, detail, problems };
  }
  const changes = error instanceof VersionConflictError ? { changes: error.changes } : {};
  return { status, detail: error.message, ...changes };
}
