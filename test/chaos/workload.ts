/**
 * The workload: the crontab that runs while its process is killed. Its many crons give every full minute a lot to do.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { parameterFile } from '../../lib/adapters/local/parameter-files.ts';
import { DEFAULT_SITE } from '../../lib/core/domain/names.ts';
import type { Prng } from '../simulation/prng.ts';

export interface WorkloadCron {
  readonly uid: string;
  /** It is planned for each minute of the epoch that is a multiple of this number, which divides 60. */
  readonly everyMinutes: number;
  /** The content of its parameter file. */
  readonly definition: object;
}

/** The longest time between two occurrences of a cron, in minutes. */
export const LONGEST_PERIOD = 3;

/** Crons with all policies; some run longer than their period. */
export function drawWorkload(prng: Prng, count: number): WorkloadCron[] {
  return Array.from({ length: count }, (_, index) => {
    const everyMinutes = prng.pick([1, 1, 1, 2, LONGEST_PERIOD]);
    const seconds = prng.pick([0, 0, 0, 1, 20, 90]);
    const maxLateness = prng.pick(['1d', '1d', '3m']);
    return {
      uid: `c${String(index).padStart(2, '0')}`,
      everyMinutes,
      definition: {
        name: 'heartbeat',
        periodicity: everyMinutes === 1 ? '* * * * *' : `*/${everyMinutes} * * * *`,
        overlap: prng.pick(['skip', 'buffer', 'allow']),
        missed: prng.pick(['once', 'all', 'skip']),
        logsLimit: 25,
        environ: { seconds },
        maxLateness,
      },
    };
  });
}

/** Writes the parameter files of the crons into the folder of a crontab. */
export function writeWorkload(dir: string, crons: readonly WorkloadCron[]): void {
  for (const { uid, definition } of crons) {
    const file = parameterFile(folderOf(dir).parameters, { site: DEFAULT_SITE, uid });
    if (!file) throw new Error(`No parameter file for ${uid}.`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(definition));
  }
}
