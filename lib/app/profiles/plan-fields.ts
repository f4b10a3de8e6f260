/** The fields of crons as a plan writes them. */
import type { Cron, CronFields, JsonObject } from '../../core/domain/cron.ts';
import { allFields } from '../../core/domain/cron-fields.ts';
import { sizeProblems } from '../../core/domain/parameter-size.ts';
import type { Problem } from '../../core/domain/problem.ts';
import { textOf } from '../operations/parameter-text.ts';
import { ownFields } from './dump.ts';

/** The parameter's text is indented, and thus longer than the text that the schema measures. */
export function writtenProblems(fields: JsonObject): Problem[] {
  return sizeProblems(textOf(fields), 'environ');
}

/** The current fields without the uid. */
export function writtenOf(fields: CronFields | undefined): JsonObject {
  const { uid: _, ...written } = fields ? ownFields(fields) : {};
  return written;
}

/** All fields: given, or of the cron after the edit, or null. */
export function wholeEdit(after: Cron, given: JsonObject): JsonObject {
  const { uid: _, ...all } = allFields(ownFields(after));
  return { ...all, ...given };
}
