import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hasBrowser, openBrowser } from '../../../lib/surfaces/cli/browser.ts';
import { fakeBrowser } from '../../support/fake-browser.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const URL = 'http://127.0.0.1:4242/the-secret/';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the browser of the user', () => {
  it('The browser is started with a file of the user alone that leads to the address, never with the address', async () => {
    const started = fakeBrowser();
    const close = openBrowser(URL, new VirtualClock(0));
    const { file, text } = await started();
    expect(file).toMatch(/\.html$/);
    expect(file).not.toContain('secret');
    expect(text).toContain(`<meta http-equiv="refresh" content="0; url=${URL}">`);
    expect(text).toContain('<meta name="referrer" content="no-referrer">');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    close();
  });

  it('The file is deleted after a minute', async () => {
    const started = fakeBrowser();
    const clock = new VirtualClock(0);
    openBrowser(URL, clock);
    const { file } = await started();
    await clock.advance(59_000);
    expect(existsSync(file)).toBe(true);
    await clock.advance(1_000);
    expect(existsSync(dirname(file))).toBe(false);
  });

  it('The file is deleted when the command ends, and nothing stays to be done', async () => {
    const started = fakeBrowser();
    const clock = new VirtualClock(0);
    const close = openBrowser(URL, clock);
    const { file } = await started();
    close();
    expect(existsSync(dirname(file))).toBe(false);
    expect(clock.waiting).toBe(0);
  });

  it('A browser that cannot be started is reported', async () => {
    vi.stubEnv('PATH', '/nowhere');
    const onFailure = vi.fn();
    openBrowser(URL, new VirtualClock(0), onFailure)();
    await vi.waitFor(() => expect(onFailure).toHaveBeenCalledOnce());
  });

  it.each([
    ['a desktop with X', { DISPLAY: ':0' }, 'linux', true, true],
    ['a desktop with Wayland', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true, true],
    ['macOS', {}, 'darwin', true, true],
    ['a server', {}, 'linux', true, false],
    [
      'a session from another computer',
      { DISPLAY: ':10', SSH_CONNECTION: '10.0.0.1 …' },
      'linux',
      true,
      false,
    ],
    ['a build', { CI: 'true' }, 'darwin', true, false],
    ['a program that reads the output', { DISPLAY: ':0' }, 'linux', false, false],
  ] as const)('For %s a browser is or is not expected', (_, env, platform, isTerminal, expected) => {
    expect(hasBrowser(isTerminal, env, platform)).toBe(expected);
  });
});
