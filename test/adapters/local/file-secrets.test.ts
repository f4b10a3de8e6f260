import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FileSecrets } from '../../../lib/adapters/local/file-secrets.ts';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';

it.each([
  ['hunter2', 'hunter2'],
  ['hunter2\n', 'hunter2'],
  ['hunter2\r\n', 'hunter2'],
  [' two\nlines\n\n', ' two\nlines\n'],
  ['', ''],
])('FileSecrets reads the file content %j as %j', async (content, secret) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cloudtab-'));
  await mkdir(join(folder.path, 'shop'));
  await writeFile(join(folder.path, 'shop', 'token'), content);
  expect(await new FileSecrets(folder.path).read('shop', 'token')).toBe(secret);
});

it('FileSecrets returns nothing for a missing file', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cloudtab-'));
  expect(await new FileSecrets(folder.path).read('shop', 'token')).toBeUndefined();
});

it('FileSecrets reports a file that it cannot read', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cloudtab-'));
  const file = join(folder.path, 'shop', 'token');
  await mkdir(file, { recursive: true });
  await expect(new FileSecrets(folder.path).read('shop', 'token')).rejects.toThrow(
    new UnavailableError(
      `Cannot read the secret ${file}: EISDIR: illegal operation on a directory, read. Make it a readable file.`,
    ),
  );
});

it('FileSecrets names the file of a secret', () => {
  expect(new FileSecrets('/data/secrets').location('shop', 'token')).toBe(
    'the file /data/secrets/shop/token',
  );
});
