/** Crons with logs of past runs: one cron in each state that the dashboard can show. */
import type { JsonObject } from '../../lib/core/domain/cron.ts';
import { cronOf } from '../support/jobs.ts';
import { addCron, type Past, type Scene } from './scene.ts';

const MINUTE = 60_000;
const TIMEZONE = 'Europe/Paris';

/** Adds a cron whose runs in the past were the latest that its schedule planned before the times of `past`. */
function add(
  scene: Scene,
  uid: string,
  fields: JsonObject,
  past: readonly Past[] = [],
  site?: string,
): Promise<void> {
  const cron = cronOf({ uid, ...fields });
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const runs = past.map((run) => {
    const latest = now - run.minutes * MINUTE;
    let planned = cron.next(latest - 62 * 1440 * MINUTE, TIMEZONE) ?? latest;
    for (let next = planned; next <= latest; next = cron.next(next, TIMEZONE) ?? Infinity) planned = next;
    return { ...run, minutes: (now - planned) / MINUTE };
  });
  return addCron(scene, uid, fields, runs, site);
}

const daily = (count: number, of: (index: number) => Omit<Past, 'minutes'>): Past[] =>
  Array.from({ length: count }, (_, index) => ({ minutes: index * 1440, ...of(index) }));

/** Adds crons to the default site and to a second site. */
export async function fillScene(scene: Scene): Promise<void> {
  const { laptop } = scene;
  await laptop.ports.registry.write({ site: 'default' }, JSON.stringify({ timezone: TIMEZONE }));
  await add(
    scene,
    'nightly-report',
    {
      name: 'report',
      periodicity: '30 2 * * *',
      environ: { to: 'team@example.com', pages: 4, token: { $secret: 'mail' } },
      logsLimit: 25,
    },
    daily(24, (index) =>
      index % 7 === 3
        ? { status: 'WARN', messages: ['Two figures are older than a day.'] }
        : { status: 'OK', took: 4200 + index * 130 },
    ),
  );
  await add(
    scene,
    'backup-eu',
    {
      name: 'backup',
      periodicity: 'H 3 * * *',
      timezone: 'Europe/London',
      logsLimit: 10,
    },
    daily(8, (index) =>
      index < 2
        ? {
            status: 'FAILURE',
            messages: ['The disk at backup-2 is full: 0 of 500 GB are free.'],
            took: 61_000,
          }
        : { status: 'OK', took: 140_000 + ((index * 17) % 7) * 9_000 },
    ),
  );
  await add(
    scene,
    'ping-shop',
    {
      name: 'http',
      periodicity: '*/15 * * * *',
      environ: { url: 'https://shop.example.com/ping', status: '2xx' },
      logsLimit: 12,
    },
    Array.from({ length: 96 }, (_, index) => ({
      minutes: index * 15,
      status: index === 5 ? 'NOTRUN' : index === 6 ? 'WARN' : 'OK',
      took: 240,
      ...(index === 5 && { reason: 'overlap' }),
      messages:
        index === 5
          ? ['An earlier run was waiting; overlap is "skip".']
          : index === 6
            ? ['Answered in 9.8 s.']
            : [],
    })),
  );
  await add(scene, 'invoices', { name: 'lambda:send-invoices', periodicity: '0 9 1 * *' }, [
    { minutes: 60 * 24 * 20, status: 'OK', took: 12_400 },
  ]);
  await add(
    scene,
    'weekly-digest',
    { name: 'report', periodicity: '0 8 * * 1', environ: { to: 'all@example.com' } },
    [
      { minutes: 2900, status: 'OK', took: 8100 },
      { minutes: 2900 + 10_080, status: 'OK', took: 7900 },
    ],
  );
  await add(
    scene,
    'cleanup',
    { name: 'heartbeat', periodicity: '5 */2 * * *' },
    Array.from({ length: 14 }, (_, index) => ({ minutes: index * 120, status: 'OK' as const, took: 90 })),
  );
  await add(scene, 'old-import', { name: 'heartbeat', periodicity: '@hourly', activated: false }, [
    {
      minutes: 60 * 24 * 40,
      status: 'NOTRUN',
      reason: 'off',
      messages: ['The cron is off since 2026-01-05T09:00:00Z by ana: stocktaking.'],
    },
  ]);
  await laptop.ports.registry.write(
    { site: 'default', uid: 'old-import' },
    '{"name": "heartbeat", "periodicity": "@hourly", "activated": true}',
    'ada',
  );
  await laptop.ports.registry.write(
    { site: 'default', uid: 'old-import' },
    '{"name": "heartbeat", "periodicity": "@hourly", "activated": false}',
    'ben: the new shop sends its orders by itself',
  );
  await add(scene, 'tides', {
    name: 'heartbeat',
    periodicity: '15 6,18 * * *',
    timezone: 'Pacific/Auckland',
  });
  await laptop.ports.registry.write(
    { site: 'default', uid: 'cleanup' },
    '{"name": "heartbeat", "periodicity": "5 */25 * * *"}',
    'ben',
  );
  await laptop.refresh();
  await add(scene, 'sitemap', { name: 'heartbeat', periodicity: '@daily' }, [], 'shop');
}
