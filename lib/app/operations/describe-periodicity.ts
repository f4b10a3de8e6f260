/** Describes a periodicity in English. */
import cronstrue from 'cronstrue';
import { parseExpression } from '../../core/domain/expression.ts';
import { fieldTexts } from '../../core/domain/periodicity.ts';

/** Describing takes as long as planning a hundred runs, and many crons have the same periodicity. */
const descriptions = new Map<string, string>();
const MAX_CACHED = 2000;

/**
 * The periodicity in English, such as "At 03:00, Monday through Friday". The value of `H` depends on the uid. Throws
 * InvalidError when it is not valid.
 */
export function describePeriodicity(periodicity: string, uid: string): string {
  const key = /h/i.test(periodicity) ? `${periodicity} ${uid}` : periodicity;
  const cached = descriptions.get(key);
  if (cached !== undefined) return cached;
  const description = describeUncached(periodicity, uid);
  if (descriptions.size >= MAX_CACHED) descriptions.clear();
  descriptions.set(key, description);
  return description;
}

function describeUncached(periodicity: string, uid: string): string {
  const { minutes, hours, dates } = parseExpression(periodicity, uid);
  const chosen = [minutes, hours, dates.days, dates.months, dates.weekdays];
  const texts = Object.values(fieldTexts(periodicity)).map((text, index) =>
    /^H|,H/i.test(text) ? [...(chosen[index] ?? [])].sort((a, b) => a - b).join(',') : text,
  );
  const text = describe(texts);
  if (!dates.either) return text;
  // A day that matches either field is enough. The words for the weekday follow those for the day of the month.
  const before = describe([...texts.slice(0, 3), '*', '*']);
  return before + text.slice(before.length).replace(/^, (?:and )?/, ', or ');
}

function describe(texts: readonly string[]): string {
  return cronstrue.toString(texts.join(' '), { use24HourTimeFormat: true, verbose: false });
}
