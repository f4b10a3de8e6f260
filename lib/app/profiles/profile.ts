/** A profile: the crons and settings that a file asks for. validate.ts makes it, plan.ts compares it with a site. */
import type { JsonObject } from '../../core/domain/cron.ts';
import type { LeftOut, Note, SourcePosition } from './source-position.ts';

export interface Profile {
  /** In the order of the file, which matters: a uid may be removed and then added again. */
  readonly elements: readonly ProfileElement[];
  /** The given settings of the crontab; null resets one to its default. */
  readonly settings: JsonObject;
  /** The format's own defaults for the fields of an added cron. */
  readonly whenAdded: JsonObject;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly Note[];
}

export interface ProfileElement extends SourcePosition {
  readonly uid: string;
  readonly remove: boolean;
  /** The given fields as written, without uid and remove; null resets one to its default. */
  readonly given: JsonObject;
  /** The position of a field; of the element itself when the field has none. */
  readonly positionOf: (where: string) => SourcePosition;
}
