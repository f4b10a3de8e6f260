/**
 * Completion in shells. The scripts ask the command itself (`cloudtab __complete WORD…`), so that they never go stale
 * and know the uids of the crontab at hand.
 */
import type { Command, Option } from 'commander';
import { ConfigurationError } from '../../core/domain/errors.ts';

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
complete -c cloudtab -n '__fish_seen_subcommand_from plan apply simulate' -F`,
};

/** Throws ConfigurationError for a shell that is not known. */
export function completionScript(shell: string): string {
  const script = SCRIPTS[shell];
  if (script !== undefined) return script;
  throw new ConfigurationError(`SHELL: got "${shell}", wanted ${Object.keys(SCRIPTS).join(', ')}.`);
}

/** What only the crontab at hand knows. */
export interface Asked {
  readonly kind: 'uid' | 'version' | 'site' | 'runner';
  /** Whose versions are asked for. */
  readonly uid?: string | undefined;
  /** What was typed before that says which crontab, by the name of the option. */
  readonly options: Readonly<Record<string, string>>;
}

/** Arguments, and options with their dashes, whose values are of that kind. */
const KINDS: Readonly<Record<string, Asked['kind']>> = {
  uid: 'uid',
  version: 'version',
  runner: 'runner',
  '--name': 'runner',
  '--runner': 'runner',
  '--site': 'site',
};

/**
 * What the last of the words may become. `ask` is asked for the names of the crontab at hand when one is expected.
 */
export async function completions(
  program: Command,
  words: readonly string[],
  ask: (asked: Asked) => Promise<readonly string[]>,
): Promise<string[]> {
  const typed = unbroken(words);
  const word = typed.pop() ?? '';
  const command = program.commands.find((one) => one.name() === typed[0]);
  if (typed.length === 0) return starting([...commandNames(program), '--version', '--help'], word);
  if (typed[0] === 'help' && typed.length === 1) return starting(commandNames(program), word);
  if (!command) return [];
  const line = lineOf(command, typed.slice(1));
  const offer = async (name: string, choices: readonly string[] = []) => {
    const kind = KINDS[name];
    if (kind === undefined) return choices;
    return ask({ kind, uid: line.words[0], options: line.options });
  };
  // After the first of several values another option may come.
  if (line.open && !(line.open.variadic && word.startsWith('-')))
    return starting(await offer(line.open.long ?? '', line.open.argChoices), word);
  const [, flag, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
  if (flag !== undefined && value !== undefined) {
    const found = await offer(flag, command.options.find(({ long }) => long === flag)?.argChoices);
    return starting(found, value).map((one) => `${flag}=${one}`);
  }
  if (word.startsWith('-')) return starting(command.options.map(nameOf), word);
  const all = command.registeredArguments;
  const last = all.at(-1);
  const argument = all[line.words.length] ?? (last?.variadic ? last : undefined);
  const found = argument ? await offer(argument.name(), argument.argChoices) : [];
  return starting(
    found.filter((one) => !line.words.includes(one) || !argument?.variadic),
    word,
  );
}

/** bash breaks `--site=shop` into three words, and wants the last one completed. */
function unbroken(words: readonly string[]): string[] {
  const isValue = words.at(-1) === '=';
  const kept = words.filter((word, index) => word !== '=' || !words[index - 1]?.startsWith('--'));
  return isValue ? [...kept, ''] : kept;
}

interface Line {
  /** The arguments that were typed. */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  /** The option whose value comes next. */
  readonly open?: Option | undefined;
}

function lineOf(command: Command, typed: readonly string[]): Line {
  const words: string[] = [];
  const options: Record<string, string> = {};
  let open: Option | undefined;
  for (const word of typed) {
    const [, flag = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    if (word.startsWith('-')) {
      const option = command.options.find(({ long, short }) => [long, short].includes(flag));
      open = option?.required && value === undefined ? option : undefined;
      if (option && value !== undefined) options[option.attributeName()] = value;
    } else if (open) {
      options[open.attributeName()] = word;
      if (!open.variadic) open = undefined;
    } else words.push(word);
  }
  return { words, options, open };
}

/** Of those that can be typed by people. */
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
