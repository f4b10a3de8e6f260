/** The `cloudtab` commands in the documentation: in shell blocks, in sessions and in the text. */
import { blocksIn, blocksOf, type Page, pages } from './markdown.ts';

export interface DocumentedCommand {
  /** Its page, and the command line as it is written. */
  readonly name: string;
  readonly args: readonly string[];
}

/** A block that shows commands behind `$` and their output. */
export interface Session {
  /** `<file>:<line>` of its block. */
  readonly name: string;
  readonly text: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly command: string;
  readonly args: readonly string[];
  readonly output: string;
}

const WORD = /(?:[^\s'"]|'[^']*'|"[^"]*")+/g;

/** The arguments behind `cloudtab`, up to a pipe, a redirection, a comment or a bracket; nothing for any other command. */
function argsOf(line: string): string[] | undefined {
  const [, text] = /(?:^|[\s(])(?:npx )?cloudtab\s+([^)]*)/.exec(line) ?? [];
  if (text === undefined) return undefined;
  const words = text.match(WORD) ?? [];
  const end = words.findIndex((word) => /^(?:[|>#]|&&)/.test(word));
  return words.slice(0, end === -1 ? undefined : end).map((word) => word.replace(/['"]/g, ''));
}

/** The commands in shell blocks. */
export function shellCommands(): DocumentedCommand[] {
  return blocksOf('sh').flatMap(({ name, text }) =>
    text.split('\n').flatMap((line) => commandIn(name, line)),
  );
}

/** The commands in the text; they may lack their arguments. */
export function mentionedCommands(): DocumentedCommand[] {
  return pages.flatMap(({ file, text }) =>
    [...text.replace(/^```.*?^```$/gms, '').matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) =>
      /^(?:npx )?cloudtab /.test(code) ? commandIn(file, code) : [],
    ),
  );
}

function commandIn(page: string, line: string): DocumentedCommand[] {
  const args = argsOf(line);
  return args ? [{ name: `${page} ${line}`, args }] : [];
}

export function sessionsIn(page: Page): Session[] {
  return blocksIn(page)
    .filter(({ language }) => language === 'console')
    .map(({ name, text }) => ({ name, text, steps: stepsOf(text) }));
}

function stepsOf(text: string): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [command = '', ...output] = step.split('\n');
      return { command, args: argsOf(command) ?? [], output: output.join('\n') };
    });
}
