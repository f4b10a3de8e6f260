/** Crontabs in files: one that goes with the deployment, and one that a person applies. */
import { deepEqual, equal } from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cloudtab } from './command-line.ts';
import type { Deployment } from './deployment.ts';
import { note, step } from './report.ts';
import { armedTimer, noTimer, SOON_SECONDS, type Stage } from './stage.ts';
import { until } from './until.ts';

/** The site whose crontab is kept in files. */
export const SHOP = 'shop';
const LEFT = { site: SHOP, uid: 'left-alone' };
const CHANGED = { site: SHOP, uid: 'changed' };

/** The profile that goes with the first deployment. */
export async function writeProfile(deployment: Deployment, periodicity = '0 0 1 1 *'): Promise<void> {
  const crons = [LEFT, CHANGED].map(({ uid }) => ({
    uid,
    name: 'heartbeat',
    periodicity: uid === CHANGED.uid ? periodicity : '0 0 1 1 *',
  }));
  await mkdir(deployment.profiles, { recursive: true });
  await writeFile(join(deployment.profiles, `${SHOP}.yaml`), JSON.stringify({ crons }));
}

/** The profile has been applied; it is changed, and deployed again after a person has edited. */
export async function deployProfile(stage: Stage, deployment: Deployment, cloudtab: Cloudtab): Promise<void> {
  const periodicity = async (uid: string) => (await stage.store.read(SHOP, uid)).cron?.value?.periodicity;
  await step('the profile of the deployment was applied, and its crons have their timers', async () => {
    for (const key of [LEFT, CHANGED]) await armedTimer(stage, key, `${key.uid} has its timer`);
  });
  await step('a profile that changed is applied, and what people changed stays', async () => {
    await stage.console.put(LEFT, { name: 'heartbeat', periodicity: '0 0 2 2 *' });
    await until('the edit is in force', SOON_SECONDS, async () =>
      equal(await periodicity(LEFT.uid), '0 0 2 2 *'),
    );
    await writeProfile(deployment, '0 0 3 3 *');
    await deployment.deploy();
    await until('the profile is in force', SOON_SECONDS, async () =>
      equal(await periodicity(CHANGED.uid), '0 0 3 3 *'),
    );
    equal(await periodicity(LEFT.uid), '0 0 2 2 *');
    const { versions } = await cloudtab('history', CHANGED.uid, '--site', SHOP);
    equal(versions[0].author, 'a profile of the deployment');
  });
}

/** A person applies a file of so many crons twice, exports it, and takes all of it away. */
export async function applyFile(
  stage: Stage,
  folder: string,
  cloudtab: Cloudtab,
  count: number,
): Promise<void> {
  const file = join(folder, 'crons.yaml');
  const uids = Array.from({ length: count }, (_, n) => `cron-${String(n).padStart(4, '0')}`);
  const crons = uids.map((uid, n) => ({
    uid,
    name: 'heartbeat',
    periodicity: `${n % 60} ${n % 24} 1 1 *`,
  }));
  const place = ['--site', SHOP];
  const timed = async (...words: string[]) => {
    const began = Date.now();
    const answer = await cloudtab(...words, ...place);
    return { answer, seconds: ((Date.now() - began) / 1000).toFixed(1) };
  };
  await step(`a file of ${count} crons is applied, and they get their timers`, async () => {
    await writeFile(file, JSON.stringify({ crons }));
    const first = await timed('apply', file);
    equal(first.answer.written, count);
    note(`${count} parameters written in ${first.seconds} s`);
    await until('all have their timers', SOON_SECONDS + count, async () => {
      const timers = await stage.console.timers();
      equal(timers.filter((name) => name.startsWith(`${SHOP}.cron-`)).length, count);
    });
  });
  await step('applied again it writes nothing, and neither does what was exported', async () => {
    const versionOf = async (uid: string) => (await stage.console.labels({ site: SHOP, uid })).length;
    const again = await timed('apply', file);
    note(`applied again in ${again.seconds} s`);
    equal(again.answer.written, 0);
    const exported = join(folder, 'exported.json');
    await writeFile(exported, JSON.stringify(await cloudtab('export', ...place)));
    equal((await timed('apply', exported)).answer.written, 0);
    deepEqual(
      await Promise.all([uids[0], uids.at(-1)].map((uid) => versionOf(uid ?? ''))),
      [1, 1],
      'a parameter was written twice',
    );
  });
  await step('an empty file with --prune takes everything away again', async () => {
    await writeFile(file, JSON.stringify({ crons: [] }));
    await cloudtab('apply', file, ...place, '--prune', '--yes');
    for (const key of [LEFT, CHANGED]) await noTimer(stage, key);
    await until('no timer of the site is left', SOON_SECONDS + count, async () => {
      const timers = await stage.console.timers();
      deepEqual(
        timers.filter((name) => name.startsWith(`${SHOP}.`)),
        [],
      );
    });
  });
}
