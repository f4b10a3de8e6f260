/** Which crons `ls` lists, and in which order. */
import type { CronView, Health } from '../../app/operations/cron-view.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import { formatValue } from '../../core/domain/problem.ts';

export interface LsFilter {
  /** Part of the uid, of the runner or of the description; letters count alike in both cases. */
  readonly pattern?: string | undefined;
  /** The name of a runner. */
  readonly runner?: string;
  /** Those that have one of these states, if any is set. */
  readonly failing?: true;
  readonly late?: true;
  readonly off?: true;
  readonly sort?: string;
}

/** The worst first. */
const BY_HEALTH: readonly Health[] = ['broken', 'failing', 'late', 'warning', 'running', 'new', 'ok', 'off'];

const ORDERS: Readonly<Record<string, (cron: CronView) => number>> = {
  health: ({ health }) => BY_HEALTH.indexOf(health),
  next: ({ job }) => job.next ?? Number.POSITIVE_INFINITY,
  last: ({ job }) => -(job.last?.date ?? 0),
};

export const SORTS = ['uid', ...Object.keys(ORDERS)];

/** Throws InvalidError for an order that does not exist. */
export function chosenCrons(crons: readonly CronView[], filter: LsFilter): readonly CronView[] {
  const { pattern = '', runner, failing, late, off, sort = 'uid' } = filter;
  if (!SORTS.includes(sort)) throw new InvalidError([unknownOrder(sort)]);
  const text = pattern.toLowerCase();
  const states = new Set([
    ...(failing ? ['failing'] : []),
    ...(late ? ['late'] : []),
    ...(off ? ['off'] : []),
  ]);
  const found = crons.filter(
    ({ uid, definition, health }) =>
      [uid, definition?.name, definition?.description].some((one) => one?.toLowerCase().includes(text)) &&
      (runner === undefined || definition?.name === runner) &&
      (states.size === 0 || states.has(health)),
  );
  const order = ORDERS[sort];
  return order ? found.sort((a, b) => order(a) - order(b)) : found;
}

function unknownOrder(sort: string) {
  return {
    where: '--sort',
    got: formatValue(sort),
    wanted: `one of ${SORTS.join(', ')}`,
    fix: 'Choose one.',
  };
}
