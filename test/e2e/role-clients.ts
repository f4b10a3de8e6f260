/** Commands and programs of callers with different roles, at the real function URL. */
import { deepEqual, match, rejects } from 'node:assert/strict';
import { openUrl } from '../../lib/surfaces/sdk/crontabs.ts';
import { type Cloudtab, commandLine } from './command-line.ts';
import { step } from './report.ts';

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const UID = 'night';

/**
 * The site `shop` has the cron; the operator has a role there alone. The callers have no permission but to call the URL.
 */
export async function useClients(
  url: string,
  credentialsOf: (role: string) => Promise<RoleCredentials>,
): Promise<void> {
  const environmentOf = async (role: string) => variables(await credentialsOf(role));
  const as = async (role: string) => commandLine('', { url, env: await environmentOf(role) });
  const [viewer, operator, editor] = await Promise.all(['viewer', 'operator', 'editor'].map(as));
  if (!viewer || !operator || !editor) throw new Error('a caller is missing');

  await step('By the command line each role does what it may, and is refused the rest', async () => {
    deepEqual((await viewer('whoami')).role, 'viewer');
    deepEqual((await operator('whoami')).sites, [{ site: 'shop', role: 'operator' }]);
    deepEqual(uidsOf(await viewer('ls', '--site', 'shop')).includes(UID), true);
    await refused(viewer, 'off', UID, '--site', 'shop');
    await refused(viewer, 'run', UID, '--site', 'shop', '--no-wait');
    await operator('off', UID, '--site', 'shop', '--note', 'while the shop moves');
    await operator('on', UID, '--site', 'shop');
    await refused(operator, 'edit', UID, '--timeout', '60', '--site', 'shop');
    await refused(operator, 'ls', '--site', 'blog');
    await editor('edit', UID, '--timeout', '60', '--site', 'shop');
    await refused(viewer, 'rm', UID, '--site', 'shop');
  });
  await step('By a program each role does what it may, and is refused the rest', async () => {
    await withVariables(await environmentOf('viewer'), async () => {
      await using crontabs = await openUrl(url);
      const crontab = await crontabs.load('shop');
      crontab.edit(UID, { description: 'mine' });
      await rejects(crontab.save(), { name: 'ForbiddenError' });
    });
    await withVariables(await environmentOf('editor'), async () => {
      await using crontabs = await openUrl(url);
      const crontab = await crontabs.load('shop');
      crontab.edit(UID, { description: 'by a program' });
      deepEqual((await crontab.save()).changed, true);
    });
  });
}

/** The credentials as environment variables. */
export function variables({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: RoleCredentials): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}

function uidsOf({ crons }: { readonly crons: readonly { readonly uid: string }[] }): string[] {
  return crons.map(({ uid }) => uid);
}

export async function refused(cloudtab: Cloudtab, ...words: string[]): Promise<void> {
  await rejects(cloudtab(...words), ({ message }: Error) => {
    match(message, /this needs the role/);
    return true;
  });
}

/** Does the work in this process with these variables of the environment. */
export async function withVariables(env: Record<string, string>, work: () => Promise<void>): Promise<void> {
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  try {
    await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
