/** The common result of all readers, whose fields validate.ts validates. */
import type { JsonObject } from '../../core/domain/cron.ts';
import type { LeftOut, Note, ProfileProblem, SourcePosition } from './source-position.ts';

/** Keys and indexes from the root of the value. */
export type Path = readonly (string | number)[];

export interface ParsedFile {
  /** A valid file has the shape of a profile in YAML: `{crontab: {…}, crons: [{uid, …}]}`. */
  readonly value: unknown;
  /** The position of the part at the path, or of its nearest ancestor that has one. */
  readonly positionOf: (path: Path) => SourcePosition;
  /** The format's own defaults for the fields of an added cron. */
  readonly whenAdded?: JsonObject;
  readonly leftOut?: readonly LeftOut[];
  readonly notes?: readonly Note[];
}

/** The readable parts of a text, and its problems. `raw` is absent when the text is not of the format at all. */
export interface ParseResult {
  readonly raw?: ParsedFile;
  readonly problems: readonly ProfileProblem[];
}
