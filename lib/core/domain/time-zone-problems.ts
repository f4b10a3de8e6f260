/** What to tell a person whose time zone does not exist. */
import { nearest } from './nearest.ts';
import { formatValue, type Problem } from './problem.ts';
import { isTimeZone } from './time-zone.ts';

/** Nothing, or the one problem of a zone's name. */
export function timeZoneProblems(name: string): Problem[] {
  if (isTimeZone(name)) return [];
  return [
    {
      where: 'timezone',
      got: formatValue(name),
      wanted: 'the name of a time zone, such as "Europe/Paris" or "UTC"',
      fix: cureFor(name),
    },
  ];
}

function cureFor(name: string): string {
  if (/^(?:UTC|GMT)?[+-]?\d/i.test(name)) {
    return 'An offset knows no daylight saving: name a place instead.';
  }
  const meant = cityNamed(name) ?? nearest(name, Intl.supportedValuesOf('timeZone'));
  return meant ? `Did you mean "${meant}"?` : 'Write it as continent/city.';
}

/** The zone of a city that was written without its continent. */
function cityNamed(name: string): string | undefined {
  const city = name.trim().toLowerCase().replaceAll(' ', '_');
  return Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase().endsWith(`/${city}`));
}
