/** `cloudtab edit UID` with an editor that a test plays. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Editor, edit } from '../../lib/cli/edit.ts';
import { editorOf } from '../../lib/cli/editor.ts';
import type { Target } from '../../lib/cli/target.ts';
import { editCron } from '../../lib/operations/edit-cron.ts';
import { openFolderPlace } from '../../lib/places/folder.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { tempFolder } from '../support/temp-folder.ts';

let target: Target;
const seen: string[] = [];
let file = '';
beforeEach(async () => {
  seen.length = 0;
  target = await openFolderPlace(tempFolder(), { runners: {}, log: new MemoryLogger() });
});
afterEach(() => target[Symbol.asyncDispose]());

/** Writes each of the texts, one each time that it is opened; a function gets what is there. */
function editor(...texts: (string | ((there: string) => string | Promise<string>))[]): Editor {
  return async (path) => {
    file = path;
    const there = readFileSync(path, 'utf8');
    seen.push(there);
    const next = texts.shift();
    if (next === undefined) return;
    writeFileSync(path, typeof next === 'string' ? next : await next(there));
  };
}

const save = (value: unknown, uid = 'a') =>
  target.ports.registry.write(
    { site: 'default', uid },
    typeof value === 'string' ? value : JSON.stringify(value),
  );
const add = async (value: unknown) => {
  await save(value);
  await target.upkeep.heal(new MemoryLogger());
};
const stored = async () =>
  JSON.parse((await target.ports.registry.read({ site: 'default', uid: 'a' }))?.value ?? '');
const DAILY = { name: 'heartbeat', periodicity: '@daily', environ: { message: 'hi' } };

describe('an edit', () => {
  it('shows the definition as YAML, and saves what comes back', async () => {
    await add(DAILY);
    const change = (text: string) =>
      text.replace('"@daily"', '0 3 * * *').replace(/environ:\n {2}message: hi\n/, '');
    expect(await edit(target, 'default', 'a', editor(change))).toMatch(
      /^The cron "a" of "default" was changed: environ\.message, periodicity from "@daily" to "0 3 \* \* \*"\. It runs next at /,
    );
    expect(seen[0]).toBe(
      '#! The cron "a" of "default". Save and leave to change it; leave without a change to keep it as it is.\n' +
        'name: heartbeat\nperiodicity: "@daily"\nenviron:\n  message: hi\n',
    );
    expect(await stored()).toEqual({ name: 'heartbeat', periodicity: '0 3 * * *' });
    expect(existsSync(file)).toBe(false);
  });

  it('without a change, or emptied, changes nothing', async () => {
    await add(DAILY);
    expect(await edit(target, 'default', 'a', editor())).toBe('Nothing was changed.');
    expect(await edit(target, 'default', 'a', editor('# nothing left\n'))).toMatch(
      /Nothing was changed|fields/,
    );
    expect(await stored()).toEqual(DAILY);
  });

  it('that is not valid comes back with all problems as comments, and nothing typed is lost', async () => {
    await add(DAILY);
    const bad = '# my own remark\nname: hartbeat\nperiodicity: 61 * * * *\n';
    const mended = (text: string) => text.replaceAll('hartbeat', 'heartbeat').replaceAll('61', '1');
    await edit(target, 'default', 'a', editor(bad, mended));
    const lines = seen[1]?.split('\n') ?? [];
    expect(lines[0]).toBe('#! Nothing was saved yet. Mend this, or leave without a change to give up:');
    expect(lines.filter((line) => line.startsWith('#! ')).join('\n')).toMatch(
      /periodicity: got .*\n.*name: got "hartbeat"/s,
    );
    expect(seen[1]).toContain('# my own remark\nname: hartbeat\n');
    expect(await stored()).toEqual({ name: 'heartbeat', periodicity: '1 * * * *' });
  });

  it('that is no YAML, or no fields, comes back as well', async () => {
    await add(DAILY);
    await edit(
      target,
      'default',
      'a',
      editor('name: [\n', '- a list\n', 'name: heartbeat\nperiodicity: "@hourly"\n'),
    );
    expect(seen[1]).toMatch(/^#! line \d: got .*, wanted YAML/m);
    expect(seen[2]).toContain('#! value: got something else, wanted fields');
    expect(await stored()).toMatchObject({ periodicity: '@hourly' });
  });

  it('that is no YAML says which line it is, as the person sees it', async () => {
    await add(DAILY);
    const bad = 'name: heartbeat\n# mine\nperiodicity: @daily\nuser: ann\nuser: bob\n';
    await expect(edit(target, 'default', 'a', editor(bad))).rejects.toThrow('Nothing was saved.');
    expect(seen[1]?.split('\n').slice(0, 3)).toEqual([
      '#! Nothing was saved yet. Mend this, or leave without a change to give up:',
      expect.stringMatching(
        /^#! line 6: got "periodicity: @daily", wanted YAML\. Put it into quotes: text that begins with /,
      ),
      expect.stringMatching(/^#! line 8: got "user: bob", wanted YAML\. Take one of the two away/),
    ]);
    expect(seen[1]?.split('\n')[5]).toBe('periodicity: @daily');
    expect(seen[1]?.split('\n')[7]).toBe('user: bob');
  });

  it.each([
    ['an alias without an anchor', 'periodicity: *x\n', 'got an alias without an anchor'],
    [
      'aliases that unfold without end',
      `a: &a [${'1,'.repeat(9)}]\nb: &b [${'*a,'.repeat(30)}]\nc: [${'*b,'.repeat(30)}]\n`,
      'got aliases that unfold to far more than was written',
    ],
  ])('with %s comes back with a remark', async (_, bad, remark) => {
    await add(DAILY);
    await expect(edit(target, 'default', 'a', editor(bad))).rejects.toThrow('Nothing was saved.');
    expect(seen[1]).toContain(`#! value: ${remark}, wanted `);
    expect(seen[1]).toContain(bad);
  });

  it('that is given up keeps what was typed, and says where', async () => {
    await add(DAILY);
    const given = edit(target, 'default', 'a', editor('name: hartbeat\nperiodicity: "@daily"\n'));
    await expect(given).rejects.toThrow(/^Nothing was saved\. What you wrote is kept in .*a\.yaml\.$/);
    expect(readFileSync(file, 'utf8')).toContain('name: hartbeat');
    expect(await stored()).toEqual(DAILY);
    const emptied = edit(target, 'default', 'a', editor('name: hartbeat\nperiodicity: "@daily"\n', ''));
    await expect(emptied).rejects.toThrow('Nothing was saved.');
    expect(readFileSync(file, 'utf8')).toContain('name: hartbeat');
  });

  it('by a program that only touches the comments comes to an end', async () => {
    await add(DAILY);
    const always = editorOf({ EDITOR: 'sed -i s/heartbeat/hartbeat/' });
    await expect(edit(target, 'default', 'a', always)).rejects.toThrow('Nothing was saved.');
  });

  it('of what somebody else changed meanwhile says so first, and then replaces it', async () => {
    await add(DAILY);
    const meanwhile = async (text: string) => {
      await editCron(target.ports, 'default', 'a', { logsLimit: 9 });
      return text.replace('"@daily"', '"@hourly"');
    };
    await edit(
      target,
      'default',
      'a',
      editor(meanwhile, (text) => `${text}logsLimit: 7\n`),
    );
    expect(seen[1]).toMatch(
      /^#! The cron "a" of "default" was changed in the meantime by .*: logsLimit to 9\./,
    );
    expect(seen[1]).toContain('#! Below is what you wrote: saving it now replaces that.\nname: heartbeat');
    expect(await stored()).toEqual({ ...DAILY, periodicity: '@hourly', logsLimit: 7 });
  });

  it('of a version that is not in force says why', async () => {
    await add({ ...DAILY, periodicity: 'never' });
    await edit(
      target,
      'default',
      'a',
      editor((text) => text.replaceAll('never', '"@daily"')),
    );
    expect(seen[0]).toContain('#! The version that stands is not in force: periodicity: got');
    expect(await stored()).toEqual(DAILY);
  });

  it('of what cannot be read begins with what was in force last', async () => {
    await add(DAILY);
    await add('not JSON');
    await edit(
      target,
      'default',
      'a',
      editor((text) => text.replace('"@daily"', '"@hourly"')),
    );
    expect(seen[0]).toContain(
      '#! What stands there cannot be read. This is what was in force last, or nothing.',
    );
    expect(await stored()).toMatchObject({ periodicity: '@hourly', environ: { message: 'hi' } });
  });

  it('in a crontab that is read only keeps what was typed', async () => {
    await add(DAILY);
    await target.ports.registry.write({ site: 'default' }, '{"readOnly": true}');
    const change = (text: string) => text.replace('hi', 'ho');
    await expect(edit(target, 'default', 'a', editor(change))).rejects.toThrow(
      /read only.* What you wrote is kept in /,
    );
    expect(readFileSync(file, 'utf8')).toContain('ho');
  });

  it('of a cron that is not there, or with an editor that fails, says so', async () => {
    await expect(edit(target, 'default', 'b', editor())).rejects.toThrow('There is no cron "b"');
    await add(DAILY);
    await expect(edit(target, 'default', 'a', editorOf({ EDITOR: 'false' }))).rejects.toThrow(
      /^The editor "false" ended with 1\. Nothing was changed\. What was written is in /,
    );
    const defect: Editor = async () => {
      vi.spyOn(target.ports.registry, 'write').mockRejectedValueOnce(new TypeError('a defect'));
      writeFileSync(file, 'name: heartbeat\nperiodicity: "@hourly"\n');
    };
    const opened: Editor = async (path) => {
      file = path;
      await defect(path);
    };
    await expect(edit(target, 'default', 'a', opened)).rejects.toThrow('a defect');
  });
});

it('the editor is VISUAL, EDITOR or vi, with its options', async () => {
  const path = join(tempFolder(), 'it is.yaml');
  writeFileSync(path, 'a: 1\n');
  await editorOf({ VISUAL: 'sed -i s/1/2/', EDITOR: 'false' })(path);
  expect(readFileSync(path, 'utf8')).toBe('a: 2\n');
});
