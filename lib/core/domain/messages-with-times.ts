/** The texts of run records for readers: the instants in them, which are stored as ISO 8601, as times of a zone. */
import type { ReasonCode, RunRecord } from './run-record.ts';

export type Messages = Pick<RunRecord, 'messages' | 'reason'>;

const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z/g;
/** The messages of the others may quote a runner or an environ. */
const OWN_TEXTS: ReadonlySet<ReasonCode> = new Set(['missed', 'overlap', 'off', 'died']);

/** The messages of a record, with the instants of cloudtab's own texts as `timeText` shows them. Those of runners stay as they are. */
export function messagesWithTimes(
  { messages, reason }: Messages,
  timeText: (time: number) => string,
): readonly string[] {
  if (reason === undefined || !OWN_TEXTS.has(reason)) return messages;
  return messages.map((message) => withTimes(message, timeText));
}

/** The text with its instants as `timeText` shows them; it gets epoch milliseconds. */
export function withTimes(text: string, timeText: (time: number) => string): string {
  return text.replace(INSTANT, (instant) => timeText(Date.parse(instant)));
}
