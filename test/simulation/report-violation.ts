/** Reports the violation of a seed: the invariant, the command that reproduces it, and the trace that led to it. */
import { DAY } from './durations.ts';
import { type SimulationOptions, simulate } from './simulation.ts';
import { formatTime, Trace } from './trace.ts';

/** The report has at most the last so many lines of the trace. */
const MAX_LINES = 200;

/** Simulates once more with a trace. Returns undefined without a violation. Equal options give an identical text. */
export async function reportViolation(options: SimulationOptions): Promise<string | undefined> {
  const trace = new Trace();
  const { violation, start } = await simulate({ ...options, trace });
  if (!violation) return undefined;
  const { time, invariant, key, message } = violation;
  const subject = key.site === undefined ? 'the system' : [key.site, key.uid].filter(Boolean).join('/');
  const lines = trace.about(key, MAX_LINES);
  return [
    `VIOLATION: ${invariant}`,
    `  ${subject} at ${formatTime(time)}, ${((time - start) / DAY).toFixed(2)} days after the start: ${message}`,
    `  reproduce: ${commandOf(options)}`,
    '',
    `Trace (the last ${lines.length} lines about ${subject}):`,
    ...lines.map((line) => `  ${line.slice(0, 400)}`),
  ].join('\n');
}

/** The command that reproduces a simulation. */
function commandOf({ seed, days, crons, without, maxFaults, skippedFaults }: SimulationOptions): string {
  return [
    `npm run simulate -- --seed ${seed} --days ${days} --crons ${crons}`,
    ...(without?.size ? [`--without ${[...without].join(',')}`] : []),
    ...(maxFaults === undefined ? [] : [`--faults ${maxFaults}`]),
    ...(skippedFaults?.size ? [`--spare ${formatRanges(skippedFaults)}`] : []),
  ].join(' ');
}

/** `3-5,9` for 3, 4, 5 and 9. */
function formatRanges(numbers: ReadonlySet<number>): string {
  const ranges: { from: number; to: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.to === number - 1) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
