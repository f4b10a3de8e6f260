/** Crons of a world that have been there for days, with the records of their runs. */
import { CRON_DEFAULTS } from '../../lib/core/domain/cron.ts';
import type { Off } from '../../lib/core/domain/off.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import { commitJob } from './commit-job.ts';
import { HOUR, NOON } from './jobs.ts';
import type { World } from './world.ts';

/** An hourly cron of the runner `task`, other than `fields`, whose definition has been in force for ten days. */
export function addOldCron(
  { ports }: Pick<World, 'ports'>,
  uid: string,
  fields: object,
  modified = NOON - 240 * HOUR,
  off?: Off,
): Promise<unknown> {
  const value = { ...CRON_DEFAULTS, name: 'task', periodicity: '0 * * * *', uid, ...fields };
  return ports.store.putProjection(
    { site: 'default', uid },
    { modified, version: 1, value, ...(off && { off }) },
  );
}

/** The cron has these run records, in any order. */
export function addRecords(
  { ports }: Pick<World, 'ports'>,
  uid: string,
  records: readonly RunRecord[],
): Promise<unknown> {
  const own = records.map((record) => ({ ...record, uid }));
  return commitJob(
    ports.store,
    uid,
    {},
    own.sort((a, b) => a.plannedAt - b.plannedAt),
  );
}
