/** The next planned time, beside croner and cron-parser. All three have to find the same instants first. */

import { CronExpressionParser } from 'cron-parser';
import { Cron as Croner } from 'croner';
import { parseExpression } from '../../lib/core/domain/expression.ts';
import { nextRun } from '../../lib/core/domain/next-run.ts';
import { type Comparison, compareTimes, medians, timed } from './comparison.ts';

/** Periodicities whose meaning the three agree on, also where the clock changes. */
const CASES = [
  ['*/5 * * * *', 'UTC'],
  ['0 9 1 * *', 'Europe/Paris'],
  ['0 8 * * 1', 'America/New_York'],
  ['15 6,18 * * *', 'Asia/Kolkata'],
  ['30 4 * * 1-5', 'Pacific/Auckland'],
] as const;
const TIMES = 100;
const START = Date.UTC(2026, 0, 15);
const ROUNDS = 20;

export async function compareNextRun(): Promise<Comparison[]> {
  const walks = { ours: CASES.map(ourWalk), croner: CASES.map(cronerWalk), parser: CASES.map(parserWalk) };
  const [ours, ...others] = Object.values(walks).map((all) => JSON.stringify(all.map((walk) => walk())));
  if (others.some((other) => other !== ours)) throw new Error('The libraries find different times.');
  const took = await medians(ROUNDS, {
    ours: () => timed(() => walks.ours.map((walk) => walk())),
    croner: () => timed(() => walks.croner.map((walk) => walk())),
    parser: () => timed(() => walks.parser.map((walk) => walk())),
  });
  const each = (ms: number) => ms / (CASES.length * TIMES);
  return [
    compareTimes('next planned time', each(took.ours), { name: 'croner', ms: each(took.croner) }),
    compareTimes('next planned time', each(took.ours), { name: 'cron-parser', ms: each(took.parser) }),
  ];
}

function ourWalk([periodicity, timezone]: (typeof CASES)[number]): () => number[] {
  const expression = parseExpression(periodicity, 'uid');
  return () => walk((time) => nextRun(expression, timezone, time));
}

function cronerWalk([periodicity, timezone]: (typeof CASES)[number]): () => number[] {
  const cron = new Croner(periodicity, { timezone });
  return () => walk((time) => cron.nextRun(new Date(time))?.getTime());
}

function parserWalk([periodicity, tz]: (typeof CASES)[number]): () => number[] {
  return () => {
    const times = CronExpressionParser.parse(periodicity, { tz, currentDate: new Date(START) });
    return Array.from({ length: TIMES }, () => times.next().getTime());
  };
}

function walk(next: (time: number) => number | undefined): number[] {
  const times: number[] = [];
  for (let time = next(START); time !== undefined && times.length < TIMES; time = next(time))
    times.push(time);
  return times;
}
