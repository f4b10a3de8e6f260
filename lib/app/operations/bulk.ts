/** Applies one operation to several crons of a site. A refusal for one cron does not stop the others. */
import pMap from 'p-map';
import { CloudtabError } from '../../core/domain/errors.ts';
import { type ForcePorts, forceRun } from './force-run.ts';
import { pluralize } from './messages.ts';
import type { BulkResult, OperationResult } from './operation-result.ts';
import { removeCron } from './remove-cron.ts';
import type { SavePorts } from './save.ts';
import { switchCron } from './switch-cron.ts';

const AT_ONCE = 5;

/** Removes the crons of these uids. */
export function removeCrons(ports: SavePorts, site: string, uids: readonly string[]): Promise<BulkResult> {
  return each(uids, 'Removed', (uid) => removeCron(ports, site, uid));
}

/** Switches the crons of these uids on or off. */
export function switchCrons(
  ports: SavePorts,
  site: string,
  uids: readonly string[],
  activated: boolean,
): Promise<BulkResult> {
  const verb = `Switched ${activated ? 'on' : 'off'}`;
  return each(uids, verb, (uid) => switchCron(ports, site, uid, activated));
}

/** Requests a run of each of these crons. */
export function forceRuns(ports: ForcePorts, site: string, uids: readonly string[]): Promise<BulkResult> {
  return each(uids, 'Asked for a run of', (uid) => forceRun(ports, site, uid));
}

/** The result reports each CloudtabError as a refusal. Throws any other error. */
async function each(
  uids: readonly string[],
  verb: string,
  act: (uid: string) => Promise<OperationResult>,
): Promise<BulkResult> {
  const done: string[] = [];
  const refused: { uid: string; reason: string }[] = [];
  let unchanged = 0;
  await pMap(
    new Set(uids),
    async (uid) => {
      try {
        const { changed } = await act(uid);
        if (!changed) unchanged++;
        done.push(uid);
      } catch (error) {
        if (!(error instanceof CloudtabError)) throw error;
        refused.push({ uid, reason: error.message });
      }
    },
    { concurrency: AT_ONCE },
  );
  const reasons = refused.map(({ reason }) => ` ${reason}`).join('');
  const not = refused.length > 0 ? ` ${pluralize(refused.length, 'cron')} refused:${reasons}` : '';
  const message = `${doneText(verb, done.length - unchanged, unchanged)}${not}`;
  return { message, changed: done.length > unchanged, done, refused };
}

/** Reports crons that needed no change separately. */
function doneText(verb: string, changed: number, unchanged: number): string {
  const were = `${pluralize(unchanged, 'cron')} ${unchanged === 1 ? 'was' : 'were'} ${verb.toLowerCase()} already`;
  if (changed === 0 && unchanged > 0) return `${were}: nothing was changed.`;
  return `${verb} ${pluralize(changed, 'cron')}.${unchanged > 0 ? ` ${were}.` : ''}`;
}
