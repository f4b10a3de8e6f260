import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { FileSecrets } from '../../../lib/adapters/local/file-secrets.ts';
import { InvalidError, NotFoundError } from '../../../lib/core/domain/errors.ts';
import { changeSecret, listSecrets, readSecret } from '../../../lib/surfaces/cli/secret.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { commandLine } from './command-line.ts';

const shop = (name?: string) => ({ name, site: 'shop' });
const value = (text: string) => async () => text;
const unasked = () => Promise.reject(new Error('no value was needed'));

describe('cloudtab secret', () => {
  it('set, ls and rm keep the secrets of a site, and show no value', async () => {
    const store = new FileSecrets(tempFolder());
    expect(await listSecrets((site) => store.names(site), shop())).toEqual({
      message: 'The site "shop" has no secret.',
      changed: false,
      secrets: [],
    });
    expect(await changeSecret(store, 'set', shop('token'), value('hunter2-hunter2'))).toEqual({
      message: 'The secret "token" of the site "shop" is set. Crons refer to it as {"$secret": "token"}.',
      changed: true,
    });
    await changeSecret(store, 'set', shop('api'), value('correct horse'));
    expect(await listSecrets((site) => store.names(site), shop())).toMatchObject({ message: 'api\ntoken' });
    expect(await store.read('shop', 'token')).toBe('hunter2-hunter2');
    expect(await changeSecret(store, 'rm', shop('token'), unasked)).toEqual({
      message: 'The secret "token" of the site "shop" is removed. Runs that need it fail.',
      changed: true,
    });
    await expect(changeSecret(store, 'rm', shop('apo'), unasked)).rejects.toThrow(
      new NotFoundError('secret "apo" not found in site "shop". Did you mean "api"?'),
    );
  });

  it('A value that is too short, and a name that no secret may have, are refused and not kept', async () => {
    const store = new FileSecrets(tempFolder());
    const error = await changeSecret(store, 'set', shop('token'), value('hunter2')).catch((caught) => caught);
    expect(error).toBeInstanceOf(InvalidError);
    expect(error.message).not.toContain('hunter2');
    await expect(changeSecret(store, 'set', shop('../token'), unasked)).rejects.toThrow(InvalidError);
    expect(await store.names('shop')).toEqual([]);
  });

  it('set and rm need a name, and ls takes none', async () => {
    const store = new FileSecrets(tempFolder());
    for (const action of ['set', 'rm'] as const)
      await expect(changeSecret(store, action, shop(), unasked)).rejects.toThrow(
        `NAME: got nothing, wanted the name of the secret. Write: cloudtab secret ${action} NAME`,
      );
    await expect(listSecrets((site) => store.names(site), shop('token'))).rejects.toThrow(
      'Leave it out: ls lists all names.',
    );
  });
});

describe('readSecret', () => {
  it.each([
    [['hunter2-', 'hunter2\n'], 'hunter2-hunter2'],
    [['two\nlines\n\n'], 'two\nlines\n'],
    [[], ''],
  ])('The standard input %j is the value "%s"', async (chunks, text) => {
    const input = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
    expect(await readSecret(input, new PassThrough())).toBe(text);
  });

  it('An endless input is read no further than is needed to refuse it', async () => {
    let chunks = 0;
    const endless = new Readable({
      read() {
        chunks += 1;
        this.push(Buffer.alloc(1024, 'x'));
      },
    });
    expect((await readSecret(endless, new PassThrough())).length).toBeLessThan(64 * 1024);
    expect(chunks).toBeLessThan(100);
  });

  /** A terminal on which a user types these keys, and what it shows. */
  async function typed(keys: string): Promise<{ readonly text: string; readonly shown: string }> {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
    const output = new PassThrough();
    const reading = readSecret(input, output);
    input.write(keys);
    const text = await reading.catch((error: Error) => error.message);
    return { text, shown: String(output.read()) };
  }

  it('A value that is typed on a terminal is not shown', async () => {
    const { text, shown } = await typed('hunter3\u007f2-hunter2\r');
    expect(text).toBe('hunter2-hunter2');
    expect(shown).toBe('Value, which is not shown: \n');
  });

  it.each(['\u0003', '\u0004'])('The key %j ends the question', async (key) => {
    expect(await typed(key)).toMatchObject({ text: 'No value was given, and nothing was set.' });
  });
});

describe('the command line', () => {
  const t = commandLine();

  function type(text: string): void {
    const input = Readable.from([Buffer.from(text)]);
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(input as typeof process.stdin);
  }

  it('secret set reads standard input, ls prints names alone, and rm removes', async () => {
    type('hunter2-hunter2\n');
    expect(await t.outputOf('secret', 'set', 'token')).toBe(
      'The secret "token" of the site "default" is set. Crons refer to it as {"$secret": "token"}.\n',
    );
    expect(await t.outputOf('secret', 'ls')).toBe('token\n');
    expect(await t.jsonOf('secret', 'ls')).toMatchObject({ secrets: ['token'] });
    expect(await t.jsonOf('secret', 'rm', 'token')).toMatchObject({ changed: true });
    expect(await t.cloudtab('secret', 'rm', 'token')).toBe(1);
  });

  it('The URL of the heartbeat is a secret of the deployment or folder itself, apart from those of sites', async () => {
    type('https://monitor.example/ping/1\n');
    expect(await t.outputOf('secret', 'set', 'heartbeat', '--deployment')).toBe(
      'The secret "heartbeat" of the deployment or folder is set. Each sweep requests this URL.\n',
    );
    expect(await t.outputOf('secret', 'ls', '--deployment')).toBe('heartbeat\n');
    expect(await t.outputOf('secret', 'ls')).toBe('The site "default" has no secret.\n');
    expect(await t.outputOf('secret', 'rm', 'heartbeat', '--deployment')).toBe(
      'The secret "heartbeat" of the deployment or folder is removed. No sweep requests it any more.\n',
    );
    expect(await t.outputOf('secret', 'ls', '--deployment')).toBe(
      'The deployment or folder has no secret.\n',
    );
    expect(await t.cloudtab('secret', 'rm', 'heartbeat', '--deployment')).toBe(1);
    expect(await t.cloudtab('secret', 'set', 'token', '--deployment')).toBe(2);
  });

  it('A value as an argument is refused, before anything is kept', async () => {
    expect(await t.cloudtab('secret', 'set', 'token', 'hunter2-hunter2')).toBe(2);
    expect(await t.outputOf('secret', 'ls')).toBe('The site "default" has no secret.\n');
  });
});
