/** The crontab that a new folder begins with: something to watch, something to edit, something that goes wrong. */
import type { Registry } from '../../core/ports/registry.ts';

/** The cron of the sample whose first run need not be waited for. */
export const SAMPLE_UID = 'every-minute';

/** Writes the sample as the crontab of that site; `timezone` is the crontab's. */
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
      environ: { url: 'http://localhost:8080/nightly', method: 'POST' },
      activated: false,
      missed: 'skip',
      timeout: '2m',
    }),
  );
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
