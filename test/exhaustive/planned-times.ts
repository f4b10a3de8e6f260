/** The planned times of simple periodicities, for the oracle: minute and hour as lists of numbers or `*`, every day, in UTC. */

const MINUTE = 60_000;
const MINUTES_PER_DAY = 1440;

/** Every planned time from `from` to `to`, both included. */
export function plannedTimes(periodicity: string, from: number, to: number): number[] {
  const [minutes = '', hours = ''] = periodicity.split(' ');
  const times: number[] = [];
  for (let time = Math.ceil(from / MINUTE) * MINUTE; time <= to; time += MINUTE) {
    const date = new Date(time);
    if (matches(minutes, date.getUTCMinutes()) && matches(hours, date.getUTCHours())) times.push(time);
  }
  return times;
}

/** The first planned time after `time`. */
export function nextPlannedTime(periodicity: string, time: number): number | undefined {
  for (let minute = 1; minute <= MINUTES_PER_DAY; minute++) {
    const [planned] = plannedTimes(periodicity, time + minute * MINUTE - MINUTE + 1, time + minute * MINUTE);
    if (planned !== undefined) return planned;
  }
  return undefined;
}

function matches(field: string, value: number): boolean {
  return field === '*' || field.split(',').map(Number).includes(value);
}
