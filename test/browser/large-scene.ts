// cspell:ignoreRegExp /\p{Script=Arabic}+/gu
/**
 * A realistic amount of data: beside the crons of story-scene.ts 1,000 crons in three sites, with 100 run records each, in
 * every state, with names and texts that break careless layouts.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import type { JsonObject } from '../../lib/core/domain/cron.ts';
import { withRecords } from '../../lib/core/domain/lease.ts';
import type { Status } from '../../lib/core/domain/run-record.ts';
import { updateJob } from '../../lib/core/engine/update-job.ts';
import { openScene, recordOf, type Scene } from './scene.ts';
import { fillScene } from './story-scene.ts';

const SITES = {
  shop: { count: 700, settings: { timezone: 'Europe/Berlin' } },
  reports: { count: 290, settings: { timezone: 'Asia/Tokyo' } },
  locked: { count: 10, settings: { timezone: 'America/New_York', readOnly: true, activated: false } },
};
const RECORDS_PER_CRON = 100;
/** No cron is due while the tests run. */
const MINUTES_BETWEEN = 1440;

const TEXTS = [
  'ディスクがいっぱいです。バックアップを中止しました。容量を確認してから、もう一度実行してください。',
  'تعذر الاتصال بقاعدة البيانات: انتهت المهلة بعد 30 ثانية. حاول مرة أخرى.',
  'https://example.com/a/very/long/address/without/any/space/that/a/browser/could/break/0123456789abcdef',
  'Connection refused',
];

/** The uids of the crons of a site: every seventh as long as possible. */
function uidOf(site: string, index: number): string {
  const uid = `${site}-${index}`;
  return index % 7 === 0 ? `${uid}-with-a-name-of-36-characters-xxxxxxxxx`.slice(0, 36) : uid;
}

function definitionOf(index: number): JsonObject {
  const rule = `${index % 60} ${(new Date().getUTCHours() + 3 + (index % 18)) % 24} * * *`;
  if (index % 50 === 9) return { name: 'heartbeat', periodicity: `${rule} broken` };
  if (index % 10 === 8) return { name: 'heartbeat', periodicity: rule, activated: false };
  if (index % 3 === 0) return { name: 'report', periodicity: rule, environ: { to: TEXTS[index % 2] ?? '' } };
  return { name: 'http', periodicity: rule, environ: { url: 'https://shop.example.com/ping' } };
}

/** The newest run of a cron has the index 0. */
function statusOf(index: number, run: number): Status {
  if (index % 10 === 1) return run < 3 ? 'FAILURE' : 'OK';
  if (index % 10 === 2) return run % 2 === 0 ? 'OK' : 'FAILURE';
  if (index % 10 === 3) return 'WARN';
  return run % 30 === 29 ? 'NOTRUN' : 'OK';
}

export async function openLargeScene(): Promise<Scene> {
  const scene = await openScene(writeFiles);
  const { ports } = scene.laptop;
  const add = (site: string, index: number) => {
    const uid = uidOf(site, index);
    const owner = { site, uid, runner: String(definitionOf(index).name) };
    const records = Array.from({ length: RECORDS_PER_CRON }, (_, run) => {
      const status = statusOf(index, run);
      const messages = status === 'OK' ? [] : [TEXTS[(index + run) % TEXTS.length] ?? ''];
      return recordOf(owner, { minutes: MINUTES_BETWEEN * run + (index % 600) + 5, status, messages });
    }).toReversed();
    return updateJob(ports, site, uid, (_state, job) => withRecords(job, records));
  };
  for (const [site, { count }] of Object.entries(SITES)) {
    await Promise.all(Array.from({ length: count }, (_, index) => add(site, index)));
  }
  await fillScene(scene);
  return scene;
}

function writeFiles(dir: string): void {
  for (const [site, { count, settings }] of Object.entries(SITES)) {
    const folder = join(folderOf(dir).parameters, site);
    mkdirSync(join(folder, 'crons'), { recursive: true });
    writeFileSync(join(folder, 'crontab.json'), JSON.stringify(settings));
    for (let index = 0; index < count; index++) {
      const file = join(folder, 'crons', `${uidOf(site, index)}.json`);
      writeFileSync(file, JSON.stringify(definitionOf(index)));
    }
  }
}
