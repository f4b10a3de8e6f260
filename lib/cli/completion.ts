/**
 * Completion in shells. The scripts ask the command itself (`cloudtab __complete WORD…`), so that they never go stale
 * and know the uids of the crontab at hand.
 */
import type { Command, Option } from 'commander';
import { ConfigurationError } from '../domain/errors.ts';

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# cloudtab completion for bash. Put into ~/.bashrc:  eval "$(cloudtab completion bash)"
_cloudtab() {
  local IFS=$'\\n'
  COMPREPLY=($(cloudtab __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _cloudtab cloudtab`,
  zsh: `#compdef cloudtab
# cloudtab completion for zsh. Put into ~/.zshrc, after compinit:  eval "$(cloudtab completion zsh)"
_cloudtab() {
  local -a candidates
  candidates=("\${(@f)$(cloudtab __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "$candidates[1]" ]] && compadd -- $candidates || _files
}
compdef _cloudtab cloudtab`,
  fish: `# cloudtab completion for fish. Put into ~/.config/fish/config.fish:  cloudtab completion fish | source
function __cloudtab_complete
  set -l words (commandline -opc) (commandline -ct)
  cloudtab __complete -- $words[2..-1] 2>/dev/null
end
complete -c cloudtab -f -a '(__cloudtab_complete)'
complete -c cloudtab -n '__fish_seen_subcommand_from plan apply' -F`,
};

/** Throws ConfigurationError for a shell that is not known. */
export function completionScript(shell: string): string {
  const script = SCRIPTS[shell];
  if (script !== undefined) return script;
  throw new ConfigurationError(`SHELL: got "${shell}", wanted ${Object.keys(SCRIPTS).join(', ')}.`);
}

/** Commands whose argument is a uid, or several. */
const TAKES_UID = /^<?\[?uid/;

/**
 * What the last of the words may become. `uids` tells those of the crontab at hand, and is asked when one is expected;
 * `words` are those before it with their options.
 */
export async function completions(
  program: Command,
  words: readonly string[],
  uids: (words: readonly string[]) => Promise<readonly string[]>,
): Promise<string[]> {
  const word = words.at(-1) ?? '';
  const typed = words.slice(0, -1);
  const command = program.commands.find((one) => one.name() === typed[0]);
  if (!command) return typed.length === 0 ? starting(commandNames(program), word) : [];
  const option = command.options.find(({ long, short }) => [long, short].includes(typed.at(-1)));
  if (option && (option.required || option.optional)) return starting(option.argChoices ?? [], word);
  if (word.startsWith('-')) return starting(command.options.map(nameOf), word);
  const takesUid = command.registeredArguments.some((one) => TAKES_UID.test(one.name()));
  return takesUid ? starting(await uids(typed), word) : [];
}

function commandNames(program: Command): string[] {
  const names = program.commands.map((one) => one.name());
  return [...names.filter((name) => !name.startsWith('__')), 'help'];
}

function nameOf(option: Option): string {
  return option.long ?? option.flags;
}

function starting(candidates: readonly string[], word: string): string[] {
  return candidates.filter((one) => one.startsWith(word)).sort();
}
