/** The virtual environment with the emulator, made once and used again as long as its requirements stay the same. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { ROOT } from './places.ts';
import { note } from './report.ts';

const REQUIREMENTS = join(ROOT, 'test/e2e/requirements.txt');
const HOME = join(ROOT, '.e2e/venv');
const STAMP = join(HOME, 'requirements.txt');

/** This machine cannot run the emulator. The message says what a person has to install. */
export class NoEmulatorError extends Error {
  override readonly name = 'NoEmulatorError';
}

/** The Python program of an environment that has all requirements. Throws NoEmulatorError. */
export async function python(): Promise<string> {
  const program = join(HOME, 'bin/python');
  const wanted = await readFile(REQUIREMENTS, 'utf8');
  const present = await readFile(STAMP, 'utf8').catch(() => '');
  if (present === wanted) return program;
  await rm(HOME, { recursive: true, force: true });
  const call = (command: string, ...args: string[]) =>
    run({ program: command, args, env: process.env, cwd: ROOT, seconds: 180 });
  await orGiveUp(
    'python3 of version 3.10 or later is needed',
    call('python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 10))'),
  );
  note(`making a virtual environment in ${HOME}`);
  await orGiveUp(
    'python3 cannot make virtual environments (Debian: install python3-venv)',
    call('python3', '-m', 'venv', HOME),
  );
  note('installing MiniStack from PyPI');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS];
  await orGiveUp('MiniStack could not be installed from PyPI', call(program, ...install));
  await writeFile(STAMP, wanted);
  return program;
}

async function orGiveUp(reason: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    throw new NoEmulatorError(`The end-to-end test cannot run: ${reason}.\n${cause}`, { cause });
  }
}
