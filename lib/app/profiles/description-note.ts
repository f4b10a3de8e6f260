/** Cuts descriptions that are too long for a cron. */
import type { JsonObject } from '../../core/domain/cron.ts';
import { MAX_DESCRIPTION } from '../../core/domain/cron-schema.ts';
import { truncate } from '../../core/domain/truncate.ts';
import type { Note, SourcePosition } from './source-position.ts';

/** The field of the cron, which is absent for an empty text. A text that is cut adds a note. */
export function descriptionField(text: string, position: SourcePosition, notes: Note[]): JsonObject {
  if (text.length > MAX_DESCRIPTION)
    notes.push({ ...position, text: `The description is cut to ${MAX_DESCRIPTION} characters.` });
  return text === '' ? {} : { description: truncate(text, MAX_DESCRIPTION) };
}
