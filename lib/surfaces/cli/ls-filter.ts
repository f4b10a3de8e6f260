/** Which crons `ls` lists, and in which order. */
import type { CronView } from '../../app/operations/cron-view.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import { HEALTHS, isFailing } from '../../core/domain/health.ts';
import { formatValue } from '../../core/domain/problem.ts';

export interface LsFilter {
  /** Part of the uid, of the runner, of the description or of a tag; letters count alike in both cases. */
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

export const SORTS = ['uid', ...Object.keys(ORDERS)];

/** Throws InvalidError for an order that does not exist. */
export function chosenCrons(crons: readonly CronView[], filter: LsFilter): readonly CronView[] {
  const { pattern = '', runner, tag, failing, late, off, sort = 'uid' } = filter;
  if (!SORTS.includes(sort)) throw new InvalidError([unknownOrder(sort)]);
  const text = pattern.toLowerCase();
  const states = [failing && isFailing, late && isLate, off && isOff].filter((state) => state !== undefined);
  const found = crons.filter(
    (cron) =>
      textsOf(cron).some((one) => one?.toLowerCase().includes(text)) &&
      (runner === undefined || cron.definition?.name === runner) &&
      (tag === undefined || cron.definition?.tags?.includes(tag)) &&
      (states.length === 0 || states.some((is) => is(cron))),
  );
  const order = ORDERS[sort];
  return order ? found.sort((a, b) => order(a) - order(b)) : found;
}

function isLate({ health }: CronView): boolean {
  return health === 'late';
}

function isOff({ health }: CronView): boolean {
  return health === 'off';
}

function textsOf({ uid, definition }: CronView) {
  return [uid, definition?.name, definition?.description, ...(definition?.tags ?? [])];
}

function unknownOrder(sort: string) {
  return {
    where: '--sort',
    got: formatValue(sort),
    wanted: `one of ${SORTS.join(', ')}`,
    fix: 'Choose one.',
  };
}
