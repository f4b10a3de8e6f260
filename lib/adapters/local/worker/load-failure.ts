/** Explains why the file of a runner cannot be loaded: where, the reason, and how to fix it. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../../../core/domain/errors.ts';

/* v8 ignore start -- @preserve: test/adapters/local/runner-workers.test.ts runs it in processes of their own */
/** How the stack of an error in the syntax begins: with the file and the line. */
const SYNTAX = /^(?:file:\/\/)?(\/.+):(\d+)\n/;
/** Then follow some lines of code and, unless the place is the end of the file, `^` below the place. */
const COLUMN = /^( *)\^+$/m;
/** The first place in the stack of any other error that is no module of Node. */
const FRAME = /\(?file:\/\/(\/.+?):(\d+):(\d+)\)?$/m;

/** `<file>:<line>:<column>: <reason>`, and the fix if it is known. `file` is the absolute path of the runner. */
export function loadFailure(file: string, error: unknown): ConfigurationError {
  if (error instanceof ConfigurationError) return error;
  const located =
    error instanceof SyntaxError && !SYNTAX.test(String(error.stack)) ? parsed(file) : undefined;
  const { message, stack } = (located ?? error) as Partial<Error>;
  const reason = (typeof message === 'string' ? message : String(error)).replace(/\.$/, '');
  return new ConfigurationError(`${placeOf(file, stack ?? '')}: ${reason}.${fixOf(error)}`);
}

function placeOf(file: string, stack: string): string {
  const [, path, line] = SYNTAX.exec(stack) ?? [];
  if (path !== undefined) {
    const [, indent] = COLUMN.exec(stack) ?? [];
    return `${shown(path)}:${line}${indent === undefined ? '' : `:${indent.length + 1}`}`;
  }
  const [, framePath, frameLine, column] = FRAME.exec(stack) ?? [];
  // The frames above the file belong to the worker.
  if (framePath === undefined || framePath.includes('/adapters/local/worker/')) return shown(file);
  return `${shown(fileURLToPath(`file://${framePath}`))}:${frameLine}:${column}`;
}

/** As a user in this folder would type it. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

/** The error in the syntax of a JavaScript file, whose own has no place; nothing if it is in another file. */
function parsed(file: string): unknown {
  try {
    stripTypeScriptTypes(readFileSync(file, 'utf8'), { sourceUrl: file });
  } catch (error) {
    return error;
  }
  return undefined;
}

function fixOf(error: unknown): string {
  switch (error instanceof Error && 'code' in error && error.code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return (
        ' Node strips types only: no enum, no namespace, no parameter properties. Use a union of texts instead of an enum, ' +
        'and assign parameters in the constructor.'
      );
    case 'ERR_MODULE_NOT_FOUND':
      return ' Install the package, or write the path with its extension, such as "./shared.ts".';
    default:
      return '';
  }
}
/* v8 ignore stop -- @preserve */
