/** Runs other programs, captures their output, and stops them when the test is stopped. */
import { spawn } from 'node:child_process';
import { stopping } from './stopping.ts';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** The time limit, after which the program is stopped. */
  readonly seconds: number;
  /** The standard input. Default: none. */
  readonly input?: string;
  /** Stops the program with SIGTERM as soon as its standard output matches. */
  readonly stopAfter?: RegExp;
}

/** A program failed. The message has the last lines of its output. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Runs the program and returns its standard output. Throws CommandError when it fails, does not exist or is stopped. */
export function run({ program, args, env, cwd, seconds, input, stopAfter }: Command): Promise<string> {
  const line = [program, ...args].join(' ');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(program, args, {
    env,
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: stopping,
    timeout: seconds * 1000,
  });
  child.stdin.on('error', () => undefined).end(input);
  let answer = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
    output += text;
    if (stopAfter?.test(answer)) child.kill('SIGTERM');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.once('error', (cause) => reject(new CommandError(`${line}: ${cause.message}`, { cause })));
  child.once('close', (code, signal) => {
    const end = signal ? `was stopped by ${signal} (time limit: ${seconds} s)` : `exited with ${code}`;
    if (code === 0) resolve(answer);
    else reject(new CommandError(`${line} ${end}:\n${lastLines(output, 40)}`));
  });
  return promise;
}

/** The end of a long text. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
