/** The story of a violation, for a person: how to play it again, and what happened. */
import { DAY } from './definition.ts';
import { Story, stamp } from './story.ts';
import { simulate, type WorldOptions } from './world.ts';

/** How many lines a story has at most; the last ones count. */
const MOST_LINES = 200;

/** Plays it again and tells it; nothing when nothing is violated. The same options give the same text, to the byte. */
export async function tellViolation(options: WorldOptions): Promise<string | undefined> {
  const story = new Story();
  const { violation, start } = await simulate({ ...options, story });
  if (!violation) return undefined;
  const { time, invariant, key, message } = violation;
  const about = key.site === undefined ? 'the system' : [key.site, key.uid].filter(Boolean).join('/');
  const lines = story.about(key, MOST_LINES);
  return [
    `VIOLATED: ${invariant}`,
    `  ${about}, ${stamp(time)}, ${((time - start) / DAY).toFixed(2)} days after the start: ${message}`,
    `  again: ${command(options)}`,
    '',
    `What happened (the last ${lines.length} lines about ${about}):`,
    ...lines.map((line) => `  ${line.slice(0, 400)}`),
  ].join('\n');
}

/** How to play exactly this. */
export function command({ seed, days, crons, without, most, spared }: WorldOptions): string {
  return [
    `npm run simulate -- --seed ${seed} --days ${days} --crons ${crons}`,
    ...(without?.size ? [`--without ${[...without].join(',')}`] : []),
    ...(most === undefined ? [] : [`--faults ${most}`]),
    ...(spared?.size ? [`--spare ${ranges(spared)}`] : []),
  ].join(' ');
}

/** `3-5,9` for 3, 4, 5 and 9. */
function ranges(numbers: ReadonlySet<number>): string {
  const found: { from: number; to: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last?.to === number - 1) last.to = number;
    else found.push({ from: number, to: number });
  }
  return found.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
