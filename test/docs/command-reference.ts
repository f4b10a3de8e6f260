/** The reference of the command line, from the program itself: the usage and the options of each command. */
import { stripVTControlCharacters } from 'node:util';
import { makeProgram } from '../../lib/surfaces/cli/program.ts';

export const REFERENCE = 'docs/commands.md';

const HEAD = `# All commands

\`npm run docs:reference\` writes this page from the program. [The command line](command-line.md) explains what commands have
in common, and \`--help\` of a command adds examples.
`;

/** The text of the page. */
export function commandReference(): string {
  const commands = makeProgram({ code: 0 }).commands.filter((command) => !command.name().startsWith('__'));
  const sections = commands
    .toSorted((a, b) => (a.name() < b.name() ? -1 : 1))
    .map((command) => {
      const help = stripVTControlCharacters(command.configureHelp({ helpWidth: 100 }).helpInformation());
      return `## ${command.name()}\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n`;
    });
  return [HEAD, ...sections].join('\n');
}
