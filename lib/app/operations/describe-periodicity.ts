/** A periodicity in words, for people. */
import cronstrue from 'cronstrue';
import { parseExpression } from '../../core/domain/expression.ts';
import { fieldTexts } from '../../core/domain/periodicity.ts';

/** Describing takes as long as planning a hundred runs, and many crons have the same periodicity. */
const known = new Map<string, string>();
const MAX_CACHED = 2000;

/**
 * The periodicity in English, such as "At 03:00, Monday through Friday". What `H` stands for depends on the uid.
 * Throws InvalidError when it is not valid.
 */
export function describePeriodicity(periodicity: string, uid: string): string {
  const key = /h/i.test(periodicity) ? `${periodicity} ${uid}` : periodicity;
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = describeUncached(periodicity, uid);
  if (known.size >= MAX_CACHED) known.clear();
  known.set(key, made);
  return made;
}

function describeUncached(periodicity: string, uid: string): string {
  const { minutes, hours, dates } = parseExpression(periodicity, uid);
  const chosen = [minutes, hours, dates.days, dates.months, dates.weekdays];
  const texts = Object.values(fieldTexts(periodicity)).map((text, index) =>
    /^H|,H/i.test(text) ? [...(chosen[index] ?? [])].sort((a, b) => a - b).join(',') : text,
  );
  const text = describe(texts);
  if (!dates.either) return text;
  // A date that fits either day field counts. The words for the weekday come after those for the day of the month.
  const before = describe([...texts.slice(0, 3), '*', '*']);
  return before + text.slice(before.length).replace(/^, (?:and )?/, ', or ');
}

function describe(texts: readonly string[]): string {
  return cronstrue.toString(texts.join(' '), { use24HourTimeFormat: true, verbose: false });
}
