/** Where things are, in the repository and in the emulated AWS. */
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Programs of the project first: functions in the emulator run on the `node` that is found there, as the test does. */
export const PATH = [dirname(process.execPath), join(ROOT, 'node_modules/.bin'), process.env.PATH ?? ''].join(
  delimiter,
);

export const ACCOUNT = '000000000000';
export const REGION = 'eu-central-1';
