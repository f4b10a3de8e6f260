/** The sample crontab of a new folder: a cron that runs every minute, and a paused one to edit. */
import type { Registry } from '../../core/ports/registry.ts';

/** The cron of the sample that runs every minute. */
export const SAMPLE_UID = 'every-minute';

/** Writes the sample as the crontab of a site, with this time zone. */
export async function writeSample(registry: Registry, site: string, timezone: string): Promise<void> {
  await registry.write({ site }, pretty({ activated: true, timezone }));
  await registry.write(
    { site, uid: SAMPLE_UID },
    pretty({ name: 'heartbeat', periodicity: '* * * * *', environ: { message: 'Hello from your crontab' } }),
  );
  await registry.write(
    { site, uid: 'nightly' },
    pretty({
      name: 'http',
      periodicity: '30 2 * * *',
      environ: { url: 'https://example.com/nightly', method: 'POST' },
      activated: false,
      missed: 'skip',
      timeout: '2m',
    }),
  );
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
