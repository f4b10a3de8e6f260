/**
 * `cloudtab secret`: keeps the secrets of a site, or that of the deployment or folder itself. No value is an argument or is
 * printed.
 */
import { createInterface } from 'node:readline/promises';
import { type Readable, Writable } from 'node:stream';
import type { OpenedSecrets } from '../../client/chosen-target.ts';
import { CloudtabError, InvalidError, NotFoundError } from '../../core/domain/errors.ts';
import { OWN_SECRETS } from '../../core/domain/names.ts';
import { didYouMean } from '../../core/domain/nearest.ts';
import { formatValue } from '../../core/domain/problem.ts';
import { MAX_SECRET_BYTES, secretNameProblems, secretValueProblems } from '../../core/domain/secret.ts';

type SecretStore = OpenedSecrets['secrets'];
export type SecretAction = 'set' | 'ls' | 'rm';

export interface SecretResult {
  readonly message: string;
  readonly changed: boolean;
  /** The names of all secrets of the site, for `ls`. */
  readonly secrets?: readonly string[];
}

export interface SecretPlace {
  /** Of the secret. */
  readonly name: string | undefined;
  readonly site: string;
}

/** Sets or removes the secret. `readValue` is called for a value once everything else is valid. */
export async function changeSecret(
  store: SecretStore,
  action: Exclude<SecretAction, 'ls'>,
  { name, site }: SecretPlace,
  readValue: () => Promise<string>,
): Promise<SecretResult> {
  if (name === undefined) {
    const fix = `Write: cloudtab secret ${action} NAME`;
    throw new InvalidError([{ where: 'NAME', got: 'nothing', wanted: 'the name of the secret', fix }]);
  }
  const problems = secretNameProblems(name, site);
  if (problems.length > 0) throw new InvalidError(problems);
  return action === 'set' ? set(store, site, name, await readValue()) : remove(store, site, name);
}

/** Lists the names of all secrets of the site, which `namesOf` reads. */
export async function listSecrets(
  namesOf: (site: string) => Promise<readonly string[]>,
  { name, site }: SecretPlace,
): Promise<SecretResult> {
  if (name !== undefined) {
    const fix = 'Leave it out: ls lists all names.';
    throw new InvalidError([{ where: 'NAME', got: formatValue(name), wanted: 'no name', fix }]);
  }
  const names = await namesOf(site);
  const message = names.length === 0 ? `${owner(site).replace(/^t/, 'T')} has no secret.` : names.join('\n');
  return { message, changed: false, secrets: names };
}

async function set(store: SecretStore, site: string, name: string, value: string): Promise<SecretResult> {
  const problems = secretValueProblems(value);
  if (problems.length > 0) throw new InvalidError(problems);
  await store.write(site, name, value);
  const use =
    site === OWN_SECRETS ? 'Each sweep requests this URL.' : `Crons refer to it as {"$secret": "${name}"}.`;
  return { message: `The secret "${name}" of ${owner(site)} is set. ${use}`, changed: true };
}

async function remove(store: SecretStore, site: string, name: string): Promise<SecretResult> {
  if (await store.remove(site, name)) {
    const end = site === OWN_SECRETS ? 'No sweep requests it any more.' : 'Runs that need it fail.';
    return { message: `The secret "${name}" of ${owner(site)} is removed. ${end}`, changed: true };
  }
  const names = await store.names(site);
  const place = site === OWN_SECRETS ? owner(site) : `site "${site}"`;
  throw new NotFoundError(`secret "${name}" not found in ${place}. ${didYouMean(name, names)}`.trim());
}

function owner(site: string): string {
  return site === OWN_SECRETS ? 'the deployment or folder' : `the site "${site}"`;
}

/** The value from the input: all of it, without its last line end; from a terminal a line, which is not shown. */
export function readSecret(
  input: Readable & { readonly isTTY?: boolean },
  prompt: Writable,
): Promise<string> {
  return input.isTTY ? askWithoutEcho(input, prompt) : readAll(input);
}

async function readAll(input: Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    // Enough to reject it.
    if (bytes > 2 * MAX_SECRET_BYTES) break;
  }
  return Buffer.concat(chunks)
    .toString()
    .replace(/\r?\n$/, '');
}

async function askWithoutEcho(input: Readable, prompt: Writable): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: nowhere, terminal: true });
  const cancelled = Promise.withResolvers<never>();
  terminal.on('SIGINT', () => terminal.close());
  terminal.on('close', () => cancelled.reject(new CloudtabError('No value was given, and nothing was set.')));
  prompt.write('Value, which is not shown: ');
  try {
    return await Promise.race([terminal.question(''), cancelled.promise]);
  } finally {
    terminal.close();
    prompt.write('\n');
  }
}
