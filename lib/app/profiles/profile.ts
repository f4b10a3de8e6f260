/** A profile: what a file wants of a crontab. Made by judge.ts, compared with a site by plan.ts. */
import type { JsonObject } from '../../core/domain/cron.ts';
import type { LeftOut, SourcePosition } from './source-position.ts';

export interface Profile {
  /** In the order of the file, which matters: a uid that was removed may come anew. */
  readonly elements: readonly ProfileElement[];
  /** Settings of the crontab that are given; null takes one away. */
  readonly settings: JsonObject;
  /** What a cron that is added has when the file does not say. */
  readonly whenAdded: JsonObject;
  readonly leftOut: readonly LeftOut[];
}

export interface ProfileElement extends SourcePosition {
  readonly uid: string;
  readonly remove: boolean;
  /** The fields that are given, as they are written; null takes one away. Without uid and remove. */
  readonly given: JsonObject;
  /** Where a field stands; the element itself when it has no place of its own. */
  readonly placeOf: (where: string) => SourcePosition;
}
