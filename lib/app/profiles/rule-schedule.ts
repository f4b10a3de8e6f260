/** The schedule of an EventBridge rule, `rate(…)` or `cron(…)`, as a periodicity. */
export type RuleSchedule =
  | {
      readonly periodicity: string;
      /** How the times differ from those of the rule. */
      readonly difference?: string;
    }
  | { readonly periodicity?: undefined; readonly reason: string };

const MINUTES = { minute: 1, hour: 60, day: 1440 } as const;
const PERIODICITIES: Readonly<Record<number, string>> = { 1440: '0 0 * * *', 10080: '0 0 * * 0' };

/** The periodicity, or why there is none. */
export function readRuleSchedule(expression: string): RuleSchedule {
  const [, count, unit = ''] = /^rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)$/.exec(expression.trim()) ?? [];
  if (count !== undefined) return ofRate(Number(count) * MINUTES[unit as keyof typeof MINUTES]);
  const [, fields = ''] = /^cron\((.*)\)$/.exec(expression.trim()) ?? [];
  const texts = fields.trim().split(/\s+/);
  if (texts.length === 6) return ofCron(texts as SixFields);
  return { reason: 'Its schedule is neither rate(…) nor cron(…) with six fields.' };
}

function ofRate(minutes: number): RuleSchedule {
  if (minutes === 1) return { periodicity: '* * * * *' };
  const periodicity = PERIODICITIES[minutes] ?? ofMinutes(minutes);
  if (periodicity === undefined)
    return {
      reason:
        `A rate of ${minutes} minutes does not divide an hour, a day or a week, so that no crontab expresses it: ` +
        'choose a periodicity such as "*/5 * * * *".',
    };
  return {
    periodicity,
    difference:
      'a rate counts from the creation of its rule, and the cron from the full hour or from midnight in UTC',
  };
}

/** Of a rate that divides an hour or a day. */
function ofMinutes(minutes: number): string | undefined {
  if (minutes === 60) return '0 * * * *';
  if (minutes > 0 && 60 % minutes === 0) return `*/${minutes} * * * *`;
  return minutes % 60 === 0 && 1440 % minutes === 0 ? `0 */${minutes / 60} * * *` : undefined;
}

type SixFields = [minute: string, hour: string, day: string, month: string, weekday: string, year: string];

function ofCron([minute, hour, day, month, weekday, year]: SixFields): RuleSchedule {
  if (year !== '*') return { reason: `It runs in the year ${year} alone: a crontab has no years.` };
  if (/W/i.test(day))
    return { reason: 'The nearest working day is not supported: name the weekdays, such as 1-5.' };
  const fields = [minute, hour, day, month, weekday.split(',').map(weekdayOf).join(',')];
  return { periodicity: fields.map((field) => (field === '?' ? '*' : field)).join(' ') };
}

/** The weekdays of a rule are 1 (Sunday) to 7, those of a crontab 0 to 6. `L` alone is Saturday. */
function weekdayOf(item: string): string {
  if (item.toUpperCase() === 'L') return '6';
  const [days = '', ...behind] = item.split(/(?=[#/])/);
  return [days.replace(/\d/g, (digit) => String(Number(digit) - 1)), ...behind].join('');
}
