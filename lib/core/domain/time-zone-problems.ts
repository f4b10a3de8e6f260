/** The problem of a time zone that does not exist, with a suggestion. */
import { nearest } from './nearest.ts';
import { formatValue, type Problem } from './problem.ts';
import { isTimeZone } from './time-zone.ts';

/** What names a zone, for messages. */
export const TIME_ZONE_RULE = 'the name of a time zone, such as "Europe/Paris" or "UTC"';

/** At most one problem of a zone's name. */
export function timeZoneProblems(name: string): Problem[] {
  if (isTimeZone(name)) return [];
  return [{ where: 'timezone', got: formatValue(name), wanted: TIME_ZONE_RULE, fix: fixFor(name) }];
}

function fixFor(name: string): string {
  if (/^(?:UTC|GMT)?[+-]?\d/i.test(name)) {
    return 'An offset has no daylight saving time: name a place instead.';
  }
  const zone = nearestZone(name);
  return zone ? `Did you mean "${zone}"?` : 'Write it as continent/city.';
}

/** The zone whose name, or whose city without its continent, is nearest. */
function nearestZone(name: string): string | undefined {
  const zones = new Map<string, string>();
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    zones.set(zone, zone);
    const city = zone.slice(zone.lastIndexOf('/') + 1);
    zones.set(city, zone);
  }
  const nearestName = nearest(name.trim().replaceAll(' ', '_'), zones.keys());
  return nearestName && zones.get(nearestName);
}
