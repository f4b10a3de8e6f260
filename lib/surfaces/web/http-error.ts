/**
 * Why a request is not answered as asked for, as an HTTP status with a reason: for what is wrong with the request
 * itself, and for the errors of the operations. How it is shown is for the API (problem-json.ts) and the pages.
 */

import { ConflictError, VersionConflictError } from '../../app/operations/errors.ts';
import type { FieldChange } from '../../app/operations/field-changes.ts';
import { CloudtabError, InvalidError, NotFoundError, UnavailableError } from '../../core/domain/errors.ts';
import type { Problem } from '../../core/domain/problem.ts';

export type HttpProblemStatus = 400 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 421 | 422 | 500 | 503;

export interface HttpProblem {
  readonly status: HttpProblemStatus;
  /** For people; says what to do about it. */
  readonly detail: string;
  /** Every problem of what was sent, with its field. */
  readonly problems?: readonly Problem[];
  /** What somebody else changed in the meantime. */
  readonly changes?: readonly FieldChange[];
}

/** The request itself is at fault. */
export class HttpError extends CloudtabError {
  override readonly name = 'HttpError';
  readonly status: HttpProblemStatus;

  constructor(status: HttpProblemStatus, message: string) {
    super(message);
    this.status = status;
  }
}

/** What to answer to that error. Of one that was not foreseen nothing is told but that it happened. */
export function httpProblemOf(error: unknown): HttpProblem {
  if (error instanceof InvalidError) {
    const { problems } = error;
    const detail = `${problems.length} problem${problems.length === 1 ? '' : 's'} found; nothing was changed.`;
    return { status: 422, detail, problems };
  }
  if (error instanceof VersionConflictError)
    return { status: 412, detail: error.message, changes: error.changes };
  if (error instanceof CloudtabError) return { status: statusOf(error), detail: error.message };
  return {
    status: 500,
    detail: 'Something went wrong that nobody foresaw. The log of the admin function says what.',
  };
}

function statusOf(error: CloudtabError): HttpProblemStatus {
  if (error instanceof HttpError) return error.status;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof ConflictError) return 409;
  return error instanceof UnavailableError ? 503 : 500;
}
