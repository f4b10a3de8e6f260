import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hidden, Visitor } from '../../support/visitor.ts';
import { makeWorld, type World } from '../../support/world.ts';

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

describe('the form for a new cron', () => {
  it('shows the registered runners with what each expects', async () => {
    const { text, html } = await visitor.get(NEW);
    expect(text).toContain('http Calls a URL and expects a status.');
    expect(text).toContain('url string, needed The URL to call');
    expect(text).toContain('task It takes any settings.');
    expect(html).toContain('<option value="Europe/Paris"></option>');
    expect(text).toContain('What you type is put in words here, with the next five runs.');
  });

  it('adds a cron, and shows it', async () => {
    const { path, text } = await visitor.post(NEW, {
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
    expect(path).toBe('/sites/default/crons/report');
    expect(text).toContain('Added "report" to the crontab of "default".');
    expect(await parameter('report')).toEqual({
      name: 'task',
      periodicity: '@daily',
      timezone: 'Europe/Paris',
      environ: { to: 'ada' },
      timeout: '2m',
      logsLimit: 7,
    });
  });

  it('gives a uid to a cron that has none, and makes its site', async () => {
    const { path } = await visitor.post('/sites/shop/new', { runner: 'task', periodicity: '@daily' });
    const [, uid = ''] = /^\/sites\/shop\/crons\/(.+)$/.exec(path) ?? [];
    expect(await parameter(uid, 'shop')).toEqual({ name: 'task', periodicity: '@daily', activated: false });
  });

  it('comes back as typed with all problems at their fields', async () => {
    const { status, text, html } = await visitor.post(NEW, {
      uid: 'no spaces',
      runner: 'http',
      periodicity: '61 * * * *',
      timezone: 'Paris',
      environ: '{"method": "GO"}',
      overlap: 'jump',
      timeout: 'long',
      logsLimit: '99',
      user: 'ada',
    });
    expect(status).toBe(422);
    expect(text).toContain('8 problems: nothing was saved');
    expect(html).toContain('<a href="#periodicity">periodicity</a>: wanted');
    for (const name of ['uid', 'periodicity', 'timezone', 'overlap', 'timeout', 'logsLimit']) {
      expect(html).toMatch(new RegExp(`id="${name}" name="${name}"[^>]* aria-invalid="true"`));
      expect(html).toContain(`id="${name}-problems"`);
    }
    for (const typed of ['no spaces', '61 * * * *', 'Paris', 'long', '99', 'ada', 'jump']) {
      expect(html).toContain(`value="${typed}"`);
    }
    expect(html).toContain('{&quot;method&quot;: &quot;GO&quot;}</textarea>');
    expect(html).toMatch(/value="http" id="runner-\d" checked/);
    expect(html).not.toContain('id="activated" value="on" checked');
    expect(text).toContain('Did you mean "Europe/Paris"?');
  });

  it('tells what a runner does not understand', async () => {
    const { text, html } = await visitor.post(NEW, {
      runner: 'http',
      periodicity: '@daily',
      environ: '{"uri":"x"}',
    });
    expect(text).toContain('environ.uri Got "x", wanted one of the settings');
    expect(text).toContain('environ.url Got nothing');
    expect(html).toContain('<a href="#environ">environ.uri</a>');
  });

  it('tells where an environ is no JSON, along with all else', async () => {
    const { text, html } = await visitor.post(NEW, {
      runner: 'http',
      periodicity: 'often',
      environ: '{"url":',
    });
    expect(text).toContain('2 problems: nothing was saved');
    expect(text).toContain('Got an end at line 1, column 8');
    expect(html).toContain('<a href="#periodicity">');
  });

  it('asks for a runner', async () => {
    const { text, html } = await visitor.post(NEW, { periodicity: '@daily' });
    expect(html).toContain('<a href="#name">name</a>');
    expect(text).toContain('Say which runner does the task');
  });

  it('refuses a uid that is taken, and keeps what was typed', async () => {
    await world.save('a', HOURLY);
    const { status, text, html } = await visitor.post(NEW, {
      uid: 'a',
      runner: 'task',
      periodicity: '@daily',
    });
    expect(status).toBe(409);
    expect(text).toContain('Not saved The crontab of "default" has a cron "a" already.');
    expect(html).toContain('value="@daily"');
  });

  it('says what is wrong with the name of a site', async () => {
    const { status, text } = await visitor.post('/sites/Not-Valid/new', {
      runner: 'task',
      periodicity: '@daily',
    });
    expect(status).toBe(422);
    expect(text).toContain('site Got "Not-Valid", wanted 1 to 16 lower-case letters');
  });

  it('names a function for the family of functions', async () => {
    await visitor.post(NEW, {
      uid: 'f',
      runner: 'lambda:<function>',
      function: 'report',
      periodicity: '@daily',
      activated: 'on',
    });
    const { text, html } = await visitor.post(NEW, {
      uid: 'f',
      runner: 'lambda:<function>',
      function: 'my report',
      periodicity: '@daily',
    });
    expect(text).toContain('Got "lambda:my report"');
    expect(html).toContain('id="function" name="function" value="my report"');
  });

  it('takes forms alone', async () => {
    const { makeApp } = await import('../../../lib/admin/app.ts');
    const headers = { 'Content-Type': 'application/json', Accept: 'text/html' };
    const response = await makeApp(world.ports).request(NEW, { method: 'POST', body: '{}', headers });
    expect(response.status).toBe(415);
    expect(await response.text()).toContain('This page takes forms; programs use /api.');
  });
});

describe('the preview', () => {
  it('says in words what was typed, with the next five runs', async () => {
    const { text, html } = await visitor.get(
      '/sites/default/preview?periodicity=30+2+*+*+*&timezone=&crontabTimezone=Europe/Paris',
    );
    expect(text).toMatch(/^At 02:30 Tue 3 Mar 02:30 in 14 h/);
    expect(html.match(/<li>/g)).toHaveLength(5);
  });

  it('says what is wrong', async () => {
    expect((await visitor.get('/sites/default/preview?periodicity=61+*+*+*+*&timezone=UTC')).text).toContain(
      'Got "61"',
    );
    expect((await visitor.get('/sites/default/preview?periodicity=@daily&timezone=Mars')).text).toContain(
      'Got "Mars"',
    );
  });

  it('waits for something to be typed', async () => {
    expect((await visitor.get('/sites/default/preview')).text).toContain(
      'What you type is put in words here',
    );
  });

  it('works by a button where there is no script', async () => {
    const { status, text, html } = await visitor.post(NEW, {
      periodicity: '@daily',
      user: 'ada',
      do: 'preview',
    });
    expect(status).toBe(200);
    expect(text).toContain('At 00:00');
    expect(html).toContain('value="ada"');
    await world.save('a', HOURLY);
    const edited = await visitor.post(EDIT, { periodicity: '@weekly', do: 'preview', tag: 'x' });
    expect(edited.text).toContain('At 00:00, only on Sunday');
    expect(edited.html).toContain('name="tag" value="x"');
  });
});

describe('the form for an edit', () => {
  it('begins with what stands in the parameter, and leaves the defaults empty', async () => {
    await world.save('a', { ...HOURLY, timeout: '2m', environ: { x: 1 }, overlap: 'buffer' });
    const { html, text } = await visitor.get(EDIT);
    expect(html).toContain('value="0 * * * *"');
    expect(html).toContain('value="2m"');
    expect(html).toContain('{\n  &quot;x&quot;: 1\n}</textarea>');
    expect(html).toContain('<option value="buffer" selected>');
    expect(html).toContain('name="logsLimit" aria-describedby="logsLimit-hint" value=""');
    expect(html).toMatch(/value="task" id="runner-\d" checked/);
    expect(text).toContain('Every hour');
  });

  it('changes what was changed, and writes no defaults', async () => {
    await world.save('a', { ...HOURLY, user: 'ada' });
    const tag = hidden(await visitor.get(EDIT), 'tag');
    const { path, text } = await visitor.post(EDIT, {
      tag,
      runner: 'task',
      periodicity: '@daily',
      activated: 'on',
    });
    expect(path).toBe('/sites/default/crons/a');
    expect(text).toContain(
      'was changed: periodicity from "0 * * * *" to "@daily", user from "ada" to nothing.',
    );
    expect(text).toContain('At 00:00 @daily');
    expect(await parameter('a')).toEqual({ name: 'task', periodicity: '@daily' });
  });

  it('keeps what a person wrote about the switch', async () => {
    await world.save('a', { ...HOURLY, activated: true });
    const shown = await visitor.get(EDIT);
    expect(hidden(shown, 'saysActivated')).toBe('on');
    const sent = { runner: 'task', periodicity: '0 * * * *', saysActivated: 'on', activated: 'on' };
    expect((await visitor.post(EDIT, sent)).text).toContain('is so already: nothing was changed.');
    await visitor.post(EDIT, { runner: 'task', periodicity: '0 * * * *', saysActivated: 'on' });
    expect(await parameter('a')).toMatchObject({ activated: false });
  });

  it('shows what somebody else changed, keeps what was typed, and saves it when asked again', async () => {
    await world.save('a', HOURLY);
    const tag = hidden(await visitor.get(EDIT), 'tag');
    await world.save('a', { ...HOURLY, user: 'ben' });
    const sent = { runner: 'task', periodicity: '@weekly', activated: 'on' };
    const refused = await visitor.post(EDIT, { ...sent, tag });
    expect(refused.status).toBe(412);
    expect(refused.text).toContain('Not saved');
    expect(refused.text).toContain('user , is now "ben"');
    expect(refused.text).toContain('What you typed is still here. Saving it again replaces that.');
    expect(refused.html).toContain('value="@weekly"');
    const { path } = await visitor.post(EDIT, { ...sent, tag: hidden(refused, 'tag') });
    expect(path).toBe('/sites/default/crons/a');
    expect(await parameter('a')).toEqual({ name: 'task', periodicity: '@weekly' });
  });

  it('says that a read-only crontab cannot be changed', async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"readOnly":true}');
    expect((await visitor.get(EDIT)).text).toContain('The crontab is read only: nothing can be saved.');
    expect((await visitor.get(NEW)).html).toContain('name="do" value="save" disabled');
    const { status, text } = await visitor.post(EDIT, {
      runner: 'task',
      periodicity: '@weekly',
      activated: 'on',
    });
    expect(status).toBe(409);
    expect(text).toContain('Not saved The crontab of "default" is read only');
  });

  it('begins with a rejected version and what is wrong with it, so that it can be mended', async () => {
    await world.save('a', HOURLY);
    await world.edit('a', '{"name":"task","periodicity":"61 * * * *","timout":"2m","overlap":3}');
    const shown = await visitor.get(EDIT);
    expect(shown.text).toContain('3 problems of the version that stands, which is not in force');
    expect(shown.text).toContain('timout Got an unknown key');
    expect(shown.html).toContain('value="61 * * * *"');
    expect(shown.html).toContain('<option value="3" selected>3</option>');
    const { text } = await visitor.post(EDIT, {
      tag: hidden(shown, 'tag'),
      runner: 'task',
      periodicity: '1 * * * *',
      activated: 'on',
    });
    expect(text).toContain('The cron "a" of "default" was changed:');
    expect(await parameter('a')).toEqual({ name: 'task', periodicity: '1 * * * *' });
  });

  it('does not show an environ that is not valid, which may hold anything', async () => {
    await world.save('a', { ...HOURLY, environ: { x: 1 } });
    await world.edit('a', '{"name":"task","periodicity":"@daily","environ":"hunter2"}');
    const { html } = await visitor.get(EDIT);
    expect(html).not.toContain('hunter2');
    expect(html).toContain('&quot;x&quot;: 1');
  });

  it('begins with the last good version when the text is no JSON', async () => {
    await world.save('a', { ...HOURLY, user: 'ada' });
    await world.edit('a', 'hunter2');
    const { html, text } = await visitor.get(EDIT);
    expect(text).toContain('One problem of the version that stands');
    expect(html).toContain('value="ada"');
    expect(html).toContain('name="timeout" aria-describedby="timeout-hint" value=""');
    expect(html).not.toContain('hunter2');
  });

  it('keeps the name of a runner that is not registered any more', async () => {
    await world.edit('a', '{"name":"old","periodicity":"@daily"}');
    const { html } = await visitor.get(EDIT);
    expect(html).toContain('value="other" id="runner-other" checked');
    expect(html).toContain('name="otherRunner" value="old"');
    const { text } = await visitor.post(EDIT, {
      runner: 'other',
      otherRunner: 'older',
      periodicity: '@daily',
    });
    expect(text).toContain('Got "older"');
  });

  it('is not there for a cron that is not', async () => {
    expect((await visitor.get('/sites/default/crons/gone/edit')).status).toBe(404);
    expect((await visitor.post('/sites/default/crons/gone/edit', { periodicity: '@daily' })).status).toBe(
      404,
    );
  });
});
