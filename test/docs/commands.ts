/** The `cloudtab` commands in shell blocks of the documentation. */
import { blocksIn, blocksOf, type Page } from './markdown.ts';

export interface DocumentedCommand {
  /** `<file>:<line>` of its block, and the command line as it is written. */
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

/** The arguments behind `cloudtab`, up to a pipe, a redirection or a comment; nothing for any other command. */
function argsOf(line: string): string[] | undefined {
  const [, text] = /(?:^|\s)(?:npx )?cloudtab\s+(.*)$/.exec(line) ?? [];
  if (text === undefined) return undefined;
  const words = text.match(WORD) ?? [];
  const end = words.findIndex((word) => /^(?:[|>#]|&&)/.test(word));
  return words.slice(0, end === -1 ? undefined : end).map((word) => word.replace(/['"]/g, ''));
}

export function documentedCommands(): DocumentedCommand[] {
  return blocksOf('sh', 'console').flatMap(({ name, language, text }) =>
    text
      .split('\n')
      .filter((line) => language === 'sh' || line.startsWith('$ '))
      .flatMap((line) => {
        const args = argsOf(line);
        return args ? [{ name: `${name} ${line}`, args }] : [];
      }),
  );
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
