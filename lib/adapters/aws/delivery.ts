/** The JSON of a delivery, with which a timer or a user's forced run invokes the run Lambda. */
import { InvalidError } from '../../core/domain/errors.ts';
import { iso } from '../../core/domain/iso.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import { SITE, UID } from '../../core/domain/names.ts';
import type { Delivery } from '../../core/domain/occurrence.ts';
import { formatValue, type Problem } from '../../core/domain/problem.ts';
import { truncateBytes } from '../../core/domain/truncate-bytes.ts';

/**
 * JSON such as `{"site":"default","uid":"backup","plannedAt":"2026-01-05T12:00:00Z"}`, with `forced` and `requestedBy` for a
 * run that a user requested, and `evenOff` if it is to run although the cron is off.
 */
export function formatDelivery({ site, uid, plannedAt, forced, requestedBy, evenOff }: Delivery): string {
  return JSON.stringify({ site, uid, plannedAt: iso(plannedAt), forced, requestedBy, evenOff });
}

/** A session of a role fits; a job and its records hold it. */
export const MAX_REQUESTED_BY_BYTES = 144;

type DeliveryJson = Omit<Delivery, 'plannedAt'> & { readonly plannedAt: string };

/** What each field must be. */
const FIELDS: readonly {
  readonly where: keyof Delivery;
  readonly wanted: string;
  readonly fits: (value: unknown) => boolean;
}[] = [
  { where: 'site', wanted: 'a site', fits: (value) => typeof value === 'string' && SITE.test(value) },
  { where: 'uid', wanted: "a cron's uid", fits: (value) => typeof value === 'string' && UID.test(value) },
  { where: 'plannedAt', wanted: 'a time such as "2026-01-05T12:00:00Z"', fits: isTime },
  {
    where: 'forced',
    wanted: 'a run id, or nothing',
    fits: (value) => value === undefined || (typeof value === 'string' && UID.test(value)),
  },
  {
    where: 'requestedBy',
    wanted: 'text, or nothing',
    fits: (value) => value === undefined || typeof value === 'string',
  },
  { where: 'evenOff', wanted: 'true, or nothing', fits: (value) => value === undefined || value === true },
];

const FIX = 'Send what a timer sends: {"site":…,"uid":…,"plannedAt":…}.';

/** The delivery in the event of the run Lambda. Throws InvalidError with every problem of the event. */
export function parseDelivery(event: unknown): Delivery {
  if (!isJsonObject(event)) {
    throw new InvalidError([{ where: 'value', got: formatValue(event), wanted: 'a JSON object', fix: FIX }]);
  }
  const fields = event as { readonly [Field in keyof Delivery]?: unknown };
  const problems = FIELDS.filter(({ where, fits }) => !fits(fields[where])).map(
    ({ where, wanted }): Problem => ({ where, got: formatValue(fields[where]), wanted, fix: FIX }),
  );
  if (problems.length > 0) throw new InvalidError(problems);
  const { site, uid, plannedAt, forced, requestedBy: by, evenOff } = fields as DeliveryJson;
  const requestedBy = by ? truncateBytes(by, MAX_REQUESTED_BY_BYTES).text : undefined;
  return { site, uid, plannedAt: Date.parse(plannedAt), forced, requestedBy, evenOff };
}

function isTime(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
