/** Applies one operation to several crons of a site. A refusal for one cron does not stop the others. */
import pMap from 'p-map';
import { CloudtabError, errorReport } from '../../core/domain/errors.ts';
import type { AddPorts } from './add-cron.ts';
import { type ForcePorts, forceRun } from './force-run.ts';
import { pluralize } from './messages.ts';
import type { BulkResult, OperationResult } from './operation-result.ts';
import { removeCron } from './remove-cron.ts';
import { restoreCron } from './restore-cron.ts';
import type { SavePorts } from './save.ts';
import { type Power, switchCron } from './switch-cron.ts';

const AT_ONCE = 5;

/** Milliseconds after which no other cron is begun: the answer has to arrive before the function's time is up. */
const TIME_LIMIT = 20_000;

/** Removes the crons of these uids. */
export function removeCrons(ports: SavePorts, site: string, uids: readonly string[]): Promise<BulkResult> {
  return each(ports, uids, 'Removed', (uid) => removeCron(ports, site, uid));
}

/** Adds removed crons of these uids again, each with its last valid definition. */
export function restoreCrons(ports: AddPorts, site: string, uids: readonly string[]): Promise<BulkResult> {
  return each(ports, uids, 'Restored', (uid) => restoreCron(ports, site, uid));
}

/** Switches the crons of these uids on or off. */
export function switchCrons(
  ports: SavePorts,
  site: string,
  uids: readonly string[],
  power: Power,
): Promise<BulkResult> {
  const verb = `Switched ${power.activated ? 'on' : 'off'}`;
  return each(ports, uids, verb, (uid) => switchCron(ports, site, uid, power));
}

/** Requests a run of each of these crons. */
export function forceRuns(ports: ForcePorts, site: string, uids: readonly string[]): Promise<BulkResult> {
  return each(ports, uids, 'Asked for a run of', (uid) => forceRun(ports, site, uid));
}

/** The result reports each CloudtabError as a refusal. Throws any other error. */
export async function each(
  { clock }: Pick<ForcePorts, 'clock'>,
  uids: readonly string[],
  verb: string,
  act: (uid: string) => Promise<OperationResult>,
): Promise<BulkResult> {
  const done: string[] = [];
  const refused: { uid: string; reason: string; code: string }[] = [];
  const left: string[] = [];
  const until = clock.now() + TIME_LIMIT;
  let unchanged = 0;
  await pMap(
    new Set(uids),
    async (uid) => {
      if (clock.now() >= until) return void left.push(uid);
      try {
        const { changed } = await act(uid);
        if (!changed) unchanged++;
        done.push(uid);
      } catch (error) {
        if (!(error instanceof CloudtabError)) throw error;
        refused.push({ uid, reason: error.message, code: errorReport(error).code });
      }
    },
    { concurrency: AT_ONCE },
  );
  const reasons = refused.map(({ reason }) => ` ${reason}`).join('');
  const not = refused.length > 0 ? ` ${pluralize(refused.length, 'cron')} refused:${reasons}` : '';
  const rest = left.length > 0 ? ` ${pluralize(left.length, 'cron')} not reached in time: ask again.` : '';
  const message = `${doneText(verb, done.length - unchanged, unchanged)}${not}${rest}`;
  return { message, changed: done.length > unchanged, done, refused, left };
}

/** Reports crons that needed no change separately. */
function doneText(verb: string, changed: number, unchanged: number): string {
  const were = `${pluralize(unchanged, 'cron')} ${unchanged === 1 ? 'was' : 'were'} ${verb.toLowerCase()} already`;
  if (changed === 0 && unchanged > 0) return `${were}: nothing was changed.`;
  return `${verb} ${pluralize(changed, 'cron')}.${unchanged > 0 ? ` ${were}.` : ''}`;
}
