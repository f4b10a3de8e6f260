/** Reads a profile from a file or, for `-`, from standard input, and formats its problems. */
import { readFileSync } from 'node:fs';
import { FORMATS, type Format } from '../../app/profiles/format-names.ts';
import { readProfile } from '../../app/profiles/formats.ts';
import type { ProfileProblem, SourcePosition } from '../../app/profiles/source-position.ts';
import type { ProfileReading } from '../../app/profiles/validate.ts';
import { ConfigurationError, InvalidError } from '../../core/domain/errors.ts';
import { didYouMean } from '../../core/domain/nearest.ts';
import { formatProblem, formatValue } from '../../core/domain/problem.ts';
import { fileReason } from './file-error.ts';

export interface ProfileFileOptions {
  readonly format?: string;
  /** The runner for commands of a Unix crontab. */
  readonly runner?: string;
}

/** Throws ConfigurationError when the file cannot be read. */
export function readProfileFile(file: string, { format, runner }: ProfileFileOptions): ProfileReading {
  const named = format ? formatNamed(format, FORMATS) : undefined;
  return readProfile(bytesOf(file), { name: file, format: named, runner: runner || undefined });
}

/** The format with that name. Throws InvalidError, which lists the formats, when there is none. */
export function formatNamed<Name extends Format>(format: string, formats: readonly Name[]): Name {
  const name = formats.find((one) => one === format);
  if (name) return name;
  const fix = didYouMean(format, formats, 'Choose one of these.');
  throw new InvalidError([{ where: '--format', got: formatValue(format), wanted: formats.join(', '), fix }]);
}

/** The problem on one line that begins with its position, which editors and terminals turn into a link. */
export function placedText(file: string, problem: ProfileProblem): string {
  const { uid } = problem;
  return `${linkTo(file, problem)} ${uid === undefined ? '' : `${uid}: `}${formatProblem(problem)}`;
}

/** `file:line:column`. */
export function linkTo(file: string, { line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`;
}

/** The fields of a problem that are part of the JSON output. */
export function problemJson(problem: ProfileProblem): ProfileProblem {
  const { line, column, uid, where, got, wanted, fix } = problem;
  return { line, column, uid, where, got, wanted, fix };
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new ConfigurationError(
      `Cannot read ${file}: ${fileReason(error)}. Give a file, or - for standard input.`,
      { cause: error },
    );
  }
}
