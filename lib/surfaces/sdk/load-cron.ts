/** Loads one cron for programs. */
import type { Cron } from '../../core/domain/cron.ts';
import { type CronContext, loadCron as load } from '../../core/domain/cron-schema.ts';

/**
 * Loads a cron from a Cron, an object or its JSON. One without a uid gets a new one, unless the context has one. Throws
 * InvalidError with all problems.
 */
export function loadCron(input: unknown, context: CronContext = {}): Cron {
  return load(input, { newUid: () => crypto.randomUUID(), ...context });
}
