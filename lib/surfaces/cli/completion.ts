// cspell:ignore CWORD
/**
 * Shell completion. The scripts call `cloudtab __complete WORD…`, so that they are always up to date and complete the
 * names in the present crontab.
 */
import type { Command, Option } from 'commander';

export const COMPLETION_SCRIPTS = {
  bash: `# cloudtab completion for bash. Add to ~/.bashrc:  eval "$(npx cloudtab completion bash)"
_cloudtab() {
  local IFS=$'\\n' run=cloudtab first=1
  if [[ \${COMP_WORDS[0]} == npx ]]; then
    [[ $COMP_CWORD -gt 1 && \${COMP_WORDS[1]} == cloudtab ]] || return
    first=2
  fi
  type -P cloudtab >/dev/null || run=$'npx\\n--no-install\\ncloudtab'
  COMPREPLY=($($run __complete -- "\${COMP_WORDS[@]:first:COMP_CWORD - first + 1}" 2>/dev/null))
}
complete -o default -F _cloudtab cloudtab
complete -p npx >/dev/null 2>&1 || complete -o default -F _cloudtab npx`,
  zsh: `#compdef cloudtab
# cloudtab completion for zsh. Add to ~/.zshrc, after compinit:  eval "$(npx cloudtab completion zsh)"
_cloudtab() {
  local -a candidates run
  local -i first=2
  if [[ $words[1] == npx ]]; then
    if (( CURRENT < 3 )) || [[ $words[2] != cloudtab ]]; then _files; return; fi
    first=3
  fi
  run=(cloudtab)
  (( $+commands[cloudtab] )) || run=(npx --no-install cloudtab)
  candidates=("\${(@f)$($run __complete -- "\${(@)words[first,CURRENT]}" 2>/dev/null)}")
  [[ -n "$candidates[1]" ]] && compadd -- $candidates || _files
}
compdef _cloudtab cloudtab
(( $+_comps[npx] )) || compdef _cloudtab npx`,
  fish: `# cloudtab completion for fish. Add to ~/.config/fish/config.fish:  npx cloudtab completion fish | source
function __cloudtab_complete
  set -l words (commandline -opc) (commandline -ct)
  test $words[1] = npx; and set -e words[1]
  if command -q cloudtab
    cloudtab __complete -- $words[2..-1] 2>/dev/null
  else
    npx --no-install cloudtab __complete -- $words[2..-1] 2>/dev/null
  end
end
complete -c cloudtab -f -a '(__cloudtab_complete)'
complete -c npx -n '__fish_seen_subcommand_from cloudtab' -f -a '(__cloudtab_complete)'
complete -c cloudtab -n '__fish_seen_subcommand_from plan apply simulate start' -F
complete -c npx -n '__fish_seen_subcommand_from cloudtab; and __fish_seen_subcommand_from plan apply simulate start' -F`,
};

/** A request for names in the crontab. */
export interface NameRequest {
  readonly kind: 'uid' | 'version' | 'site' | 'runner';
  /** The cron whose versions are requested. */
  readonly uid?: string | undefined;
  /** The options typed so far, which choose the crontab. */
  readonly options: Readonly<Record<string, string>>;
}

/** The kind of name that each argument or option takes. */
const KINDS: Readonly<Record<string, NameRequest['kind']>> = {
  uid: 'uid',
  version: 'version',
  runner: 'runner',
  '--name': 'runner',
  '--runner': 'runner',
  '--site': 'site',
};

/** The completions of the last word. `lookUp` returns names in the crontab where one is expected. */
export async function completions(
  program: Command,
  words: readonly string[],
  lookUp: (request: NameRequest) => Promise<readonly string[]>,
): Promise<string[]> {
  const typed = rejoin(words);
  const word = typed.pop() ?? '';
  const command = program.commands.find((one) => one.name() === typed[0]);
  if (typed.length === 0) return startingWith([...commandNames(program), '--version', '--help'], word);
  if (typed[0] === 'help' && typed.length === 1) return startingWith(commandNames(program), word);
  if (!command) return [];
  const line = lineOf(command, typed.slice(1));
  const offer = async (name: string, choices: readonly string[] = []) => {
    const kind = KINDS[name];
    if (kind === undefined) return choices;
    return lookUp({ kind, uid: line.words[0], options: line.options });
  };
  // After the first value of a variadic option, another option may follow.
  if (line.open && !(line.open.variadic && word.startsWith('-')))
    return startingWith(await offer(line.open.long ?? '', line.open.argChoices), word);
  const [, flag, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
  if (flag !== undefined && value !== undefined) {
    const found = await offer(flag, command.options.find(({ long }) => long === flag)?.argChoices);
    return startingWith(found, value).map((one) => `${flag}=${one}`);
  }
  if (word.startsWith('-'))
    return startingWith(
      command.options.map(({ long, flags }) => long ?? flags),
      word,
    );
  const all = command.registeredArguments;
  const last = all.at(-1);
  const argument = all[line.words.length] ?? (last?.variadic ? last : undefined);
  const found = argument ? await offer(argument.name(), argument.argChoices) : [];
  return startingWith(
    found.filter((one) => !line.words.includes(one) || !argument?.variadic),
    word,
  );
}

/** bash splits `--site=shop` into three words and completes the last one. */
function rejoin(words: readonly string[]): string[] {
  const isValue = words.at(-1) === '=';
  const kept = words.filter((word, index) => word !== '=' || !words[index - 1]?.startsWith('--'));
  return isValue ? [...kept, ''] : kept;
}

interface Line {
  /** The arguments typed so far. */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  /** The option whose value is expected next. */
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

/** The commands that are not hidden. */
function commandNames(program: Command): string[] {
  const names = program.commands.map((one) => one.name());
  return [...names.filter((name) => !name.startsWith('__')), 'help'];
}

function startingWith(candidates: readonly string[], word: string): string[] {
  return candidates.filter((one) => one.startsWith(word)).sort();
}
