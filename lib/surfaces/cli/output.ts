/** The output of commands: text for people, or JSON for programs. */
import { fitting } from './table.ts';

export interface JsonOptions {
  readonly json?: true;
}

/** Of a command whose text fits the terminal. */
export interface TextOptions extends JsonOptions {
  /** In terminal columns. Default: unlimited. */
  readonly width?: number | undefined;
}

/** The output of a command and its exit code. */
export interface Printed {
  readonly text: string;
  readonly code: number;
}

/** JSON as commands print it. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** The message of a result, or with `--json` the whole result. */
export function resultText(
  result: { readonly message: string; readonly [field: string]: unknown },
  { json }: JsonOptions,
): string {
  return json ? jsonText(result) : fitting(result.message);
}
