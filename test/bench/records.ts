/** Lists of run records of a local crontab. */
import { join } from 'node:path';
import { openDatabase } from '../../lib/adapters/local/sqlite-database.ts';
import { SqliteStore } from '../../lib/adapters/local/sqlite-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { newJob } from '../../lib/core/domain/job.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import { inTempFolder } from '../support/local-crontab.ts';
import { type Comparison, figure, medians, timed } from './comparison.ts';

const CRONS = 1_000;
const RECORDS_PER_CRON = 100;
const MAX_MS = 50;
const ROUNDS = 30;
const PAGE = { limit: 50 };

export function compareRecords(): Promise<Comparison[]> {
  return inTempFolder(async (dir) => {
    const database = openDatabase(join(dir, 'cloudtab.db'));
    const store = new SqliteStore(database, { clock: systemClock, retentionDays: 90 });
    await Promise.all(Array.from({ length: CRONS }, (_, number) => addRecords(store, `cron-${number}`)));
    const ms = await medians(ROUNDS, {
      cron: () => timed(() => store.records('default', 'cron-500', PAGE)),
      site: () => timed(() => store.activity('default', PAGE)),
      attention: () => timed(() => store.attention(PAGE)),
    });
    database.close();
    const among = `of ${(CRONS * RECORDS_PER_CRON).toLocaleString('en')} run records`;
    return [
      figure(`the newest 50 of one cron, ${among}`, ms.cron, MAX_MS),
      figure(`the newest 50 of a site, ${among}`, ms.site, MAX_MS),
      figure(`the newest 50 that need attention, ${among}`, ms.attention, MAX_MS),
    ];
  });
}

async function addRecords(store: SqliteStore, uid: string): Promise<void> {
  const records = Array.from({ length: RECORDS_PER_CRON }, (_, number) => recordOf(uid, number));
  await store.commit({ ...newJob('default', uid), token: 'first' }, undefined, records);
}

function recordOf(uid: string, number: number): RunRecord {
  const plannedAt = (Math.floor(systemClock.now() / 60_000) - number) * 60_000;
  const status = number % 20 === 0 ? 'FAILURE' : 'OK';
  const messages = status === 'OK' ? [] : ['The server answered 503.'];
  return { site: 'default', uid, plannedAt, runner: 'http', status, messages, endedAt: plannedAt + 1_500 };
}
