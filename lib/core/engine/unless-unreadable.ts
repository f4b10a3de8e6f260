import { UnreadableError } from '../domain/errors.ts';
import type { Logger } from '../ports/logger.ts';

/** Works on one cron. If this version cannot read its state, that is logged, and the cron is left as it is. */
export async function unlessUnreadable(
  logger: Logger,
  site: string,
  uid: string,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    logger.error(error.message, { code: 'cron-unreadable', site, uid });
  }
}
