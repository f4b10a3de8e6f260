/** A run record in a list of many crons. */

import type { RunRecord } from './run-record.ts';
import { MAX_SUMMARY_MESSAGE_BYTES } from './run-summary.ts';
import { truncateBytes } from './truncate-bytes.ts';

/** A run record without its messages, but for the beginning of the first. */
export type RecordSummary = Omit<RunRecord, 'messages' | 'keepUntil'> & { readonly message?: string };

export function recordSummary({ messages: [first = ''], keepUntil: _, ...record }: RunRecord): RecordSummary {
  const message = truncateBytes(first, MAX_SUMMARY_MESSAGE_BYTES).text;
  return message === '' ? record : { ...record, message };
}
