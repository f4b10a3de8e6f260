import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCron } from '../../../../lib/app/operations/add-cron.ts';
import { ThrottledError } from '../../../../lib/core/domain/errors.ts';
import { attributes, has, inputValue, texts, Visitor } from '../../../support/visitor.ts';
import { makeWorld, type World } from '../../../support/world.ts';

const NEW = '/sites/default/new';
const EDIT = '/sites/default/crons/a/edit';
const URL_SECRET = '.secret:has([name="secret.url@http"])';

let world: World;
let visitor: Visitor;
beforeEach(() => {
  world = makeWorld();
  world.secrets.set('mail', 'hunter2-hunter2');
  world.secrets.set('bank', 'correct-horse');
  visitor = new Visitor(world.ports);
});
afterEach(() => world.close());

const saveHttp = (environ: object) => world.save('a', { name: 'http', periodicity: '@daily', environ });

it('The form offers the names of the secrets of the site, in one list for all fields, and no value', async () => {
  const page = await visitor.get(NEW);
  expect(attributes(page, '#secrets option', 'value')).toEqual(['bank', 'mail']);
  expect(has(page, '[name="secret.url@http"][list="secrets"]')).toBe(true);
  expect(texts(page, `${URL_SECRET} .faint`)).toEqual([
    'It replaces the text. Choose one of the site, or type a name.',
  ]);
  expect(page.text).not.toMatch(/hunter2|correct-horse/);
});

it('A site without a secret says so', async () => {
  world.secrets.clear();
  expect(texts(await visitor.get(NEW), `${URL_SECRET} .faint`)).toEqual([
    'It replaces the text. The site has no secret yet.',
  ]);
});

describe('a secret that does not exist', () => {
  const missing = (name: string) => `There is no secret “${name}” yet. Set it: cloudtab secret set ${name}`;

  it('The chosen name says how to set it', async () => {
    await saveHttp({ url: { $secret: 'shop-url' } });
    const page = await visitor.get(EDIT);
    expect(texts(page, `${URL_SECRET} .missing`)).toEqual([missing('shop-url')]);
    expect(attributes(page, '#secrets', 'data-missing')).toEqual([missing('NAME')]);
    world.secrets.set('shop-url', 'https://example.com');
    expect(texts(await visitor.get(EDIT), `${URL_SECRET} .missing`)).toEqual(['']);
  });

  it('The command names the target of the page, also where a secret is written in clear text', async () => {
    const headers = { authorization: 'Bearer 0123456789' };
    await saveHttp({ url: { $secret: 'shop-url' }, headers });
    const deployed = new Visitor({ ...world.ports, option: '--stack Shop' });
    const page = await deployed.get(EDIT);
    expect(texts(page, `${URL_SECRET} .missing`)).toEqual([`${missing('shop-url')} --stack Shop`]);
    expect(attributes(page, '#secrets', 'data-missing')).toEqual([`${missing('NAME')} --stack Shop`]);
    expect(page.text).toContain('Run: cloudtab secret set authorization --stack Shop, and write');
    const copy = { uid: 'b', name: 'task', periodicity: '@daily', environ: { headers } };
    const { message } = await addCron({ ...world.ports, option: '--stack Shop' }, 'default', copy);
    expect(message).toContain('Run: cloudtab secret set authorization --stack Shop, and write');
  });

  it('A reference within an object and in the JSON says the same', async () => {
    await saveHttp({
      url: 'https://example.com',
      headers: { a: { $secret: 'gone' }, b: { $secret: 'mail' } },
    });
    const page = await visitor.get(EDIT);
    expect(texts(page, '.field:has(> [name="environ.headers@http"]) .hint strong')).toEqual([
      missing('gone'),
    ]);
    expect(texts(page, '#environ-hint strong')).toEqual([missing('gone')]);
  });
});

describe('names that cannot be listed', () => {
  beforeEach(() => {
    const secretNames = () => Promise.reject(new ThrottledError('AWS asks for fewer calls.'));
    visitor = new Visitor({ ...world.ports, secretNames });
  });

  it('The form accepts any name, says why there is no list, and calls no name missing', async () => {
    await saveHttp({ url: { $secret: 'shop-url' } });
    const page = await visitor.get(EDIT);
    expect(page.status).toBe(200);
    expect(inputValue(page, 'secret.url@http')).toBe('shop-url');
    expect(texts(page, `${URL_SECRET} .faint`)).toEqual(['It replaces the text. AWS asks for fewer calls.']);
    expect(texts(page, `${URL_SECRET} .missing`)).toEqual(['']);
    expect(has(page, '#secrets[data-missing]')).toBe(false);
  });
});

it('Pages without the form do not list secrets', async () => {
  await saveHttp({ url: 'https://example.com' });
  let calls = 0;
  const secretNames = async () => {
    calls++;
    return [];
  };
  const counted = new Visitor({ ...world.ports, secretNames });
  for (const path of ['/', '/runs', '/sites/default', '/sites/default/crons/a', '/sites/default/settings'])
    expect((await counted.get(path)).status).toBe(200);
  expect((await counted.get('/sites/default/preview?periodicity=@daily')).status).toBe(200);
  expect(calls).toBe(0);
  await counted.get(EDIT);
  expect(calls).toBe(1);
});
