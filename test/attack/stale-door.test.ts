/** A scheduler that died leaves its address. Another account of the computer listens there since. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { FolderDoor } from '../../lib/adapters/local/folder-door.ts';
import { openFolderClient } from '../../lib/client/folder-client.ts';
import { openFolder } from '../../lib/surfaces/sdk/crontabs.ts';
import { knownFolder } from '../support/known-folder.ts';

it('Commands and programs send the secret of a folder to no address of a scheduler that has ended', async () => {
  const headers: unknown[] = [];
  const stranger = createServer((request, response) => {
    headers.push(request.headers);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void stranger.close());
  await once(stranger, 'listening');
  const { port } = stranger.address() as AddressInfo;
  const dir = knownFolder();
  // Another process of the user has the ID of the one that died.
  new FolderDoor(dir).open({ address: `http://127.0.0.1:${port}`, version: '0.1.0', pid: process.ppid });
  await using client = await openFolderClient(dir);
  expect(client.note).toContain('The scheduler is not running.');
  await using crontabs = await openFolder(dir);
  crontabs.subscribe(() => undefined);
  expect(await crontabs.sites()).toEqual(['default']);
  expect(headers).toEqual([]);
});
