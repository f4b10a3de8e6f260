/** Asks the user at the terminal before something is lost. */
import { createInterface } from 'node:readline/promises';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { unguarded, visible } from './terminal.ts';

/** Throws ConfigurationError unless the user answers yes. */
export async function confirm(question: string): Promise<void> {
  const answer = await answerTo(`${question} [y/N] `);
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new ConfigurationError('Nothing was changed.');
}

/** The answer of the user; empty after Ctrl-C or Ctrl-D. */
async function answerTo(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: unguarded(process.stderr) });
  // At the end of the input, newer versions of Node reject the question, and older ones never settle it.
  const closed = new Promise<undefined>((done) => terminal.once('close', () => done(undefined)));
  const answer = await Promise.race([closed, terminal.question(visible(question))]);
  terminal.close();
  if (answer === undefined) process.stderr.write('\n');
  return answer ?? '';
}
