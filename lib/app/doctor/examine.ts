/** Examines a target as an operator would, and repairs it. */
import { CloudtabError } from '../../core/domain/errors.ts';
import type { Finding } from '../../core/domain/finding.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { Target } from '../../core/ports/target.ts';
import { examineCrontabs } from './crontabs.ts';
import { examineSweep, examineTimers } from './timers.ts';

interface Examined extends Pick<Target, 'ports' | 'maintenance' | 'option'> {
  /** The findings about the version of the target. */
  readonly versions?: () => Promise<readonly Finding[]>;
}

/** Runs all checks. A check that fails becomes a finding, and does not stop the others. */
export async function examine({ ports, maintenance, option, versions }: Examined): Promise<Finding[]> {
  const timers = maintenance.timers?.bind(maintenance);
  const checks: Readonly<Record<string, () => Promise<readonly Finding[]>>> = {
    target: () => maintenance.findings(),
    crontabs: () => examineCrontabs(ports, { isRunning: maintenance.isRunning, option }),
    timers: async () => (timers ? examineTimers(ports, timers) : []),
    sweep: async () => (maintenance.isRunning ? examineSweep(ports) : []),
    version: async () => (await versions?.()) ?? [],
    'dead letters': () => examineDeadLetters({ maintenance }),
  };
  const found = await Promise.all(Object.entries(checks).map(([what, look]) => attempted(what, look)));
  return found.flat();
}

/** Repairs what it can, then removes the dead letters and returns their subjects. */
export async function repair(
  { maintenance }: Pick<Target, 'maintenance'>,
  logger: Logger,
): Promise<readonly string[]> {
  await maintenance.repair(logger);
  // Last, because their subjects are repaired now.
  return (await maintenance.deadLetters?.take()) ?? [];
}

async function examineDeadLetters({ maintenance }: Pick<Target, 'maintenance'>): Promise<Finding[]> {
  const count = (await maintenance.deadLetters?.count()) ?? 0;
  if (count === 0) return [];
  const what = `The dead-letter queue holds ${count === 1 ? 'a message' : `${count} messages`}: something could not be delivered or handled at all.`;
  const fix = 'Let --fix repair their subjects, show them and remove them.';
  return [{ code: 'dead-letters', what, fix, fixable: true }];
}

/** A missing permission becomes a finding, and the other checks go on. */
async function attempted(what: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof CloudtabError)) throw error;
    const failure = `The ${what} could not be checked. ${error.message}`;
    return [
      { code: 'not-checked', what: failure, fix: 'Fix this first, then run it again.', fixable: false },
    ];
  }
}
