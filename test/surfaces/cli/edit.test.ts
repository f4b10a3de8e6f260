/** `cloudtab edit UID` with a scripted editor. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openFolderTarget } from '../../../lib/adapters/local/folder-target.ts';
import { editCron } from '../../../lib/app/operations/edit-cron.ts';
import { changesText } from '../../../lib/app/operations/field-changes.ts';
import { readYaml } from '../../../lib/app/profiles/yaml-file.ts';
import type { Client } from '../../../lib/client/client.ts';
import { ownClient } from '../../../lib/client/own-client.ts';
import { ConfigurationError, type FieldChange, ReadOnlyError } from '../../../lib/core/domain/errors.ts';
import { cronNotFound } from '../../../lib/core/domain/not-found.ts';
import { formatProblem } from '../../../lib/core/domain/problem.ts';
import type { Target } from '../../../lib/core/ports/target.ts';
import { type Editor, edit, editorOf } from '../../../lib/surfaces/cli/edit.ts';
import { knownFolder } from '../../support/known-folder.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { tempFolder } from '../../support/temp-folder.ts';

let target: Target;
let client: Client;
/** The texts that the editor showed, one for each time that it was opened. */
const seen: string[] = [];
let file = '';
beforeEach(async () => {
  seen.length = 0;
  target = await openFolderTarget(knownFolder(), { runners: {}, logger: new MemoryLogger() });
  client = ownClient(target);
});
afterEach(() => target[Symbol.asyncDispose]());

/** An editor that saves one of the texts each time that it is opened; a function gets the present text. */
function editor(...texts: (string | ((present: string) => string | Promise<string>))[]): Editor {
  return async (path) => {
    file = path;
    const present = readFileSync(path, 'utf8');
    seen.push(present);
    const next = texts.shift();
    if (next === undefined) return;
    writeFileSync(path, typeof next === 'string' ? next : await next(present));
  };
}

/** The lines of a text that `cloudtab edit` added as remarks, and the other lines. */
function parts(text = ''): { readonly remarks: string[]; readonly lines: string[] } {
  const all = text.split('\n');
  return {
    remarks: all.filter((line) => line.startsWith('#! ')),
    lines: all.filter((line) => !line.startsWith('#! ')),
  };
}

const save = (value: unknown, uid = 'a') =>
  target.ports.registry.write(
    { site: 'default', uid },
    typeof value === 'string' ? value : JSON.stringify(value),
  );
const add = async (value: unknown) => {
  await save(value);
  await target.maintenance.repair(new MemoryLogger());
};
const stored = async () =>
  JSON.parse((await target.ports.registry.read({ site: 'default', uid: 'a' }))?.value ?? '');
const DAILY = { name: 'heartbeat', periodicity: '@daily', environ: { message: 'hi' } };

describe('cloudtab edit in an editor', () => {
  it('cloudtab edit shows the definition as YAML, saves the edited text and names the changes', async () => {
    await add(DAILY);
    const change = (text: string) =>
      text.replace('"@daily"', '0 3 * * *').replace(/environ:\n {2}message: hi\n/, '');
    const changes: FieldChange[] = [
      { field: 'environ.message', kind: 'removed' },
      { field: 'periodicity', kind: 'changed', was: '@daily', is: '0 3 * * *' },
    ];
    expect(await edit(client, 'default', 'a', editor(change))).toContain(changesText(changes));
    expect(seen[0]).toBe(
      '#! The cron "a" of "default". Save and exit to apply your changes; exit without changes to cancel.\n' +
        'name: heartbeat\nperiodicity: "@daily"\nenviron:\n  message: hi\n',
    );
    expect(await stored()).toEqual({ name: 'heartbeat', periodicity: '0 3 * * *' });
    expect(existsSync(file)).toBe(false);
  });

  it('cloudtab edit removes a field that the text leaves out, has empty, or sets to null', async () => {
    await add({ ...DAILY, user: 'ann', timeout: 60, logsLimit: 9 });
    const change = (text: string) =>
      text
        .replace('user: ann\n', '')
        .replace('timeout: 60', 'timeout:')
        .replace('logsLimit: 9', 'logsLimit: null');
    await edit(client, 'default', 'a', editor(change));
    expect(await stored()).toEqual(DAILY);
  });

  it('cloudtab edit changes nothing when the text is unchanged or empty', async () => {
    await add(DAILY);
    expect(await edit(client, 'default', 'a', editor())).toBe('Nothing was changed.');
    expect(await edit(client, 'default', 'a', editor('# nothing left\n'))).toBe('Nothing was changed.');
    expect(await stored()).toEqual(DAILY);
  });

  it('cloudtab edit reopens a text that is not valid with all its problems as remarks, and keeps the text', async () => {
    await add(DAILY);
    const wrong = '# my own remark\nname: hartbeat\nperiodicity: 61 * * * *\n';
    const corrected = (text: string) => text.replaceAll('hartbeat', 'heartbeat').replaceAll('61', '1');
    await edit(client, 'default', 'a', editor(wrong, corrected));
    const { remarks, lines } = parts(seen[1]);
    expect(remarks).toEqual([
      '#! Nothing was saved yet. Fix these problems, or exit without changes to cancel:',
      expect.stringMatching(/^#! periodicity: got "61"/),
      expect.stringMatching(/^#! name: got "hartbeat"/),
    ]);
    expect(lines.join('\n')).toBe(wrong);
    expect(await stored()).toEqual({ name: 'heartbeat', periodicity: '1 * * * *' });
  });

  it('cloudtab edit reopens a text that is not YAML, or not an object of fields', async () => {
    await add(DAILY);
    await edit(
      client,
      'default',
      'a',
      editor('name: [\n', '- a list\n', 'name: heartbeat\nperiodicity: "@hourly"\n'),
    );
    expect(parts(seen[1]).remarks).toEqual([
      expect.any(String),
      expect.stringMatching(/^#! line \d: got .*, wanted YAML/),
    ]);
    expect(parts(seen[2]).remarks).toEqual([
      expect.any(String),
      '#! value: got another kind of value, wanted fields such as "name: heartbeat", one per line. Write a field and its value on each line.',
    ]);
    expect(await stored()).toMatchObject({ periodicity: '@hourly' });
  });

  it('cloudtab edit names the lines that are not YAML as the editor counts them', async () => {
    await add(DAILY);
    const wrong = 'name: heartbeat\n# mine\nperiodicity: @daily\nuser: ann\ndescription: @bob\n';
    const problems = readYaml(wrong).problems ?? [];
    expect(problems.map(({ line }) => line)).toEqual([3, 5]);
    await expect(edit(client, 'default', 'a', editor(wrong))).rejects.toThrow(ConfigurationError);
    const above = problems.length + 1;
    expect(parts(seen[1]).remarks.slice(1)).toEqual(
      problems.map((problem) => `#! ${formatProblem({ ...problem, where: `line ${problem.line + above}` })}`),
    );
    expect(seen[1]?.split('\n')[5]).toBe('periodicity: @daily');
    expect(seen[1]?.split('\n')[7]).toBe('description: @bob');
  });

  it.each([
    ['an alias without an anchor', 'periodicity: *x\n'],
    [
      'aliases that expand without end',
      `a: &a [${'1,'.repeat(9)}]\nb: &b [${'*a,'.repeat(30)}]\nc: [${'*b,'.repeat(30)}]\n`,
    ],
  ])('cloudtab edit reopens a text with %s with its problem as a remark', async (_, wrong) => {
    await add(DAILY);
    await expect(edit(client, 'default', 'a', editor(wrong))).rejects.toThrow(ConfigurationError);
    const problems = readYaml(wrong).problems ?? [];
    expect(problems).toMatchObject([{ where: 'value', line: 1, column: 1 }]);
    const { remarks, lines } = parts(seen[1]);
    expect(remarks.slice(1)).toEqual(problems.map((problem) => `#! ${formatProblem(problem)}`));
    expect(lines.join('\n')).toBe(wrong);
  });

  it('cloudtab edit keeps the text of an edit that was given up, and names its file', async () => {
    await add(DAILY);
    const wrong = 'name: hartbeat\nperiodicity: "@daily"\n';
    const abandoned = edit(client, 'default', 'a', editor(wrong));
    await expect(abandoned).rejects.toThrow(/^Nothing was saved\. Your text is in .*a\.yaml\.$/);
    expect(readFileSync(file, 'utf8')).toContain('name: hartbeat');
    expect(await stored()).toEqual(DAILY);
    const emptied = edit(client, 'default', 'a', editor(wrong, ''));
    await expect(emptied).rejects.toThrow(ConfigurationError);
    await expect(emptied).rejects.toThrow(file);
    expect(readFileSync(file, 'utf8')).toContain('name: hartbeat');
  });

  it('cloudtab edit ends when the editor is a program that changes only the remarks', async () => {
    await add(DAILY);
    const always = editorOf({ EDITOR: 'sed -i s/heartbeat/hartbeat/' });
    await expect(edit(client, 'default', 'a', always)).rejects.toThrow(ConfigurationError);
    expect(await stored()).toEqual(DAILY);
  });

  it('cloudtab edit shows a change that was made in the meantime before it replaces it', async () => {
    await add(DAILY);
    const meanwhile = async (text: string) => {
      await editCron(target.ports, 'default', 'a', { logsLimit: 9 });
      return text.replace('"@daily"', '"@hourly"');
    };
    await edit(
      client,
      'default',
      'a',
      editor(meanwhile, (text) => `${text}logsLimit: 7\n`),
    );
    const { remarks, lines } = parts(seen[1]);
    expect(remarks).toEqual([
      expect.stringContaining(changesText([{ field: 'logsLimit', kind: 'set', is: 9 }])),
      '#! Your text is below; saving it replaces that change.',
    ]);
    expect(lines.slice(0, 2)).toEqual(['name: heartbeat', 'periodicity: "@hourly"']);
    expect(await stored()).toEqual({ ...DAILY, periodicity: '@hourly', logsLimit: 7 });
  });

  it('cloudtab edit explains why the present version is not in force', async () => {
    await add({ ...DAILY, periodicity: 'never' });
    await edit(
      client,
      'default',
      'a',
      editor((text) => text.replaceAll('never', '"@daily"')),
    );
    expect(parts(seen[0]).remarks).toEqual([
      expect.any(String),
      expect.stringMatching(/^#! The latest version is not valid and not in force: periodicity: got /),
    ]);
    expect(await stored()).toEqual(DAILY);
  });

  it('cloudtab edit starts from the last good version when the present text cannot be read', async () => {
    await add(DAILY);
    await add('not JSON');
    await edit(
      client,
      'default',
      'a',
      editor((text) => text.replace('"@daily"', '"@hourly"')),
    );
    expect(parts(seen[0]).remarks.at(-1)).toBe(
      '#! The parameter is not a JSON object. This is the version in force, if there is one.',
    );
    expect(await stored()).toMatchObject({ periodicity: '@hourly', environ: { message: 'hi' } });
  });

  it('cloudtab edit removes a field of the last good version when the present text cannot be read', async () => {
    await add({ ...DAILY, user: 'ann' });
    await add('not JSON');
    await edit(
      client,
      'default',
      'a',
      editor((text) => text.replace('user: ann\n', '')),
    );
    expect(await stored()).not.toHaveProperty('user');
  });

  it('cloudtab edit keeps the text when the crontab is read-only', async () => {
    await add(DAILY);
    await target.ports.registry.write({ site: 'default' }, '{"readOnly": true}');
    const change = (text: string) => text.replace('hi', 'ho');
    await expect(edit(client, 'default', 'a', editor(change))).rejects.toMatchObject({
      message: expect.stringMatching(/a\.yaml/),
      cause: expect.any(ReadOnlyError),
    });
    expect(readFileSync(file, 'utf8')).toContain('ho');
    expect(await stored()).toEqual(DAILY);
  });

  it('cloudtab edit explains that the cron does not exist or that the editor failed, and hides no defect', async () => {
    await expect(edit(client, 'default', 'b', editor())).rejects.toThrow(
      cronNotFound({ site: 'default', uid: 'b' }, [], target.name),
    );
    await add(DAILY);
    await expect(edit(client, 'default', 'a', editorOf({ EDITOR: 'false' }))).rejects.toThrow(
      /^The editor "false" exited with code 1\. Nothing was changed\. Your text is in .*a\.yaml\.$/,
    );
    const change = editor('name: heartbeat\nperiodicity: "@hourly"\n');
    vi.spyOn(target.ports.registry, 'write').mockRejectedValueOnce(new TypeError('a defect'));
    await expect(edit(client, 'default', 'a', change)).rejects.toThrow('a defect');
  });
});

it('editorOf runs VISUAL, EDITOR or vi with the options in them', async () => {
  const path = join(tempFolder(), 'it is.yaml');
  writeFileSync(path, 'a: 1\n');
  await editorOf({ VISUAL: 'sed -i s/1/2/', EDITOR: 'false' })(path);
  expect(readFileSync(path, 'utf8')).toBe('a: 2\n');
});
