/** Formats a log line as JSON, the same in log groups and in local files. The loggers write it. */
import { plainValue } from '../core/domain/plain-value.ts';
import { truncate } from '../core/domain/truncate.ts';
import { byteLength, truncateBytes } from '../core/domain/truncate-bytes.ts';
import type { LogFields, LogLevel } from '../core/ports/logger.ts';

/** The limit of one text, in bytes. */
const MAX_TEXT_BYTES = 8 * 1024;

/** The limit of a line in bytes. CloudWatch cuts longer events, and no metric filter matches a line that is cut. */
const MAX_LINE_BYTES = 200 * 1024;

/** The list of omitted fields: at most so many names of so many characters, and the room for it. */
const MAX_OMITTED = 20;
const MAX_NAME_CHARACTERS = 100;
const OMITTED_BYTES = 16 * 1024;

/**
 * One line without a line end. Fields cannot replace timestamp, level and message; `code` follows the level. An error is
 * written as an object with its name, message, stack without the message, cause and own properties. Texts longer than
 * 8 KB are cut. A line longer than 200 KB keeps the code and as many other fields as fit, in order, and `omitted` lists
 * the others. Never throws.
 */
export function logLine(time: number, level: LogLevel, message: string, fields: LogFields): string {
  const { timestamp: _timestamp, level: _level, message: _message, code, ...others } = fields;
  const standardFields = {
    timestamp: new Date(time).toISOString(),
    level: level.toUpperCase(),
    code,
    message,
  };
  const line = JSON.stringify(toPlain({ ...standardFields, ...others }));
  return byteLength(line) <= MAX_LINE_BYTES ? line : shortLine(standardFields, others);
}

/** The line with the fields that fit, in order. */
function shortLine(standardFields: LogFields, others: LogFields): string {
  const kept: Record<string, unknown> = {};
  const omitted: string[] = [];
  let room = MAX_LINE_BYTES - byteLength(JSON.stringify(toPlain(standardFields))) - OMITTED_BYTES;
  for (const [name, value] of Object.entries(others)) {
    const field = toPlain({ [name]: value });
    const bytes = byteLength(JSON.stringify(field));
    if (bytes > room) omitted.push(truncate(name, MAX_NAME_CHARACTERS));
    else {
      Object.assign(kept, field);
      room -= bytes;
    }
  }
  const fields = { ...standardFields, ...kept, omitted: omitted.slice(0, MAX_OMITTED) };
  return JSON.stringify(toPlain(fields));
}

function toPlain(value: unknown): unknown {
  return plainValue(value, (text) => truncateBytes(text, MAX_TEXT_BYTES).text);
}
