/** `cloudtab logs UID --delete`: takes away logs of a cron. */
import { deleteLogs } from '../../app/operations/delete-logs.ts';
import { readLogs } from '../../app/operations/read-logs.ts';
import type { Target } from '../../core/ports/target.ts';
import { jsonText } from './options.ts';
import { withSuggestions } from './suggest.ts';

/** More than a cron can have. */
const MOST = { count: 100 };

/** What was done, in a sentence. `which` are ids of logs or of runs; `all` means every log. */
export async function clearLogs(
  target: Target,
  site: string,
  uid: string,
  which: readonly string[],
  { json }: { readonly json?: true },
): Promise<string> {
  const { ports } = target;
  const outcome = await withSuggestions(target, site, uid, async () => {
    if (which.includes('all')) return deleteLogs(ports, site, uid, 'all');
    const { logs } = await readLogs(ports, site, uid, MOST);
    const meant = logs.filter(({ id, runId }) => which.includes(id) || which.includes(runId ?? ''));
    return deleteLogs(
      ports,
      site,
      uid,
      meant.map(({ id }) => id),
    );
  });
  return json ? jsonText({ site, uid, ...outcome }) : outcome.message;
}
