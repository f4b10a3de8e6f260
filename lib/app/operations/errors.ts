/**
 * Why an operation changed nothing although what was asked for is valid. What is not valid is an InvalidError, what is
 * not there a NotFoundError; both are of the domain.
 */
import { CloudtabError } from '../../core/domain/errors.ts';
import type { FieldChange } from './field-changes.ts';

/** Not in the present state of things: whoever asked has to look, and may then ask again. */
export class ConflictError extends CloudtabError {
  override readonly name: string = 'ConflictError';
}

/** The crontab is read only. */
export class ReadOnlyError extends ConflictError {
  override readonly name = 'ReadOnlyError';

  constructor(site: string) {
    super(`The crontab of "${site}" is read only, so nothing was changed. Switch "readOnly" off first.`);
  }
}

/** A cron of that uid exists already. */
export class AlreadyExistsError extends ConflictError {
  override readonly name = 'AlreadyExistsError';

  constructor(site: string, uid: string) {
    super(`The crontab of "${site}" has a cron "${uid}" already. Choose another uid, or edit that one.`);
  }
}

/** Somebody else was faster: the parameter is not any more what the edit was made from. */
export class VersionConflictError extends ConflictError {
  override readonly name = 'VersionConflictError';
  /** Names the version that stands now. */
  readonly tag: string;
  /** What differs between the version that was expected and the one that stands; empty when that is not known. */
  readonly changes: readonly FieldChange[];

  constructor(message: string, tag: string, changes: readonly FieldChange[]) {
    super(message);
    this.tag = tag;
    this.changes = changes;
  }
}
