/** What `cloudtab start` prints beside an event: the time zone of its cron, what an edit changed, and what stays in force. */

import type { Call } from '../../app/door/call.ts';
import { wholeHistory } from '../../app/door/whole-lists.ts';
import { changesText } from '../../app/operations/field-changes.ts';
import type { Event } from '../../core/domain/event.ts';

export interface EventContext {
  /** The IANA name. */
  readonly timezone: string;
  /** The fields that an edit changed, in one line. Empty for the first version. */
  readonly changes?: string;
  /** Whether a valid version is in force although an edit was rejected. */
  readonly hasValid?: boolean;
}

const UNKNOWN: EventContext = { timezone: 'UTC' };

/** Returns a function that looks up the context of an event, and never rejects. Zones are kept until something is edited. */
export function eventContexts(call: Call): (event: Event) => Promise<EventContext> {
  const zones = new Map<string, string>();
  const zoneOf = async (site: string, uid: string | undefined): Promise<string> => {
    const key = `${site}/${uid ?? ''}`;
    const known = zones.get(key);
    if (known !== undefined) return known;
    const { timezone } =
      uid === undefined ? await call('readSettings', { site }) : await call('readCron', { site, uid });
    zones.set(key, timezone);
    return timezone;
  };
  const lookUp = async (event: Event): Promise<EventContext> => {
    if (event.type === 'ServerRestart') return UNKNOWN;
    const { site, uid } = event.detail;
    if (event.type === 'ModifiedCrontab') zones.clear();
    const timezone = await zoneOf(site, uid);
    if (event.type === 'RejectedParameter') return { timezone, hasValid: await hasValid(call, site, uid) };
    if (event.type !== 'ModifiedCrontab') return { timezone };
    const versions = await wholeHistory(call, { site, uid });
    const saved = versions.find(({ version }) => version === event.detail.version);
    const isFirst = versions.at(-1) === saved;
    return { timezone, changes: saved && !isFirst ? changesText(saved.changes) : '' };
  };
  // An event is worth printing even if the state cannot be read.
  return (event) => lookUp(event).catch(() => UNKNOWN);
}

/** Whether a valid version of the cron, or of the settings, is in force. */
async function hasValid(call: Call, site: string, uid: string | undefined): Promise<boolean> {
  if (uid !== undefined) return (await call('readCron', { site, uid })).definition !== undefined;
  const versions = await wholeHistory(call, { site });
  return versions.some(({ problems }) => problems === undefined);
}
