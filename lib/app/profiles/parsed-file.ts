/** What every reader of a format makes of a text: one shape, whose fields are not judged yet. Judging is judge.ts. */
import type { JsonObject } from '../../core/domain/cron.ts';
import type { LeftOut, ProfileProblem, SourcePosition } from './source-position.ts';

/** Keys and indexes from the top of the value down. */
export type Path = readonly (string | number)[];

export interface ParsedFile {
  /** Like a profile in YAML: `{crontab: {…}, crons: [{uid, …}]}`, if the person who wrote it made no mistake. */
  readonly value: unknown;
  /** Where that part stands, or the nearest part around it that has a place. */
  readonly place: (path: Path) => SourcePosition;
  /** What a cron that is added has in this format when the file does not say; elsewhere the defaults hold. */
  readonly whenAdded: JsonObject;
  readonly leftOut: readonly LeftOut[];
}

/** What a text is, as far as it can be read, and what is wrong with it. Without `raw` it is no text of its format at all. */
export interface ParseResult {
  readonly raw?: ParsedFile;
  readonly problems: readonly ProfileProblem[];
}
