import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { UnavailableError } from '../../lib/domain/errors.ts';
import { FileSecrets } from '../../lib/local/file-secrets.ts';

it.each([
  ['hunter2', 'hunter2'],
  ['hunter2\n', 'hunter2'],
  ['hunter2\r\n', 'hunter2'],
  [' two\nlines\n\n', ' two\nlines\n'],
  ['', ''],
])('reads %j as %j', async (written, read) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cloudtab-'));
  await mkdir(join(folder.path, 'shop'));
  await writeFile(join(folder.path, 'shop', 'token'), written);
  expect(await new FileSecrets(folder.path).read('shop', 'token')).toBe(read);
});

it('finds nothing where there is no file', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cloudtab-'));
  expect(await new FileSecrets(folder.path).read('shop', 'token')).toBeUndefined();
});

it('says what is wrong with what is there', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cloudtab-'));
  const file = join(folder.path, 'shop', 'token');
  await mkdir(file, { recursive: true });
  await expect(new FileSecrets(folder.path).read('shop', 'token')).rejects.toThrow(
    new UnavailableError(
      `Cannot read the secret ${file}: EISDIR: illegal operation on a directory, read. Make it a file that can be read.`,
    ),
  );
});

it('says where a person puts a secret', () => {
  expect(new FileSecrets('/data/secrets').place('shop', 'token')).toBe('the file /data/secrets/shop/token');
});
