/** Searches crons for a text. Apart from cron-filter.ts, because the words of schedules take time to load. */
import type { CronView } from './cron-view.ts';
import { describePeriodicity } from './describe-periodicity.ts';

/**
 * The crons whose uid, runner, user, schedule (as written or in words), description or a tag contains the text; capital and small
 * letters are alike.
 */
export function searchCrons(crons: readonly CronView[], text: string): readonly CronView[] {
  const wanted = text.toLowerCase();
  return crons.filter((cron) => textsOf(cron).some((one) => one.toLowerCase().includes(wanted)));
}

function textsOf({ uid, definition }: CronView): readonly string[] {
  if (!definition) return [uid];
  const { name, user = '', description = '', tags = [], periodicity } = definition;
  return [uid, name, user, description, ...tags, periodicity, describePeriodicity(periodicity, uid)];
}
