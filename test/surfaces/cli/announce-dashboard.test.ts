import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FolderDoor } from '../../../lib/adapters/local/folder-door.ts';
import { announceDashboard } from '../../../lib/surfaces/cli/announce-dashboard.ts';
import { fakeBrowser } from '../../support/fake-browser.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const ADDRESS = 'http://127.0.0.1:4242';

let dir: string;
let out: string;
beforeEach(() => {
  dir = tempFolder();
  out = '';
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function announce(options: { isTerminal: boolean; browser?: boolean; json?: true }) {
  const write = (text: string) => {
    out += stripVTControlCharacters(text);
  };
  const server = { address: ADDRESS, note: 'A note.\n' };
  return announceDashboard(server, new FolderDoor(dir), { dir, write, browser: false, ...options });
}

it('The secret address is written on a terminal', () => {
  announce({ isTerminal: true });
  expect(out).toBe(`A note.\nDashboard: ${ADDRESS}/${new FolderDoor(dir).token()}/\n\n`);
});

it('Only the way to the secret address is written to a file or to another program', () => {
  announce({ isTerminal: false });
  expect(out).toBe(
    `A note.\nDashboard: ${ADDRESS}, below a secret path that "cloudtab door --dir ${dir}" prints\n\n`,
  );
  out = '';
  announce({ isTerminal: true, json: true });
  expect(JSON.parse(out)).toEqual({ address: ADDRESS });
});

it('A user of a desktop gets the dashboard in the browser, unless --no-browser is given', async () => {
  vi.stubEnv('CI', '');
  vi.stubEnv('SSH_CONNECTION', '');
  vi.stubEnv('DISPLAY', ':0');
  const started = fakeBrowser();
  const close = announce({ isTerminal: true, browser: true });
  const { file, text } = await started();
  expect(text).toContain(`${ADDRESS}/${new FolderDoor(dir).token()}/`);
  close?.();
  expect(existsSync(dirname(file))).toBe(false);
});
