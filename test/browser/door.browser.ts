/** Pages of other servers against the door of the dashboard, in a browser in which the user has the dashboard open. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { signingProxy } from '../../lib/adapters/aws/signing-proxy.ts';
import { newToken } from '../../lib/adapters/new-token.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { openBrowser as openUserBrowser } from '../../lib/surfaces/cli/browser.ts';
import { serve } from '../../lib/surfaces/web/local-server.ts';
import { fakeBrowser } from '../support/fake-browser.ts';
import { openBrowser } from './browser.ts';
import { DONE, walkMainPath } from './main-path.ts';
import { type Person, personAt } from './person.ts';
import { addCron, openScene, type Scene } from './scene.ts';

const NIGHTLY = { name: 'heartbeat', periodicity: '30 2 * * *' };

let browser: Browser;
let scene: Scene;
let ada: Person;
let evil: Server;
/** The headers of the requests that the other server has received. */
let received: IncomingHttpHeaders[];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  scene = await openScene();
  ada = await personAt(browser, scene.url);
  received = [];
  evil = createServer(({ headers }, response) => {
    received.push(headers);
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!doctype html><title>Evil</title><p>Hello');
  });
  evil.listen(0, '127.0.0.1');
  await once(evil, 'listening');
  await addCron(scene, 'nightly', NIGHTLY);
});
afterEach(async () => {
  await ada[Symbol.asyncDispose]();
  await scene[Symbol.asyncDispose]();
  evil.closeAllConnections();
  evil.close();
});

const evilAt = (host: string) => `http://${host}:${(evil.address() as AddressInfo).port}/`;
const isOn = async () => {
  const { cron } = await scene.laptop.ports.store.read('default', 'nightly');
  return cron?.value?.activated;
};

/** Sends the form to the address, as a page of the other server can, and returns the status of the page that follows. */
async function submitForm(action: string): Promise<number | undefined> {
  const answered = ada.page.waitForResponse((response) => response.url().startsWith(action));
  await ada.page.evaluate(`{
    const form = Object.assign(document.createElement('form'), { method: 'post', action: ${JSON.stringify(action)} });
    form.append(Object.assign(document.createElement('input'), { name: 'do', value: 'off' }));
    document.body.append(form);
    form.submit();
  }`);
  const response = await answered;
  await ada.page.waitForURL(action);
  return response.status();
}

describe.each([
  ['another server on this computer', '127.0.0.1'],
  ['another site', 'localhost'],
])('%s', (who, host) => {
  beforeEach(async () => {
    await ada.open('/sites/default');
    await ada.finds('#pick-nightly');
    await ada.page.goto(evilAt(host));
  });

  it(`${who} learns no secret when the user visits it from the dashboard`, async () => {
    await ada.open('/sites/default');
    await ada.page.evaluate(`location.href = ${JSON.stringify(evilAt(host))}`);
    await ada.page.waitForURL(evilAt(host));
    expect(received.length).toBeGreaterThan(1);
    for (const headers of received) {
      expect(headers).not.toHaveProperty('cookie');
      expect(JSON.stringify(headers)).not.toContain(new URL(scene.url).host);
    }
    expect(await ada.page.context().cookies()).toEqual([]);
  });

  it(`${who} changes nothing by a form, without the secret and with it`, async () => {
    const { origin } = new URL(scene.url);
    expect(await submitForm(`${origin}/sites/default/crons/nightly/do`)).toBe(404);
    await ada.page.goto(evilAt(host));
    expect(await submitForm(`${scene.url}/sites/default/crons/nightly/do`)).toBe(403);
    expect(await isOn()).toBe(true);
  });

  it(`${who} reads and changes nothing by a script, without the secret and with it`, async () => {
    for (const base of [new URL(scene.url).origin, scene.url]) {
      const results = await ada.page.evaluate(async (address) => {
        const attempts = [
          fetch(`${address}/api/sites`),
          fetch(`${address}/api/sites`, { headers: { authorization: 'Bearer guess' } }),
          fetch(`${address}/sites/default/crons/nightly/do`, {
            method: 'POST',
            body: new URLSearchParams({ do: 'off' }),
          }),
          fetch(`${address}/api/sites/default/crons/nightly`, {
            method: 'DELETE',
            headers: { 'x-cloudtab': '1' },
          }),
        ];
        return (await Promise.allSettled(attempts)).map(({ status }) => status);
      }, base);
      expect(results).toEqual(Array.from({ length: 4 }, () => 'rejected'));
    }
    expect(await isOn()).toBe(true);
  });

  it(`${who} does not show the dashboard in a frame`, async () => {
    const response = ada.page.waitForResponse((one) => one.url().startsWith(scene.url));
    await ada.page.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { src: '${scene.url}/sites/default' }))`,
    );
    await response;
    await ada.page
      .frames()[1]
      ?.waitForLoadState()
      .catch(() => {});
    expect(await ada.page.frames()[1]?.evaluate('document.querySelectorAll("#main").length')).toBe(0);
  });
});

describe('the door', () => {
  it('The dashboard of a deployment works behind the door of this computer', async () => {
    // The scheduler plays the deployment, and its secret the signature.
    const { origin, pathname } = new URL(scene.url);
    const proxy = signingProxy({
      url: origin,
      sign: async ({ headers }) => ({ ...headers, authorization: `Bearer ${pathname.slice(1)}` }),
      fetch,
    });
    const token = newToken();
    const server = await serve(proxy, { port: 0, token: () => token });
    const user = await personAt(browser, `${server.address}/${token}`);
    await walkMainPath(user, 'by-hand');
    expect(user.complaints).toEqual([]);
    // An open page keeps a stream of events, which the server would wait for.
    await user[Symbol.asyncDispose]();
    await server.close();
  });

  it('A name that leads to this computer gets nothing, even with the secret', async () => {
    const { port, pathname } = new URL(scene.url);
    const statusOf = async (path: string) =>
      (await ada.page.goto(`http://rebound.localhost:${port}${path}`))?.status();
    expect(await statusOf('/sites/default')).toBe(404);
    expect(await statusOf(`${pathname}/sites/default`)).toBe(421);
  });

  it('The file that the command opens leads to the dashboard, where forms and messages work', async () => {
    const started = fakeBrowser();
    onTestFinished(openUserBrowser(`${scene.url}/`, systemClock));
    onTestFinished(() => void vi.unstubAllEnvs());
    const { file } = await started();
    await ada.page.goto(`file://${file}`);
    await ada.page.waitForURL(`${scene.url}/sites/default`);
    await ada.ticks('#pick-nightly');
    await ada.page.locator('#bulk-switch summary').click();
    await ada.clicks('button', '.bulk [value="off"]');
    await ada.finds(DONE);
    expect(await isOn()).toBe(false);
    expect(ada.complaints).toEqual([]);
  });

  it('A message is shown once: the address of the page is without it, and so is a reload', async () => {
    await ada.open('/sites/default');
    await ada.ticks('#pick-nightly');
    await ada.page.locator('#bulk-switch summary').click();
    await ada.clicks('button', '.bulk [value="off"]');
    await ada.finds(DONE);
    expect(ada.page.url()).toBe(`${scene.url}/sites/default`);
    await ada.page.reload();
    await ada.finds('#pick-nightly');
    await ada.misses(DONE);
  });
});
