/** What `cloudtab start` prints beside an event: the time zone of its cron, what an edit changed, and what stays in force. */
import { changesText } from '../../app/operations/field-changes.ts';
import { history } from '../../app/operations/history.ts';
import { settingsInForce } from '../../core/domain/projection.ts';
import type { Event } from '../../core/ports/events.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';

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
export function eventContexts(
  ports: Pick<OperationPorts, 'store' | 'registry' | 'runners'>,
): (event: Event) => Promise<EventContext> {
  const zones = new Map<string, string>();
  const zoneOf = async (site: string, uid: string): Promise<string> => {
    const known = zones.get(`${site}/${uid}`);
    if (known !== undefined) return known;
    const { crontab, cron } = await ports.store.read(site, uid);
    const zone = cron?.value?.timezone ?? settingsInForce(crontab).timezone;
    zones.set(`${site}/${uid}`, zone);
    return zone;
  };
  const lookUp = async (event: Event): Promise<EventContext> => {
    if (event.type === 'ServerRestart') return UNKNOWN;
    const { site, uid } = event.detail;
    const key = uid === undefined ? { site } : { site, uid };
    if (event.type === 'ModifiedCrontab') zones.clear();
    const timezone = await zoneOf(site, uid ?? '');
    if (event.type === 'RejectedParameter') {
      const projection = await ports.store.readProjection(key);
      return { timezone, hasValid: projection?.value !== undefined };
    }
    if (event.type !== 'ModifiedCrontab') return { timezone };
    const versions = await history(ports, key);
    const saved = versions.find(({ version }) => version === event.detail.version);
    const isFirst = versions.at(-1) === saved;
    return { timezone, changes: saved && !isFirst ? changesText(saved.changes) : '' };
  };
  // An event is worth printing even if the state cannot be read.
  return (event) => lookUp(event).catch(() => UNKNOWN);
}
