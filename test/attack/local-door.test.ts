/**
 * Attacks on the dashboard of a folder from the same computer: another account, a container with the host's network, a program
 * in a sandbox, and a page of a foreign name that leads here. The scheduler runs in a process of its own.
 * other-account.accounts.ts has the attacks that need another account, test/browser/door.browser.ts those by pages.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { type Door, FolderDoor } from '../../lib/adapters/local/folder-door.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { openBrowser } from '../../lib/surfaces/cli/browser.ts';
import { fakeBrowser } from '../support/fake-browser.ts';
import { inOtherProcess } from '../support/other-process.ts';
import { COMMAND, type StartedScheduler, startScheduler } from '../support/started-scheduler.ts';

const EVIL = { uid: 'evil', name: 'http', periodicity: '@yearly', environ: { url: 'http://127.0.0.1:1/' } };

let scheduler: StartedScheduler;
let dir: string;
let door: Door;

beforeAll(async () => {
  scheduler = await startScheduler();
  ({ dir, door } = scheduler);
});
afterAll(() => scheduler[Symbol.asyncDispose]());

/** The crons of the folder, as its files are. */
const crons = () => readdirSync(join(folderOf(dir).parameters, 'default', 'crons'));

/** Sends the bytes to the dashboard and returns the status line and the body of the response. */
async function send(...lines: string[]): Promise<{ readonly status: string; readonly body: string }> {
  const socket = connect(Number(new URL(door.address).port), '127.0.0.1');
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'));
  const response = await text(socket);
  const [status = ''] = response.split('\r\n');
  return { status, body: response.slice(response.indexOf('\r\n\r\n') + 4) };
}

/** The status of a request with that host name, which `fetch` cannot set. */
async function statusFor(path: string, headers: Record<string, string>, method = 'GET') {
  const outgoing = request(`${door.address}${path}`, { headers, method });
  outgoing.end();
  const [response] = await once(outgoing, 'response');
  response.resume();
  return response.statusCode;
}

describe('another account of this computer', () => {
  it('It gets the same 404 for every path and every change, and changes nothing', async () => {
    const before = crons();
    const answers = await inOtherProcess(
      `const ask = async (path, init = {}) => {
        const response = await fetch(input.address + path, init);
        return { status: response.status, text: await response.text(), cookies: response.headers.getSetCookie() };
      };
      const json = { 'content-type': 'application/json', 'x-cloudtab': '1' };
      return Promise.all([
        ask('/'), ask('/health'), ask('/sites/default'), ask('/api/sites'), ask('/api/openapi.json'),
        ask('/api/sites/default/crons', { method: 'POST', headers: json, body: JSON.stringify(input.evil) }),
        ask('/api/sites/default/crons/every-minute/run', { method: 'POST', headers: json }),
        ask('/api/sites/default/crons/every-minute', { method: 'DELETE', headers: json }),
        ask('/api/sites', { headers: { authorization: 'Bearer ' + 'a'.repeat(43) } }),
        ask('/' + 'a'.repeat(43) + '/sites'),
      ]);`,
      { address: door.address, evil: EVIL },
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toEqual({
      status: 404,
      text: expect.stringContaining('"cloudtab door"'),
      cookies: [],
    });
    expect(crons()).toEqual(before);
  });

  it('It cannot read the secret in the files of the folder', async () => {
    const { token, door: doorFile } = folderOf(dir);
    for (const file of [token, doorFile]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(statSync(file).uid).toBe(process.getuid?.());
    }
  });

  it('It finds the secret neither in the arguments of a process nor in the file that leads the browser', async () => {
    const url = `${door.address}/${door.token}/`;
    const started = fakeBrowser();
    onTestFinished(openBrowser(url, systemClock));
    onTestFinished(() => void vi.unstubAllEnvs());
    const { file, text: page } = await started();
    expect(page).toContain(url);
    expect(file).not.toContain(door.token);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const lines: string[] = await inOtherProcess(
      `const { existsSync, readdirSync, readFileSync } = await import('node:fs');
      const { execFileSync } = await import('node:child_process');
      const read = (file) => { try { return readFileSync(file, 'utf8'); } catch { return ''; } };
      const ids = existsSync('/proc/self') ? readdirSync('/proc').filter((name) => /^\\d+$/.test(name)) : [];
      const lines = ids.map((id) => read('/proc/' + id + '/cmdline'));
      return ids.length > 0 ? lines : [execFileSync('ps', ['-Ao', 'args'])];`,
      null,
    );
    expect(lines.join('\n')).toContain(dir);
    expect(lines.join('\n')).not.toContain(door.token);
  });
});

describe('a program without the secret', () => {
  it('It cannot keep the owner out by holding connections, whether it asks for something or not', async () => {
    const port = Number(new URL(door.address).port);
    const sockets = Array.from({ length: 100 }, () =>
      connect(port, '127.0.0.1').on('error', () => undefined),
    );
    onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
    for (const [index, socket] of sockets.entries())
      socket.write(index % 2 === 0 ? 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n' : 'GET / HTTP/1.1\r\n');
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    expect(await statusFor(`/${door.token}/health`, {})).toBe(200);
  });

  it.each([
    ['GET / HTTP/1.1'],
    ['GET // HTTP/1.1'],
    ['GET /%2e%2e/health HTTP/1.1'],
    ['GET http://evil.example/health HTTP/1.1'],
    ['DELETE /api/sites HTTP/1.1'],
    ['OPTIONS /api/sites HTTP/1.1'],
  ])('The request line "%s" is answered as any other', async (line) => {
    const { status, body } = await send(line, 'Host: 127.0.0.1');
    expect(status).toBe('HTTP/1.1 404 Not Found');
    expect(body).toBe((await send('GET /x HTTP/1.1', 'Host: 127.0.0.1')).body);
  });

  it('A beginning of the secret, and its other cases, are no secret', async () => {
    const { token } = door;
    for (const guess of [token.slice(0, -1), token.toUpperCase(), `${token}x`, `%${token}`, '']) {
      expect(await statusFor(`/${guess}/health`, {})).toBe(404);
      expect(await statusFor('/health', { authorization: `Bearer ${guess}` })).toBe(404);
    }
    expect(await statusFor(`/${token}/health`, {})).toBe(200);
  });
});

describe('a page of a foreign name that leads to this computer (DNS rebinding)', () => {
  it('It gets nothing without the secret, and nothing with it', async () => {
    const host = `rebound.example:${new URL(door.address).port}`;
    expect(await statusFor('/health', { host })).toBe(404);
    expect(await statusFor(`/${door.token}/health`, { host })).toBe(421);
    expect(await statusFor('/health', { host, authorization: `Bearer ${door.token}` })).toBe(421);
  });

  it('Its change is refused although it knows the secret', async () => {
    const origin = 'http://rebound.example';
    const fromPage: Record<string, string>[] = [
      { origin },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of fromPage) {
      expect(await statusFor(`/${door.token}/sites/default/do`, headers, 'POST')).toBe(403);
    }
  });
});

describe('the secret', () => {
  it('It is neither in the output of the scheduler nor in any file but its own', async () => {
    for (const path of ['/sites/default', '/nowhere', '/api/sites/nowhere', '/sites/%']) {
      await fetch(`${door.address}/${door.token}${path}`, { headers: { accept: 'text/html' } });
    }
    // The lines of the requests are written.
    await vi.waitFor(() => expect(readdirSync(folderOf(dir).logs)).not.toEqual([]));
    expect(scheduler.output()).toContain(door.address);
    expect(scheduler.output()).not.toContain(door.token);
    const containing = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file).includes(door.token));
    expect(containing.sort()).toEqual([folderOf(dir).door, folderOf(dir).token].sort());
  });

  it('It is in no cookie, which a browser would send to every other port of this computer', async () => {
    for (const path of ['/', '/sites/default', '/api/sites', '/nowhere']) {
      const { headers } = await fetch(`${door.address}/${door.token}${path}`, { redirect: 'manual' });
      expect(headers.getSetCookie()).toEqual([]);
    }
  });

  it('A new one counts at once in the scheduler that runs, and the old address is as any other', async () => {
    const old = door.token;
    const renew = spawn(process.execPath, [COMMAND, 'door', '--renew', '--dir', dir]);
    const dashboard = (await text(renew.stdout)).trim();
    expect((await fetch(`${dashboard}health`)).status).toBe(200);
    expect(dashboard).not.toContain(old);
    expect(await statusFor(`/${old}/health`, {})).toBe(404);
    door = new FolderDoor(dir).current() ?? door;
    expect(dashboard).toBe(`${door.address}/${door.token}/`);
  });
});
