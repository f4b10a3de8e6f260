/** Every command, and what only the API has, at the second deployment of the stack of a user's own. */
import { deepEqual, doesNotMatch, equal, match, ok, rejects } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSign } from '../../lib/adapters/aws/sign-request.ts';
import { makeProgram } from '../../lib/surfaces/cli/program.ts';
import { type Cloudtab, commandLine } from './command-line.ts';
import type { Emulator } from './emulator.ts';
import { step } from './report.ts';
import type { CronKey, Stage } from './stage.ts';

/** A cron of the second deployment; it runs once a year. */
export const NIGHT: CronKey = { site: 'default', uid: 'night' };

/** Calls each command that has the option --root on the second deployment of the stack. */
export async function useEveryCommand({ folder }: Emulator, runners: string): Promise<void> {
  await step('A command for a stack with two deployments asks which one, by their roots', async () => {
    await rejects(commandLine('Shop', { runners })('ls'), /Choose one by its root: Shop, nightly\./);
  });
  const called = new Set<string>();
  const command = commandLine('Shop', { root: 'nightly', runners });
  const cloudtab: Cloudtab = (...words) => {
    called.add(String(words[0]));
    return command(...words);
  };
  await step('Commands change and run the crons of the deployment that --root chooses', async () => {
    await cloudtab('add', 'heartbeat', '0 0 1 1 *', '--uid', NIGHT.uid);
    await cloudtab('edit', NIGHT.uid, '--periodicity', '0 0 2 2 *');
    await cloudtab('rollback', NIGHT.uid, '1');
    await cloudtab('off', NIGHT.uid);
    await cloudtab('on', NIGHT.uid);
    const { log } = await cloudtab('run', NIGHT.uid);
    equal(log.status, 'OK');
    const needless = ['needless-1', 'needless-2'];
    for (const uid of needless) await cloudtab('add', 'heartbeat', '@daily', '--uid', uid);
    await cloudtab('rm', ...needless);
    deepEqual((await cloudtab('restore', ...needless)).done, needless);
    await cloudtab('rm', ...needless);
    const profile = join(folder, 'nightly.json');
    await writeFile(profile, JSON.stringify(await cloudtab('export')));
    deepEqual((await cloudtab('plan', profile)).steps, []);
    equal((await cloudtab('apply', profile)).written, 0);
  });
  await step('Commands show the crons of the deployment that --root chooses', async () => {
    const [listed, shown, ran, forced, planned, timeline, why, lines, history, examined, opened, known] =
      await Promise.all([
        cloudtab('ls'),
        cloudtab('show', NIGHT.uid),
        cloudtab('runs', NIGHT.uid),
        cloudtab('runs', '--runner', 'heartbeat', '--forced'),
        cloudtab('runs', '--runner', 'heartbeat', '--planned'),
        cloudtab('timeline'),
        cloudtab('why', NIGHT.uid),
        cloudtab('logs', NIGHT.uid),
        cloudtab('history', NIGHT.uid),
        cloudtab('doctor'),
        cloudtab('open', '--no-browser'),
        cloudtab('runners'),
        cloudtab('whoami'),
        cloudtab('sites'),
        cloudtab('simulate'),
      ]);
    await rejects(cloudtab('stop', NIGHT.uid), /is in progress/);
    deepEqual((await cloudtab('secret', 'ls')).secrets, []);
    equal(ran.runs.length, 1);
    deepEqual(forced.runs, ran.runs);
    deepEqual(planned.runs, []);
    deepEqual(
      timeline.lanes.map(({ uid }: { uid: string }) => uid),
      [NIGHT.uid],
    );
    equal(typeof why.text, 'string');
    deepEqual(
      listed.crons.map(({ uid }: { uid: string }) => uid),
      [NIGHT.uid],
    );
    equal(shown.uid, NIGHT.uid);
    equal(shown.logs.length, 1);
    ok(lines.length > 0);
    equal(history.versions.length, 5);
    deepEqual(examined.findings, []);
    ok(known.runners.some(({ name }: { name: string }) => name === 'patient'));
    match(opened.url, /^http:/);
    const withRoot = makeProgram({ code: 0 }).commands.filter(({ options }) =>
      options.some(({ long }) => long === '--root'),
    );
    deepEqual(
      withRoot.map((one) => one.name()).filter((name) => !called.has(name)),
      [],
      'a command was not called',
    );
  });
}

/** `nightly` has one cron. */
export async function useApi({ outputs }: Stage, endpoint: string): Promise<void> {
  const [id] = new URL(outputs.adminUrl).hostname.split('.');
  const sign = makeSign();
  const ask = async (path: string, init: { method?: string; tag?: string; body?: object } = {}) => {
    const { method = 'GET', tag, body } = init;
    const url = new URL(`${endpoint}/_aws/lambda-url/${id}${path}`);
    const content = body && Buffer.from(JSON.stringify(body));
    const headers = {
      'x-cloudtab': '1',
      ...(content && { 'content-type': 'application/json' }),
      ...(tag !== undefined && { 'if-match': tag }),
    };
    const signed = await sign({ method, url, headers, ...(content && { body: content }) });
    return fetch(url, { method, headers: signed, ...(content && { body: content }) });
  };
  await step('The dashboard of an embedded deployment lists its crons', async () => {
    const page = await (await ask('/sites/default')).text();
    match(page, new RegExp(NIGHT.uid));
    doesNotMatch(page, /patient/);
  });
  await step('The API lists the runners and the catalogue page by page', async () => {
    const namesAt = async (path: string) => {
      const pages: string[][] = [];
      for (let cursor = ''; cursor !== undefined; ) {
        const after = cursor && `&cursor=${encodeURIComponent(cursor)}`;
        const page = await json(ask(`/api/${path}?count=2${after}`));
        pages.push(page.runners.map(({ name }: { name: string }) => name));
        cursor = page.cursor;
      }
      equal(pages.length > 1, true, 'there is one page');
      ok(pages.every((names) => names.length <= 2));
      return pages.flat();
    };
    const names = await namesAt('runners');
    ok(names.includes('patient'));
    deepEqual(await namesAt('catalogue'), names);
  });
  await step('The API previews a schedule in the time zone of the crontab', async () => {
    const { runs, timezone } = await json(ask('/api/sites/default/preview?periodicity=@daily'));
    deepEqual([runs.length, timezone], [5, 'UTC']);
  });
  await step('The API refuses a change of another version than the caller has seen', async () => {
    const path = `/api/sites/default/crons/${NIGHT.uid}`;
    const change = (tag: string) => ask(path, { method: 'PATCH', tag, body: { description: 'at night' } });
    const tag = (await ask(path)).headers.get('etag') ?? '';
    equal((await change(tag)).status, 200);
    const refused = await change(tag);
    equal(refused.status, 412);
    equal((await json(refused)).code, 'version-conflict');
  });
}

async function json(response: Response | Promise<Response>): Promise<ReturnType<typeof JSON.parse>> {
  return JSON.parse(await (await response).text());
}
