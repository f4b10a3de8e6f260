/** The crontab that is kept running while its process is killed: many crons, so that each full minute has much to do. */
import type { Chance } from '../simulation/chance.ts';

export interface Subject {
  readonly uid: string;
  /** It is planned for each minute of the epoch that is a multiple of this; divides an hour. */
  readonly everyMinutes: number;
  /** What stands in its file. */
  readonly definition: object;
}

/** The longest time between two planned times of a cron, in minutes. */
export const LONGEST_PERIOD = 3;

/** Crons of all policies; some run longer than their period. */
export function drawSubjects(chance: Chance, count: number): Subject[] {
  return Array.from({ length: count }, (_, index) => {
    const everyMinutes = chance.pick([1, 1, 1, 2, LONGEST_PERIOD]);
    const seconds = chance.pick([0, 0, 0, 1, 20, 90]);
    const maxLateness = chance.pick(['1d', '1d', '3m']);
    return {
      uid: `c${String(index).padStart(2, '0')}`,
      everyMinutes,
      definition: {
        name: 'heartbeat',
        periodicity: everyMinutes === 1 ? '* * * * *' : `*/${everyMinutes} * * * *`,
        overlap: chance.pick(['skip', 'buffer', 'allow']),
        missed: chance.pick(['once', 'all', 'skip']),
        logsLimit: 25,
        environ: { seconds },
        maxLateness,
      },
    };
  });
}
