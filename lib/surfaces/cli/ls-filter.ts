/** Which crons `ls` lists, and in which order. */
import { isWantedCron } from '../../app/operations/cron-filter.ts';
import type { CronView } from '../../app/operations/cron-view.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import { HEALTHS } from '../../core/domain/health.ts';
import { formatValue } from '../../core/domain/problem.ts';

export interface LsFilter {
  /** As `searchCrons` finds it. */
  readonly pattern?: string | undefined;
  /** The name of a runner. */
  readonly runner?: string;
  readonly tag?: string;
  /** Those that have one of these states, if any is set. */
  readonly failing?: true;
  readonly late?: true;
  readonly off?: true;
  readonly sort?: string;
}

const ORDERS: Readonly<Record<string, (cron: CronView) => number>> = {
  health: ({ health }) => HEALTHS.indexOf(health),
  next: ({ job }) => job.next ?? Number.POSITIVE_INFINITY,
  last: ({ job }) => -(job.last?.date ?? 0),
};

const STATES = ['failing', 'late', 'off'] as const;

export const SORTS = ['uid', ...Object.keys(ORDERS)];

/** Throws InvalidError for an order that does not exist. */
export async function chosenCrons(
  crons: readonly CronView[],
  { pattern = '', runner, tag, sort = 'uid', ...states }: LsFilter,
): Promise<readonly CronView[]> {
  if (!SORTS.includes(sort)) throw new InvalidError([unknownOrder(sort)]);
  const filter = { runner, tag, states: STATES.filter((state) => states[state]) };
  const found = (await withText(crons, pattern)).filter((cron) => isWantedCron(cron, filter));
  const order = ORDERS[sort];
  return order ? found.toSorted((a, b) => order(a) - order(b)) : found;
}

async function withText(crons: readonly CronView[], pattern: string): Promise<readonly CronView[]> {
  if (pattern === '') return crons;
  const { searchCrons } = await import('../../app/operations/search-crons.ts');
  return searchCrons(crons, pattern);
}

function unknownOrder(sort: string) {
  return {
    where: '--sort',
    got: formatValue(sort),
    wanted: `one of ${SORTS.join(', ')}`,
    fix: 'Choose one.',
  };
}
