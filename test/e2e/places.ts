/** Paths in the repository, and the account and region of the emulated AWS. */
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The programs of the project come first, so that functions in the emulator run on the same `node` as the test. */
export const PATH = [dirname(process.execPath), join(ROOT, 'node_modules/.bin'), process.env.PATH ?? ''].join(
  delimiter,
);

export const ACCOUNT = '000000000000';
export const REGION = 'eu-central-1';

/** What only the crons of the site `blog` may reach in the story of roles. */
export const LIMITS_OF_BLOG = {
  allowedHosts: ['api.blog.example'],
  allowedFunctions: ['blog-*'],
  allowedUsers: ['blog-cron'],
};
