import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDoor } from '../../../../lib/app/door/call.ts';
import { addCron } from '../../../../lib/app/operations/add-cron.ts';
import { policyWarnings } from '../../../../lib/app/operations/cron-warnings.ts';
import { describePeriodicity } from '../../../../lib/app/operations/describe-periodicity.ts';
import { changesText } from '../../../../lib/app/operations/field-changes.ts';
import { removeCron } from '../../../../lib/app/operations/remove-cron.ts';
import type { JsonObject } from '../../../../lib/core/domain/cron.ts';
import { readCron as validate } from '../../../../lib/core/domain/cron-schema.ts';
import {
  AlreadyExistsError,
  attempt,
  type FieldChange,
  ReadOnlyError,
} from '../../../../lib/core/domain/errors.ts';
import { parseJson } from '../../../../lib/core/domain/json-text.ts';
import type { Problem } from '../../../../lib/core/domain/problem.ts';
import { problemWords } from '../../../../lib/surfaces/web/pages/problems-view.ts';
import {
  attributes,
  flash,
  has,
  hidden,
  inputValue,
  textOf,
  texts,
  type VisitedPage,
  Visitor,
} from '../../../support/visitor.ts';
import { makeWorld, type World } from '../../../support/world.ts';

let world: World;
let visitor: Visitor;
beforeEach(() => {
  world = makeWorld();
  visitor = new Visitor(world.ports);
});
afterEach(() => world.close());

const HOURLY = { name: 'task', periodicity: '0 * * * *' };
const NEW = '/sites/default/new';
const EDIT = '/sites/default/crons/a/edit';

const parameter = async (uid: string, site = 'default') =>
  JSON.parse((await world.ports.registry.read({ site, uid }))?.value ?? 'null');

/** The world, whose reads of the registry and the store are listed. */
function countReads() {
  const reads: string[] = [];
  const listed = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...parameters: unknown[]) => {
          reads.push(String(name));
          return member.apply(target, parameters);
        };
      },
    });
  const { registry, store } = world.ports;
  return { reads, ports: { ...world.ports, registry: listed(registry), store: listed(store) } };
}

/** The version of the parameter that the form edits. */
const formTag = (page: VisitedPage) => attributes(page, '.cron-form input[name="tag"]', 'value')[0] ?? '';

/** The problems of these fields of a cron, as the domain reports them. */
const problemsOf = (fields: JsonObject): readonly Problem[] =>
  validate(fields, { uid: 'a', runners: world.ports.runners }).problems;

/** The text of a problem beside its field. */
const problemAt = async (problems: readonly Problem[], where: string) => {
  const problem = problems.find((one) => one.where === where);
  if (!problem) throw new Error(`There is no problem at ${where}.`);
  return textOf(String(await problemWords(problem)));
};

describe('the form for a new cron', () => {
  it('The form for a new cron shows each runner with inputs for its settings', async () => {
    const page = await visitor.get(NEW);
    const runners = world.ports.runners.describe();
    expect(texts(page, '.runner > div > label code')).toEqual(runners.map(({ name }) => name));
    expect(texts(page, '.runner > div > label span')).toEqual(runners.map(({ summary }) => summary));
    const environOf = (runner: string) => `.runner:has(input[value="${runner}"]) .expects`;
    const http = runners.find(({ name }) => name === 'http')?.environ ?? {};
    expect(texts(page, `${environOf('http')} label code`)).toEqual(Object.keys(http));
    expect(texts(page, `${environOf('http')} label`)).toContain('url text, required');
    expect(texts(page, `${environOf('http')} .hint`)[0]).toContain(http.url?.meaning);
    const example = String(http.url?.example);
    expect(has(page, `input[name="environ.url@http"][aria-required="true"][placeholder="${example}"]`)).toBe(
      true,
    );
    expect(texts(page, '[name="environ.method@http"] option')).toEqual([
      'not set',
      ...(http.method?.values ?? []),
    ]);
    expect(has(page, 'input[name="environ.timeout@http"][inputmode="decimal"]')).toBe(true);
    expect(has(page, 'textarea[name="environ.headers@http"]')).toBe(true);
    expect(has(page, '[name="secret.url@http"]')).toBe(true);
    expect(has(page, '[name="secret.method@http"], [name="secret.body@http"]')).toBe(false);
    expect(texts(page, environOf('task'))).toEqual(['It accepts any settings.']);
    expect(has(page, '#zones option[value="Europe/Paris"]')).toBe(true);
    expect(texts(page, '#preview')).toEqual(['The schedule in words and its next five runs appear here.']);
  });

  it('The form for a new cron adds a cron, shows its page and the message of the operation', async () => {
    const fields = { name: 'task', periodicity: '@daily', timezone: 'Europe/Paris' };
    const { message } = await addCron(world.ports, 'default', { uid: 'report', ...fields });
    await removeCron(world.ports, 'default', 'report');
    const page = await visitor.post(NEW, {
      uid: 'report',
      runner: 'task',
      periodicity: '@daily',
      timezone: 'Europe/Paris',
      environ: '{"to": "ada"}',
      activated: 'on',
      timeout: '2m',
      logsLimit: '7',
      do: 'save',
    });
    expect(page.path).toBe('/sites/default/crons/report');
    expect(flash(page)).toEqual({ kind: 'done', message });
    expect(await parameter('report')).toEqual({
      ...fields,
      environ: { to: 'ada' },
      timeout: '2m',
      logsLimit: 7,
    });
  });

  it('The form for a new cron generates a missing uid and creates a missing site', async () => {
    const { path } = await visitor.post('/sites/shop/new?newSite=true', {
      runner: 'task',
      periodicity: '@daily',
    });
    const [, uid = ''] = /^\/sites\/shop\/crons\/(.+)$/.exec(path) ?? [];
    expect(await parameter(uid, 'shop')).toEqual({ name: 'task', periodicity: '@daily', activated: false });
  });

  it('The form for a new cron keeps what was typed and shows every problem at its field', async () => {
    const page = await visitor.post(NEW, {
      uid: 'no spaces',
      runner: 'http',
      periodicity: '61 * * * *',
      timezone: 'Paris',
      environ: '{"method": "GO"}',
      overlap: 'jump',
      timeout: 'long',
      logsLimit: '99',
      user: 'ada',
      description: 'two\r\nlines',
    });
    expect(page.status).toBe(422);
    expect(texts(page, '#problems h2')).toEqual(['8 problems: nothing was saved']);
    const [periodicity] = problemsOf({ ...HOURLY, periodicity: '61 * * * *' });
    expect(texts(page, '#problems li:has(a[href="#periodicity"])')).toEqual([
      `periodicity : wanted ${periodicity?.wanted}`,
    ]);
    for (const name of ['uid', 'periodicity', 'timezone', 'overlap', 'timeout', 'logsLimit']) {
      expect(has(page, `#${name}[name="${name}"][aria-invalid="true"]`)).toBe(true);
      expect(has(page, `#${name}-problems`)).toBe(true);
    }
    expect(texts(page, '#timezone-problems')[0]).toContain('"Europe/Paris"');
    expect(inputValue(page, 'uid')).toBe('no spaces');
    expect(inputValue(page, 'runner')).toBe('http');
    expect(inputValue(page, 'periodicity')).toBe('61 * * * *');
    expect(inputValue(page, 'timezone')).toBe('Paris');
    expect(inputValue(page, 'environ')).toBe('{"method": "GO"}');
    expect(inputValue(page, 'overlap')).toBe('jump');
    expect(inputValue(page, 'timeout')).toBe('long');
    expect(inputValue(page, 'logsLimit')).toBe('99');
    expect(inputValue(page, 'user')).toBe('ada');
    expect(inputValue(page, 'description')).toBe('two\nlines');
    expect(has(page, '#activated[checked]')).toBe(false);
  });

  it('The form for a new cron shows which environ fields the runner does not accept or misses', async () => {
    const page = await visitor.post(NEW, { runner: 'http', periodicity: '@daily', environ: '{"uri":"x"}' });
    const problems = problemsOf({ name: 'http', periodicity: '@daily', environ: { uri: 'x' } });
    expect(problems.map(({ where }) => where).sort()).toEqual(['environ.uri', 'environ.url']);
    expect(texts(page, '#environ-problems li').sort()).toEqual([
      `environ.uri ${await problemAt(problems, 'environ.uri')}`,
      `environ.url ${await problemAt(problems, 'environ.url')}`,
    ]);
    expect(texts(page, '#problems a[href="#environ"]')).toContain('environ.uri');
  });

  it('The form for a new cron shows where the environ is not JSON, together with the other problems', async () => {
    const page = await visitor.post(NEW, { runner: 'http', periodicity: 'often', environ: '{"url":' });
    expect(attributes(page, '#problems a', 'href').sort()).toEqual(['#environ', '#periodicity']);
    const [problem] = attempt(() => parseJson('{"url":')).problems;
    expect(problem?.got).toMatch(/\b1\b.*\b8\b/);
    expect(texts(page, '#environ-problems')[0]).toContain(problem?.got);
  });

  it('The form for a new cron requires a runner', async () => {
    const page = await visitor.post(NEW, { periodicity: '@daily' });
    expect(attributes(page, '#problems a', 'href')).toEqual(['#name']);
    const problems = problemsOf({ name: '', periodicity: '@daily' });
    expect(texts(page, '#name-problems li')).toEqual([await problemAt(problems, 'name')]);
  });

  it('The form for a new cron refuses a uid that exists and keeps what was typed', async () => {
    await world.save('a', HOURLY);
    const page = await visitor.post(NEW, { uid: 'a', runner: 'task', periodicity: '@daily' });
    expect(page.status).toBe(409);
    expect(texts(page, '[role="alert"]')).toEqual([
      `Not saved ${new AlreadyExistsError('default', 'a').message}`,
    ]);
    expect(inputValue(page, 'periodicity')).toBe('@daily');
  });

  it('The form for a new cron shows that the name of a site is not valid', async () => {
    const page = await visitor.post('/sites/Not-Valid/new?newSite=true', {
      runner: 'task',
      periodicity: '@daily',
    });
    expect(page.status).toBe(422);
    expect(texts(page, '#problems li code')).toEqual(['site']);
    expect(texts(page, '#problems li')[0]).toContain('"Not-Valid"');
  });

  it('The form for a new cron names the function of a runner "lambda:<function>"', async () => {
    const lambda = { uid: 'f', runner: 'lambda:<function>', periodicity: '@daily' };
    await visitor.post(NEW, { ...lambda, function: 'report', activated: 'on' });
    const page = await visitor.post(NEW, { ...lambda, function: 'my report' });
    expect(texts(page, '#name-problems')[0]).toContain('"lambda:my report"');
    expect(inputValue(page, 'function')).toBe('my report');
  });

  it('The form for a new cron refuses a body that is not a form', async () => {
    const { makeApp } = await import('../../../../lib/surfaces/web/app.ts');
    const headers = { 'Content-Type': 'application/json', Accept: 'text/html' };
    const response = await makeApp(makeDoor(world.ports)).request(NEW, {
      method: 'POST',
      body: '{}',
      headers,
    });
    expect(response.status).toBe(415);
    expect(await response.text()).toContain('The body is not a form. Programs send their requests to /api.');
  });
});

describe('the settings of a runner', () => {
  const URL = { $secret: 'shop-url' };
  const HTTP = { runner: 'http', periodicity: '@daily', environAs: 'fields', 'secret.url@http': 'shop-url' };

  it('The inputs of the chosen runner are saved as values of their types', async () => {
    await visitor.post(NEW, {
      ...HTTP,
      uid: 'a',
      'environ.url@http': 'https://example.com/ping',
      'environ.method@http': 'PUT',
      'environ.body@http': '{"text": "hello"}',
      'environ.timeout@http': '12.5',
      'environ.message@heartbeat': 'of another runner',
      environ: '{"url":',
    });
    expect((await parameter('a')).environ).toEqual({
      url: URL,
      method: 'PUT',
      body: { text: 'hello' },
      timeout: 12.5,
    });
  });

  it('The name of a secret is saved as a reference', async () => {
    await visitor.post(NEW, { ...HTTP, uid: 'a' });
    expect((await parameter('a')).environ).toEqual({ url: { $secret: 'shop-url' } });
    const page = await visitor.get(EDIT);
    expect(inputValue(page, 'secret.url@http')).toBe('shop-url');
    expect(inputValue(page, 'environ.url@http')).toBe('');
    expect(has(page, 'details[open] [name="secret.url@http"]')).toBe(true);
  });

  it('The JSON is saved if it is chosen, or if the runner describes no settings', async () => {
    const environ = { url: { $secret: 'of-json' } };
    await visitor.post(NEW, { ...HTTP, uid: 'a', environAs: 'json', environ: JSON.stringify(environ) });
    expect((await parameter('a')).environ).toEqual(environ);
    await visitor.post(NEW, { ...HTTP, uid: 'b', runner: 'task', environ: '{"x": 1}' });
    expect((await parameter('b')).environ).toEqual({ x: 1 });
  });

  it('A refused form shows each problem at its input, and keeps what was typed in both', async () => {
    const page = await visitor.post(NEW, {
      ...HTTP,
      'secret.url@http': '',
      'environ.timeout@http': 'ten',
      'environ.message@heartbeat': 'hello',
      environ: '{"url":',
    });
    expect(attributes(page, '#problems a', 'href').sort()).toEqual(['#environ.timeout', '#environ.url']);
    const problems = problemsOf({ name: 'http', periodicity: '@daily', environ: { timeout: 'ten' } });
    const timeout = '[name="environ.timeout@http"][id="environ.timeout"][aria-invalid="true"]';
    expect(texts(page, `.field:has(> ${timeout}) .wrong li`)).toEqual([
      await problemAt(problems, 'environ.timeout'),
    ]);
    expect(has(page, '#environ-problems')).toBe(false);
    expect(inputValue(page, 'environ.timeout@http')).toBe('ten');
    expect(inputValue(page, 'environ.message@heartbeat')).toBe('hello');
    expect(inputValue(page, 'environ')).toBe('{"url":');
    expect(inputValue(page, 'environAs')).toBe('fields');
    const again = await visitor.post(NEW, { ...HTTP, environAs: 'json', environ: '{"url":' });
    expect(inputValue(again, 'environAs')).toBe('json');
    expect(attributes(again, '#problems a', 'href')).toEqual(['#environ']);
  });

  it('The edit form fills the inputs, and chooses the JSON for an environ that they cannot hold', async () => {
    const http = { name: 'http', periodicity: '@daily' };
    await world.save('a', { ...http, environ: { url: URL, status: [200, '3xx'] } });
    const page = await visitor.get(EDIT);
    expect(inputValue(page, 'environAs')).toBe('fields');
    expect(inputValue(page, 'secret.url@http')).toBe('shop-url');
    expect(JSON.parse(inputValue(page, 'environ.status@http') ?? '')).toEqual([200, '3xx']);
    await world.save('a', { ...http, environ: { url: URL, method: 'PUT', body: '[12]' } });
    expect(inputValue(await visitor.get(EDIT), 'environAs')).toBe('json');
  });

  it('An edit of nothing but the inputs changes nothing else, and an empty environ stays as it was stored', async () => {
    await world.save('a', { name: 'heartbeat', periodicity: '@daily', environ: {} });
    const fields = { runner: 'heartbeat', periodicity: '@daily', activated: 'on', environAs: 'fields' };
    const page = await visitor.post(EDIT, { ...fields, environ: '{}', do: 'review' });
    expect(texts(page, '#changes-list')).toEqual([
      'The form has the stored values: saving it changes nothing.',
    ]);
    await visitor.post(EDIT, { ...fields, environ: '{}', 'environ.message@heartbeat': 'hello' });
    expect((await parameter('a')).environ).toEqual({ message: 'hello' });
  });
});

describe('the preview', () => {
  const PREVIEW = '/sites/default/preview';

  it('The preview describes the periodicity and shows the next five runs and the next clock change', async () => {
    const page = await visitor.get(`${PREVIEW}?periodicity=30+2+*+*+*&timezone=Europe/Paris`);
    expect(texts(page, '.words')).toEqual([describePeriodicity('30 2 * * *', '')]);
    expect(texts(page, '.planned li')).toHaveLength(5);
    expect(texts(page, '.planned li')[0]).toBe('Tue 3 Mar 02:30 CET in 14 hours');
    expect(texts(page, '.remark')).toEqual([
      'On 2026-03-29 the clock of Europe/Paris goes forward from 02:00 to 03:00: 02:30 does not exist, so it runs at 03:00.',
    ]);
  });

  it('The preview shows what is wrong with the periodicity or the time zone', async () => {
    const periodicity = await visitor.get(`${PREVIEW}?periodicity=61+*+*+*+*&timezone=UTC`);
    expect(texts(periodicity, '.wrong li')).toEqual([expect.stringContaining('"61"')]);
    const timezone = await visitor.get(`${PREVIEW}?periodicity=@daily&timezone=Mars`);
    expect(texts(timezone, '.wrong li')).toEqual([expect.stringContaining('"Mars"')]);
    const long = await visitor.get(`${PREVIEW}?periodicity=${'1,'.repeat(600)}&timezone=UTC`);
    expect(texts(long, '.wrong li')).toEqual([expect.stringContaining('at most 1024 characters')]);
  });

  it('The preview reads the site once if the periodicity is valid and seldom, and otherwise not at all', async () => {
    const { reads, ports } = countReads();
    const counted = new Visitor(ports);
    for (const periodicity of ['', '0 3 * *', '61 * * * *', '*/10 * * * *'])
      await counted.get(`${PREVIEW}?periodicity=${encodeURIComponent(periodicity)}&timezone=UTC`);
    expect(reads).toEqual([]);
    await counted.get(`${PREVIEW}?periodicity=@daily&timezone=UTC`);
    await counted.get(`${PREVIEW}?periodicity=@daily`);
    expect(reads).toEqual(['readSite', 'readSite']);
  });

  it('The preview of an empty periodicity shows neither runs nor problems', async () => {
    const page = await visitor.get(PREVIEW);
    expect(has(page, 'p.none')).toBe(true);
    expect(has(page, 'li, .words')).toBe(false);
  });

  it('The preview warns when many other crons of the site start at the same time', async () => {
    for (let n = 0; n < 19; n++)
      await world.edit(`night-${n}`, JSON.stringify({ ...HOURLY, periodicity: '@daily' }));
    const page = await visitor.get(`${PREVIEW}?periodicity=@daily`, { 'Time-Zone': 'Asia/Tokyo' });
    expect(texts(page, '.planned time')[0]).toBe('Tue 3 Mar 09:00 GMT+9');
    expect(texts(page, '.remark')).toEqual([
      expect.stringMatching(/^At Tue 3 Mar 09:00 GMT\+9 another 19 crons of this crontab start;/),
    ]);
    expect(has(await visitor.get(`${PREVIEW}?periodicity=5+1+*+*+*`), '.remark')).toBe(false);
  });

  it('The form of an edit names its cron to the preview, for the minute of “H”', async () => {
    await world.save('a', HOURLY);
    expect(inputValue(await visitor.get(EDIT), 'uid')).toBe('a');
  });

  it('A button shows the preview without a script', async () => {
    const page = await visitor.post(NEW, { periodicity: '@daily', user: 'ada', do: 'preview' });
    expect(page.status).toBe(200);
    expect(texts(page, '#preview .words')).toEqual([describePeriodicity('@daily', '')]);
    expect(inputValue(page, 'user')).toBe('ada');
    await world.save('a', HOURLY);
    const edited = await visitor.post(EDIT, { periodicity: '@weekly', do: 'preview', tag: 'x' });
    expect(texts(edited, '#preview .words')).toEqual([describePeriodicity('@weekly', 'a')]);
    expect(formTag(edited)).toBe('x');
  });
});

describe('the form for an edit', () => {
  it('The edit form starts with the fields of the parameter and leaves defaults empty', async () => {
    await world.save('a', { ...HOURLY, timeout: '2m', environ: { x: 1 }, overlap: 'buffer' });
    const page = await visitor.get(EDIT);
    expect(inputValue(page, 'periodicity')).toBe('0 * * * *');
    expect(inputValue(page, 'timeout')).toBe('2m');
    expect(inputValue(page, 'environ')).toBe('{\n  "x": 1\n}');
    expect(inputValue(page, 'overlap')).toBe('buffer');
    expect(inputValue(page, 'logsLimit')).toBe('');
    expect(inputValue(page, 'runner')).toBe('task');
    expect(texts(page, '#preview .words')).toEqual([describePeriodicity('0 * * * *', 'a')]);
  });

  it('The edit form leaves a field empty that is null in the parameter, and writes no default for it', async () => {
    await world.edit('a', JSON.stringify({ ...HOURLY, environ: null, activated: null, timeout: null }));
    const page = await visitor.get(EDIT);
    expect(inputValue(page, 'environ')).toBe('');
    expect(inputValue(page, 'timeout')).toBe('');
    expect(hidden(page, 'hasActivated')).toBe('');
    await visitor.post(EDIT, { runner: 'task', periodicity: '@daily', activated: 'on', environ: '' });
    expect(await parameter('a')).toEqual({ name: 'task', periodicity: '@daily' });
  });

  it('The edit form warns of a maxLateness below the grace, and so does the message after it was saved', async () => {
    await world.save('a', { ...HOURLY, maxLateness: '2m' });
    const page = await visitor.get(EDIT);
    expect(texts(page, '#maxLateness-hint strong')).toEqual(policyWarnings({ maxLateness: 120 }));
    const fields = { tag: formTag(page), runner: 'task', periodicity: '0 * * * *', activated: 'on' };
    const saved = await visitor.post(EDIT, { ...fields, maxLateness: '60s' });
    expect(flash(saved)?.message).toContain(policyWarnings({ maxLateness: 60 })[0]);
    await visitor.post(EDIT, { ...fields, tag: formTag(await visitor.get(EDIT)), maxLateness: '5m' });
    expect(has(await visitor.get(EDIT), '#maxLateness-hint strong')).toBe(false);
  });

  it('The edit form saves the changed fields and writes no defaults', async () => {
    await world.save('a', { ...HOURLY, user: 'ada' });
    const tag = formTag(await visitor.get(EDIT));
    const page = await visitor.post(EDIT, { tag, runner: 'task', periodicity: '@daily', activated: 'on' });
    expect(page.path).toBe('/sites/default/crons/a');
    const changes: FieldChange[] = [
      { field: 'periodicity', kind: 'changed', was: '0 * * * *', is: '@daily' },
      { field: 'user', kind: 'removed', was: 'ada' },
    ];
    expect(flash(page)).toEqual({ kind: 'done', message: expect.stringContaining(changesText(changes)) });
    expect(texts(page, '#glance dd')[0]).toBe(`${describePeriodicity('@daily', 'a')} @daily UTC`);
    expect(await parameter('a')).toEqual({ name: 'task', periodicity: '@daily' });
  });

  it('The edit form keeps the field "activated" if the parameter has it', async () => {
    await world.save('a', { ...HOURLY, activated: true });
    const page = await visitor.get(EDIT);
    expect(hidden(page, 'hasActivated')).toBe('on');
    const fields = { runner: 'task', periodicity: '0 * * * *', hasActivated: 'on' };
    expect(flash(await visitor.post(EDIT, { ...fields, activated: 'on' }))?.kind).toBe('done');
    expect((await world.ports.registry.read({ site: 'default', uid: 'a' }))?.version).toBe(1);
    await visitor.post(EDIT, fields);
    expect(await parameter('a')).toMatchObject({ activated: false });
  });

  it('An edit of a cron that was removed meanwhile keeps what was typed, and saving it again adds the cron', async () => {
    await world.save('a', HOURLY);
    const tag = formTag(await visitor.get(EDIT));
    await removeCron(world.ports, 'default', 'a');
    const fields = { uid: 'a', runner: 'task', periodicity: '@weekly', activated: 'on' };
    const refused = await visitor.post(EDIT, { ...fields, tag });
    expect(refused.status).toBe(404);
    expect(texts(refused, '[role="alert"] p')).toEqual([
      'cron "a" not found in site "default". Your input is kept; saving it adds a cron.',
    ]);
    expect(inputValue(refused, 'periodicity')).toBe('@weekly');
    expect(attributes(refused, 'form.cron-form', 'action')).toEqual([NEW]);
    expect(flash(await visitor.post(NEW, { ...fields, uid: inputValue(refused, 'uid') ?? '' }))?.kind).toBe(
      'done',
    );
    expect(await parameter('a')).toMatchObject({ periodicity: '@weekly' });
  });

  it('The edit form shows a concurrent change, keeps what was typed, and saves it at the second attempt', async () => {
    await world.save('a', HOURLY);
    const tag = formTag(await visitor.get(EDIT));
    await world.save('a', { ...HOURLY, user: 'ben' });
    const fields = { runner: 'task', periodicity: '@weekly', activated: 'on' };
    const refused = await visitor.post(EDIT, { ...fields, tag });
    expect(refused.status).toBe(412);
    expect(texts(refused, '[role="alert"] li')).toEqual(['user set "ben"']);
    expect(texts(refused, '[role="alert"] p').at(-1)).toBe(
      'Your input is kept. Saving it again replaces these changes.',
    );
    expect(texts(refused, '#changes li')).toEqual(['periodicity 0 * * * * → @weekly', 'user ben → not set']);
    expect(attributes(refused, '[role="alert"] a', 'href')).toEqual(['#changes']);
    expect(inputValue(refused, 'periodicity')).toBe('@weekly');
    const { path } = await visitor.post(EDIT, { ...fields, tag: formTag(refused) });
    expect(path).toBe('/sites/default/crons/a');
    expect(await parameter('a')).toEqual({ name: 'task', periodicity: '@weekly' });
  });

  it('Without scripts a button shows what saving would change at its own place, and saves nothing', async () => {
    await world.save('a', { ...HOURLY, environ: { x: 1, y: 2 } });
    const form = await visitor.get(EDIT);
    const tag = formTag(form);
    expect(attributes(form, '.no-js[value="review"]', 'formaction')).toEqual([`${EDIT}#changes`]);
    const fields = { tag, runner: 'task', periodicity: '@weekly', activated: 'on', do: 'review' };
    const page = await visitor.post(EDIT, { ...fields, environ: '{"x": 2, "y": 2}', tags: 'eu' });
    expect(texts(page, '#changes li')).toEqual([
      'periodicity 0 * * * * → @weekly',
      'tags not set → ["eu"]',
      'environ.x 1 → 2',
    ]);
    expect(formTag(page)).toBe(tag);
    expect(inputValue(page, 'periodicity')).toBe('@weekly');
    expect(await parameter('a')).toMatchObject({ periodicity: '0 * * * *' });
    const same = await visitor.post(EDIT, {
      ...fields,
      periodicity: '0 * * * *',
      environ: '{"x": 1, "y": 2}',
    });
    expect(texts(same, '#changes-list')).toEqual([
      'The form has the stored values: saving it changes nothing.',
    ]);
  });

  it('A review shows problems beside the changes, and keeps an environ that is not JSON as it was typed', async () => {
    await world.save('a', HOURLY);
    const page = await visitor.post(EDIT, {
      runner: 'task',
      periodicity: '61',
      environ: '{"x":',
      do: 'review',
    });
    expect(attributes(page, '#problems a', 'href').sort()).toEqual(['#environ', '#periodicity']);
    expect(inputValue(page, 'environ')).toBe('{"x":');
    expect(has(page, '#changes')).toBe(true);
  });

  it('While the user types, the answer has the difference and its summary, and costs no read and few bytes', async () => {
    const stored = { ...HOURLY, description: 'old', environ: { x: 1 } };
    await world.save('a', stored);
    const form = await visitor.get(EDIT);
    expect(texts(form, '#changes-line[role="status"]')).toEqual(['No changes yet']);
    expect(JSON.parse(attributes(form, '.cron-form', 'data-stored')[0] ?? '')).toEqual(stored);
    const { reads, ports } = countReads();
    const page = await new Visitor(ports).post(EDIT, {
      runner: 'task',
      periodicity: '@weekly',
      activated: 'on',
      description: 'new',
      environ: '{"x": 2}',
      timeout: '2m',
      do: 'changes',
      stored: JSON.stringify(stored),
    });
    expect(texts(page, '#changes-list li')).toEqual([
      'periodicity 0 * * * * → @weekly',
      'description old → new',
      'environ.x 1 → 2',
      'timeout not set → 2m',
    ]);
    expect(texts(page, '#changes-line')).toEqual([
      '4 changes: periodicity, description, environ.x and 1 more',
    ]);
    expect(reads).toEqual([]);
    expect(page.html.length).toBeLessThan(1024);
    expect(await parameter('a')).toEqual(stored);
  });

  it('The difference hides values that look like secrets, and says why an environ has no value yet', async () => {
    const { headers, ...rest } = {
      headers: { authorization: 'Bearer 0123456789', accept: '*/*' },
      to: ['x'],
    };
    const fields = { runner: 'task', ...HOURLY, activated: 'on', do: 'changes' };
    const page = await visitor.post(EDIT, {
      ...fields,
      environ: JSON.stringify({ token: 'hunter2', headers, to: ['y', 'https://ada:hunter3@example.com'] }),
      stored: JSON.stringify({ ...HOURLY, environ: { token: { $secret: 'mail' }, ...rest } }),
    });
    expect(texts(page, '#changes-list li')).toEqual([
      'environ.token {"$secret":"mail"} → (hidden)',
      'environ.to ["x"] → ["y","(hidden)"]',
      'environ.headers not set → {"authorization":"(hidden)","accept":"*/*"}',
    ]);
    expect(page.html).not.toMatch(/hunter|0123456789/);
    const broken = await visitor.post(EDIT, { ...fields, environ: '{"x":', stored: JSON.stringify(HOURLY) });
    expect(texts(broken, '#changes-line')).toEqual(['Not valid yet']);
    expect(texts(broken, '#changes-list .wrong code')).toEqual(['environ']);
    expect(has(broken, '#changes-list .none')).toBe(false);
  });

  it('A request for the difference needs the stored fields', async () => {
    const page = await visitor.post(EDIT, { runner: 'task', do: 'changes' });
    expect(page.status).toBe(400);
    expect(page.text).toContain('The form was sent without the stored fields.');
  });

  it('The form for a new cron has nothing to compare', async () => {
    expect(has(await visitor.get(NEW), '#changes, #changes-line, [data-stored], [value="review"]')).toBe(
      false,
    );
  });

  it('A duplicate starts with the fields of a cron and no uid', async () => {
    await world.save('a', { ...HOURLY, environ: { x: 1 }, tags: ['eu'] });
    const [copy = ''] = attributes(await visitor.get('/sites/default/crons/a'), '#title a.button', 'href');
    expect(copy).toBe('/sites/default/new?from=a');
    const page = await visitor.get(copy);
    expect(inputValue(page, 'uid')).toBe('');
    expect(inputValue(page, 'runner')).toBe('task');
    expect(inputValue(page, 'periodicity')).toBe('0 * * * *');
    expect(inputValue(page, 'environ')).toBe('{\n  "x": 1\n}');
    expect(inputValue(page, 'tags')).toBe('eu');
    expect((await visitor.get('/sites/default/new?from=gone')).status).toBe(404);
  });

  it('The edit form of a read-only crontab cannot be saved', async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"readOnly":true}');
    const disabledSave = 'button[name="do"][value="save"][disabled]';
    const page = await visitor.get(EDIT);
    expect(has(page, disabledSave)).toBe(true);
    expect(texts(page, '.save .hint').at(-1)).toBe('The crontab is read-only, so the form cannot be saved.');
    expect(has(await visitor.get(NEW), disabledSave)).toBe(true);
    const refused = await visitor.post(EDIT, { runner: 'task', periodicity: '@weekly', activated: 'on' });
    expect(refused.status).toBe(409);
    expect(texts(refused, '[role="alert"] p')).toEqual([new ReadOnlyError('default').message]);
  });

  it('The edit form starts with a rejected version and its problems, so that the user can fix it', async () => {
    await world.save('a', HOURLY);
    await world.edit('a', '{"name":"task","periodicity":"61 * * * *","timout":"2m","overlap":3}');
    const page = await visitor.get(EDIT);
    expect(texts(page, '#problems h2')).toEqual(['3 problems in the latest version, which is not in force']);
    expect(texts(page, '#problems a').sort()).toEqual(['overlap', 'periodicity']);
    expect(texts(page, '#problems li code')).toEqual(['timout']);
    expect(inputValue(page, 'periodicity')).toBe('61 * * * *');
    expect(inputValue(page, 'overlap')).toBe('3');
    const saved = await visitor.post(EDIT, {
      tag: formTag(page),
      runner: 'task',
      periodicity: '1 * * * *',
      activated: 'on',
    });
    expect(flash(saved)).toEqual({ kind: 'done', message: expect.stringContaining('"1 * * * *"') });
    expect(await parameter('a')).toEqual({ name: 'task', periodicity: '1 * * * *' });
  });

  it('The edit form shows an environ that is not valid as it was written, beside its problems', async () => {
    const heartbeat = { name: 'heartbeat', periodicity: '@daily' };
    await world.save('a', { ...heartbeat, environ: { message: 'hello' } });
    await world.edit('a', JSON.stringify({ ...heartbeat, environ: { message: 'bye', mesage: 'x' } }));
    const page = await visitor.get(EDIT);
    expect(JSON.parse(inputValue(page, 'environ') ?? '')).toEqual({ message: 'bye', mesage: 'x' });
    expect(inputValue(page, 'environAs')).toBe('json');
    expect(texts(page, '#environ-problems li')[0]).toContain('"message"');
    await world.edit('a', JSON.stringify({ ...heartbeat, environ: 'none' }));
    expect(inputValue(await visitor.get(EDIT), 'environ')).toBe('"none"');
  });

  it('The edit form starts with the last valid version if the parameter is not JSON', async () => {
    await world.save('a', { ...HOURLY, user: 'ada' });
    await world.edit('a', 'hunter2');
    const page = await visitor.get(EDIT);
    expect(texts(page, '#problems li code')).toEqual(['value']);
    expect(inputValue(page, 'user')).toBe('ada');
    expect(inputValue(page, 'timeout')).toBe('');
    expect(page.html).not.toContain('hunter2');
  });

  it('The edit form keeps the name of a runner that is no longer registered', async () => {
    await world.edit('a', '{"name":"old","periodicity":"@daily"}');
    const page = await visitor.get(EDIT);
    expect(has(page, '#runner-other[value="other"][checked]')).toBe(true);
    expect(inputValue(page, 'otherRunner')).toBe('old');
    const refused = await visitor.post(EDIT, {
      runner: 'other',
      otherRunner: 'older',
      periodicity: '@daily',
    });
    expect(texts(refused, '#name-problems')[0]).toContain('"older"');
  });

  it('The edit form of an unknown cron answers 404', async () => {
    expect((await visitor.get('/sites/default/crons/gone/edit')).status).toBe(404);
    expect((await visitor.post('/sites/default/crons/gone/edit', { periodicity: '@daily' })).status).toBe(
      404,
    );
  });
});
