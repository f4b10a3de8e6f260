// cspell:ignore quot
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDoor } from '../../../lib/app/door/call.ts';
import { makeApp } from '../../../lib/surfaces/web/app.ts';
import { type Application, behindDoor } from '../../../lib/surfaces/web/local-door.ts';
import { makeWorld, type World } from '../../support/world.ts';

const TOKEN = 'a'.repeat(43);
const OTHER = 'b'.repeat(43);
const HOST = '127.0.0.1:4242';

let world: World;
let token: string;
let door: Application;
beforeEach(() => {
  world = makeWorld();
  token = TOKEN;
  door = behindDoor(makeApp(makeDoor(world.ports)), () => token);
});
afterEach(() => world.close());

async function ask(path: string, init: RequestInit = {}, host = HOST): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('Host', host);
  return await door.fetch(new Request(`http://${HOST}${path}`, { ...init, headers }));
}

const bearer = (secret: string) => ({ headers: { Authorization: `Bearer ${secret}` } });

/** An application that always answers this. */
function answering(...response: ConstructorParameters<typeof Response>): void {
  door = behindDoor({ fetch: () => new Response(...response) }, () => token);
}

describe('a door without its token', () => {
  it('Every path, method and guess has the same response, which names the commands that print the address', async () => {
    const responses = await Promise.all([
      ask('/'),
      ask('/health'),
      ask('/sites/default'),
      ask('/assets/x/style.css'),
      ask('/api/sites', { method: 'POST' }),
      ask(`/${OTHER}/`),
      ask(`/${TOKEN.slice(1)}/`),
      ask(`/${TOKEN}a/`),
      ask(`//${TOKEN}/`),
      ask(`/health?token=${TOKEN}`),
      ask('/health', bearer(OTHER)),
      ask('/health', { headers: { Authorization: TOKEN } }),
      ask('/health', { headers: { Cookie: `token=${TOKEN}` } }),
      ask('/', {}, 'rebound.example.com'),
    ]);
    const [first, ...others] = await Promise.all(
      responses.map(async (one) => ({
        status: one.status,
        headers: Object.fromEntries(one.headers),
        text: await one.text(),
      })),
    );
    for (const other of others) expect(other).toEqual(first);
    expect(first).toMatchObject({
      status: 404,
      headers: { 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
      text: 'Not found. The address of this server contains a secret. For the crontab of a folder "cloudtab door" prints it, and for a deployment "cloudtab open".\n',
    });
  });
});

describe('a door with its token', () => {
  it.each(['', '/'])('The path of the token leads to the application (with "%s" behind it)', async (end) => {
    await world.save('a', { name: 'task', periodicity: '@daily' });
    const response = await ask(`/${TOKEN}${end}`);
    expect(response.status).toBe(302);
    expect(response.headers.get('Location')).toBe(`/${TOKEN}/sites/default`);
  });

  it('A program sends the token as a bearer and the paths of the API as they are', async () => {
    const init = {
      ...bearer(TOKEN),
      method: 'POST',
      body: '{"uid":"a","name":"task","periodicity":"@daily"}',
    };
    const added = await ask('/api/sites/default/crons', {
      ...init,
      headers: { ...init.headers, 'Content-Type': 'application/json' },
    });
    expect(added.status).toBe(201);
    expect(added.headers.get('Location')).toBe('/api/sites/default/crons/a');
  });

  it('A new token counts at once, and the old one does not any more', async () => {
    expect((await ask(`/${TOKEN}/health`)).status).toBe(200);
    token = OTHER;
    expect((await ask(`/${TOKEN}/health`)).status).toBe(404);
    expect((await ask('/health', bearer(TOKEN))).status).toBe(404);
    expect((await ask(`/${OTHER}/health`)).status).toBe(200);
  });

  it('The application sees the path without the token, and otherwise unchanged', async () => {
    let asked = '';
    door = behindDoor(
      {
        fetch({ url }) {
          asked = url;
          return new Response();
        },
      },
      () => token,
    );
    await ask(`/${TOKEN}/sites/a%20b//c?q=1%2F2`);
    expect(asked).toBe(`http://${HOST}/sites/a%20b//c?q=1%2F2`);
  });

  it('The paths in pages get the secret path, and neither other attributes, texts nor other types do', async () => {
    const page = [
      '<a href="/x" title="/y"><link href="/z"><form action="/a"><input name="back" value="/b">',
      '<details data-sites="/c" data-preview="/d"><script src="/e"></script><button formaction="/f">',
      '<a href="//elsewhere"><a href="https://elsewhere/f"><a href="#g"> href=&quot;/h&quot;',
    ].join('\n');
    answering(page, { headers: { 'Content-Type': 'text/html; charset=UTF-8' } });
    expect(await (await ask(`/${TOKEN}/`)).text()).toBe(
      [
        `<a href="/${TOKEN}/x" title="/y"><link href="/${TOKEN}/z"><form action="/${TOKEN}/a"><input name="back" value="/b">`,
        `<details data-sites="/${TOKEN}/c" data-preview="/${TOKEN}/d"><script src="/${TOKEN}/e"></script><button formaction="/${TOKEN}/f">`,
        '<a href="//elsewhere"><a href="https://elsewhere/f"><a href="#g"> href=&quot;/h&quot;',
      ].join('\n'),
    );
    expect(await (await ask('/', bearer(TOKEN))).text()).toBe(page);
    answering(page, { headers: { 'Content-Type': 'application/json' } });
    expect(await (await ask(`/${TOKEN}/`)).text()).toBe(page);
  });

  it.each([
    ['/sites/a?b=/c', `/${TOKEN}/sites/a?b=/c`],
    ['https://console.example.com/logs', 'https://console.example.com/logs'],
    ['//elsewhere/x', '//elsewhere/x'],
  ])('A redirect to %s leads to %s', async (location, expected) => {
    answering(null, { status: 303, headers: { Location: location } });
    expect((await ask(`/${TOKEN}/`)).headers.get('Location')).toBe(expected);
  });

  it('Browsers are asked to send no referrer, which would contain the token', async () => {
    answering('');
    expect((await ask(`/${TOKEN}/`)).headers.get('Referrer-Policy')).toBe('no-referrer');
  });

  it.each(['127.0.0.1', '127.0.0.1:4242', 'localhost:4242', 'LOCALHOST', '[::1]:4242'])(
    'A request for the host %s is answered',
    async (host) => {
      expect((await ask(`/${TOKEN}/health`, {}, host)).status).toBe(200);
    },
  );

  it.each([
    'example.com',
    '127.0.0.1.example.com',
    'localhost.example.com:4242',
    '127.0.0.1:4242@example.com',
    '',
    '0.0.0.0',
  ])('A request for the host "%s" is refused', async (host) => {
    expect(await (await ask(`/${TOKEN}/health`, {}, host)).json()).toMatchObject({
      status: 421,
      title: 'Misdirected Request',
    });
  });

  it('The URL is checked if a request has no Host header', async () => {
    expect((await door.fetch(new Request(`http://localhost/${TOKEN}/health`))).status).toBe(200);
    expect((await door.fetch(new Request(`http://example.com/${TOKEN}/health`))).status).toBe(421);
  });

  it.each([
    ['another origin', { Origin: 'https://evil.example' }],
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another port of this computer', { 'Sec-Fetch-Site': 'same-site' }],
    ['an unknown origin', { Origin: 'null' }],
  ])(
    'A change from %s is refused before the application is asked',
    async (_, headers: Record<string, string>) => {
      answering('done');
      expect((await ask(`/${TOKEN}/x`, { method: 'POST', body: 'a=b', headers })).status).toBe(403);
    },
  );

  it('A body of more than 64 KB is refused before the application is asked', async () => {
    answering('done');
    const init = { method: 'POST', headers: { 'X-Cloudtab': '1' } };
    const refused = await ask(`/${TOKEN}/x`, { ...init, body: 'x'.repeat(64 * 1024 + 1) });
    expect(await refused.json()).toMatchObject({ status: 413 });
    expect((await ask(`/${TOKEN}/x`, { ...init, body: 'x'.repeat(64 * 1024) })).status).toBe(200);
  });
});

describe('the pages behind a door', () => {
  it.each([
    '/sites',
    '/sites/default',
    '/sites/default/settings',
    '/sites/default/new',
    '/sites/default/crons/a',
    '/sites/default/crons/a/edit',
    '/sites/default/crons/a/history',
    '/sites/nowhere/x',
  ])('Every path of the page %s that a browser may follow is below the secret path', async (path) => {
    await world.save('a', { name: 'task', periodicity: '@daily' });
    await world.save('a', { name: 'task', periodicity: '@hourly' });
    const page = await (await ask(`/${TOKEN}${path}`, { headers: { Accept: 'text/html' } })).text();
    const texts = ['value', 'placeholder'];
    const paths = [...page.matchAll(/ ([\w-]+)="(\/[^"]*)"/g)].filter(
      ([, name = '']) => !texts.includes(name),
    );
    expect(paths.length).toBeGreaterThan(5);
    for (const [, , value] of paths) expect(value).toMatch(new RegExp(`^/${TOKEN}/`));
  });
});
