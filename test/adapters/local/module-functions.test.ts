import { spawnSync } from 'node:child_process';
import { mkdtempDisposable, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { ModuleFunctions } from '../../../lib/adapters/local/module-functions.ts';
import { NotFoundError } from '../../../lib/core/domain/errors.ts';

const { signal } = new AbortController();

async function folderWith(text?: string) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'cloudtab-'));
  const file = join(folder.path, 'report.mjs');
  if (text !== undefined) await writeFile(file, text);
  return { ...folder, file, functions: new ModuleFunctions(folder.path) };
}

it.each([
  ['async (event) => event', { kind: 'returned', value: { a: { b: 1 } } }],
  ['() => {}', { kind: 'returned', value: null }],
  ['() => () => {}', { kind: 'returned', value: null }],
  ['() => new Date(0)', { kind: 'returned', value: '1970-01-01T00:00:00.000Z' }],
  ['(event) => { event.a.b = 2; return ["done"]; }', { kind: 'returned', value: ['done'] }],
  ['() => { throw new Error("out of paper"); }', { kind: 'failed', message: 'out of paper' }],
  ['async () => { throw "a text"; }', { kind: 'failed', message: 'a text' }],
])('A module with the handler %s ends as %j', async (handler, end) => {
  await using folder = await folderWith(`export const handler = ${handler};`);
  const payload = { a: { b: 1 } };
  expect(await folder.functions.invoke('report', payload, signal)).toEqual(end);
  expect(payload).toEqual({ a: { b: 1 } });
});

it.each([['export const other = 1;'], ['export const handler = 1;']])(
  'A module with the text %s fails because it has no handler',
  async (text) => {
    await using folder = await folderWith(text);
    expect(await folder.functions.invoke('report', {}, signal)).toEqual({
      kind: 'failed',
      message: `${folder.file} exports no function \`handler\`.`,
    });
  },
);

it('A module with a syntax error fails', async () => {
  await using folder = await folderWith('export const handler = ;');
  expect(await folder.functions.invoke('report', {}, signal)).toMatchObject({ kind: 'failed' });
});

it('An edited module is used at the next call', async () => {
  await using folder = await folderWith('export const handler = () => "old";');
  await utimes(folder.file, 1, 1);
  await folder.functions.invoke('report', {}, signal);
  await writeFile(folder.file, 'export const handler = () => "new";');
  expect(await folder.functions.invoke('report', {}, signal)).toEqual({ kind: 'returned', value: 'new' });
});

it('Calling a missing function throws NotFoundError with the file to create', async () => {
  await using folder = await folderWith();
  await expect(folder.functions.invoke('report', {}, signal)).rejects.toThrow(
    new NotFoundError(
      `Function "report" not found: ${folder.file} does not exist. Create it, and export \`handler(event)\` from it.`,
    ),
  );
});

it('A call that exceeds its time throws the reason of the signal', async () => {
  await using folder = await folderWith('export const handler = () => { for (;;); };');
  const time = new AbortController();
  const assertion = expect(folder.functions.invoke('report', {}, time.signal)).rejects.toThrow(
    new Error('time is up'),
  );
  setImmediate(() => time.abort(new Error('time is up')));
  await assertion;
});

it.each([
  ['process.exit(3)', 'It ended with the exit code 3 before it returned.'],
  ['new Promise(() => {})', 'It ended with the exit code 0 before it returned.'],
  [
    '{ Promise.reject(new Error("stray")); return new Promise(() => setTimeout(() => {}, 60_000)); }',
    'stray',
  ],
  [
    '{ setTimeout(() => { throw new Error("later"); }); return new Promise(() => setTimeout(() => {}, 60_000)); }',
    'later',
  ],
])('A handler that does %s fails its own call, and nothing else', async (body, message) => {
  await using folder = await folderWith(
    `export const handler = () => ${body.startsWith('{') ? body : `(${body})`};`,
  );
  expect(await folder.functions.invoke('report', {}, signal)).toEqual({ kind: 'failed', message });
});

it('A call with an aborted signal throws the reason of the signal and runs nothing', async () => {
  await using folder = await folderWith('export const handler = () => process.exit();');
  const abortedSignal = AbortSignal.abort(new Error('time is up'));
  await expect(folder.functions.invoke('report', {}, abortedSignal)).rejects.toThrow(new Error('time is up'));
});

it('A function that runs out of memory fails its own call, although threads would end the process', async () => {
  await using folder = await folderWith(
    'export const handler = () => { const all = []; for (;;) all.push(Array(1_000).fill(1.5)); };',
  );
  const startedAt = process.memoryUsage.rss();
  expect(await folder.functions.invoke('report', {}, signal)).toEqual({
    kind: 'failed',
    message: 'Its process was ended by the signal SIGABRT: did it use more than 512 MB of memory?',
  });
  expect(process.memoryUsage.rss() - startedAt).toBeLessThan(200 * 1024 ** 2);
});

it('What a function has started ends with its call', async () => {
  await using folder = await folderWith(`
    import { spawn } from 'node:child_process';
    export const handler = () => spawn('sleep', ['600']).pid;
  `);
  const end = await folder.functions.invoke('report', {}, signal);
  const pid = end.kind === 'returned' ? Number(end.value) : 0;
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
});

/** A killed process whose parent is gone may stay as a zombie until something waits for it. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout !== '' && !stdout.startsWith('Z');
}

it('What a function prints is handed over whole, also if it never ends by itself', async () => {
  const print = 'process.stdout.write("x".repeat(3_000_000)); process.stderr.write("warned");';
  await using folder = await folderWith(
    `export const handler = () => { ${print} setInterval(() => {}, 60_000); };`,
  );
  const printed = { stdout: '', stderr: '' };
  await folder.functions.invoke('report', {}, signal, (stream, bytes) => {
    printed[stream] += Buffer.from(bytes).toString();
  });
  expect([printed.stdout.length, printed.stderr]).toEqual([3_000_000, 'warned']);
});

it('An answer that is longer than one of Lambda may be is a failure', async () => {
  await using folder = await folderWith('export const handler = () => "x".repeat(7_000_000);');
  expect(await folder.functions.invoke('report', {}, signal)).toEqual({
    kind: 'failed',
    message: 'It returned more than 6000000 characters.',
  });
});
