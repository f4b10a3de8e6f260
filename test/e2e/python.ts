/** The virtual environment of the emulator, which is reused until its requirements change. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { ROOT } from './places.ts';
import { note } from './report.ts';

const REQUIREMENTS = join(ROOT, 'test/e2e/requirements.txt');
const HOME = join(ROOT, '.e2e/venv');
const STAMP = join(HOME, 'requirements.txt');

/** This machine cannot run the emulator. The message names the requirement that is missing. */
export class NoEmulatorError extends Error {
  override readonly name = 'NoEmulatorError';
}

/** The Python program of a virtual environment with all requirements. Throws NoEmulatorError. */
export async function python(): Promise<string> {
  const program = join(HOME, 'bin/python');
  const requirements = await readFile(REQUIREMENTS, 'utf8');
  const installedRequirements = await readFile(STAMP, 'utf8').catch(() => '');
  if (installedRequirements === requirements) return program;
  await rm(HOME, { recursive: true, force: true });
  const call = (command: string, ...args: string[]) =>
    run({ program: command, args, env: process.env, cwd: ROOT, seconds: 180 });
  await orGiveUp(
    'python3 of version 3.10 or later is needed',
    call('python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 10))'),
  );
  note(`creating a virtual environment in ${HOME}`);
  await orGiveUp(
    'python3 cannot create virtual environments (Debian: install python3-venv)',
    call('python3', '-m', 'venv', HOME),
  );
  note('installing MiniStack from PyPI');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS];
  await orGiveUp('pip cannot install MiniStack from PyPI', call(program, ...install));
  await writeFile(STAMP, requirements);
  return program;
}

async function orGiveUp(reason: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    throw new NoEmulatorError(`The end-to-end test cannot run: ${reason}.\n${cause}`, { cause });
  }
}
