/** The editor that a person chose: VISUAL, EDITOR, or vi. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Editor } from './edit.ts';
import type { Environment } from './target.ts';

/** The shell reads the choice, as it may have options: `code --wait`. */
export function editorOf(env: Environment): Editor {
  const command = env.VISUAL || env.EDITOR || 'vi';
  return async (file) => {
    const child = spawn('sh', ['-c', `${command} "$1"`, 'sh', file], { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`The editor "${command}" ended with ${code}.`);
  };
}
