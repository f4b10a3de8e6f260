/** Profiles: one that is deployed, and one that a user applies. */
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
const EDITED = { site: SHOP, uid: 'edited' };
const CHANGED = { site: SHOP, uid: 'changed' };

/** Writes the profile of the deployment. */
export async function writeProfile(deployment: Deployment, periodicity = '0 0 1 1 *'): Promise<void> {
  const crons = [EDITED, CHANGED].map(({ uid }) => ({
    uid,
    name: 'heartbeat',
    periodicity: uid === CHANGED.uid ? periodicity : '0 0 1 1 *',
  }));
  await mkdir(deployment.profiles, { recursive: true });
  await writeFile(join(deployment.profiles, `${SHOP}.yaml`), JSON.stringify({ crons }));
}

/** Checks the deployed profile, edits one of its crons, and deploys it again with a change of the other. */
export async function deployProfile(stage: Stage, deployment: Deployment, cloudtab: Cloudtab): Promise<void> {
  const periodicity = async (uid: string) => (await stage.store.read(SHOP, uid)).cron?.value?.periodicity;
  await step('the deployment applied its profile, and the crons have their timers', async () => {
    for (const key of [EDITED, CHANGED]) await armedTimer(stage, key, `${key.uid} has its timer`);
  });
  await step(
    'a deployment applies the changed element of its profile, and keeps the edit of the other cron',
    async () => {
      await stage.console.put(EDITED, { name: 'heartbeat', periodicity: '0 0 2 2 *' });
      await until('the edit is effective', SOON_SECONDS, async () =>
        equal(await periodicity(EDITED.uid), '0 0 2 2 *'),
      );
      await writeProfile(deployment, '0 0 3 3 *');
      await deployment.deploy();
      await until('the profile is effective', SOON_SECONDS, async () =>
        equal(await periodicity(CHANGED.uid), '0 0 3 3 *'),
      );
      equal(await periodicity(EDITED.uid), '0 0 2 2 *');
      const { versions } = await cloudtab('history', CHANGED.uid, '--site', SHOP);
      equal(versions[0].author, 'a profile of the deployment');
    },
  );
}

/** Applies a file with `count` crons twice, exports it, and removes all crons. */
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
  const target = ['--site', SHOP];
  const timed = async (...words: string[]) => {
    const began = Date.now();
    const answer = await cloudtab(...words, ...target);
    return { answer, seconds: ((Date.now() - began) / 1000).toFixed(1) };
  };
  await step(`cloudtab apply writes a file of ${count} crons, and they get their timers`, async () => {
    await writeFile(file, JSON.stringify({ crons }));
    const first = await timed('apply', file);
    equal(first.answer.written, count);
    note(`${count} parameters written in ${first.seconds} s`);
    await until('all crons have their timers', SOON_SECONDS + count, async () => {
      const timers = await stage.console.timers();
      equal(timers.filter((name) => name.startsWith(`${SHOP}.cron-`)).length, count);
    });
  });
  await step('cloudtab apply writes nothing the second time, nor for an export', async () => {
    const versionOf = async (uid: string) => (await stage.console.labels({ site: SHOP, uid })).length;
    const again = await timed('apply', file);
    note(`applied again in ${again.seconds} s`);
    equal(again.answer.written, 0);
    const exported = join(folder, 'exported.json');
    await writeFile(exported, JSON.stringify(await cloudtab('export', ...target)));
    equal((await timed('apply', exported)).answer.written, 0);
    deepEqual(
      await Promise.all([uids[0], uids.at(-1)].map((uid) => versionOf(uid ?? ''))),
      [1, 1],
      'a parameter has a second version',
    );
  });
  await step('an empty file with --prune removes all crons', async () => {
    await writeFile(file, JSON.stringify({ crons: [] }));
    await cloudtab('apply', file, ...target, '--prune', '--yes');
    for (const key of [EDITED, CHANGED]) await noTimer(stage, key);
    await until('the site has no timers', SOON_SECONDS + count, async () => {
      const timers = await stage.console.timers();
      deepEqual(
        timers.filter((name) => name.startsWith(`${SHOP}.`)),
        [],
      );
    });
  });
}
