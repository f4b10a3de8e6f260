/** A violation as text: its story, and the command that replays it. */
import type { Outcome } from './controlled-process.ts';
import type { Violation } from './explorer.ts';
import type { WorldDefinition } from './world-definition.ts';

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  proceeds: '',
  'crashes before': 'the process dies before it',
  'crashes after': 'it takes effect, and the process dies',
  'loses its answer': 'it takes effect, and its answer is lost',
  'is refused': 'it is refused',
  'reads stale': 'it reads what was true before the last write',
  conflicts: 'it is refused as a conflict',
  'is repeated': 'it takes effect, and the SDK repeats it',
};

/** One line a step. */
export function formatViolation(world: WorldDefinition, violation: Violation): string {
  const { faults, schedule, story, problems } = violation;
  const width = Math.max(...story.map(({ process }) => process.length));
  const steps = story.map(({ process, call, outcome }, index) => {
    const text = `${String(index + 1).padStart(4)}  ${process.padEnd(width)}  ${call}`;
    return outcome === 'proceeds' ? text : `${text}: ${OUTCOMES[outcome]}`;
  });
  return [
    `World "${world.name}": ${world.about}`,
    ...problems.map((problem) => `  violated: ${problem}`),
    ...steps,
    '      then the world converges: repetitions, deliveries, and two sweeps after every lease has expired',
    `Replay: npm run explore -- --world ${world.name} --replay ${encodeSchedule(faults, schedule)}`,
    '',
  ].join('\n');
}

/** Such as `2:0.0.5.0`: the fault budget, and the number of the choice at each step. Trailing zeros are left out. */
export function encodeSchedule(faults: number, schedule: readonly number[]): string {
  const length = schedule.findLastIndex((choice) => choice !== 0) + 1;
  return `${faults}:${schedule.slice(0, length).join('.')}`;
}

/** Throws if the text is no schedule. */
export function decodeSchedule(text: string): { readonly faults: number; readonly schedule: number[] } {
  const match = /^(\d+):((?:\d+(?:\.\d+)*)?)$/.exec(text);
  if (!match) throw new Error(`Not a schedule: "${text}". Copy it from the report of a violation.`);
  const [, faults = '', choices = ''] = match;
  return { faults: Number(faults), schedule: choices === '' ? [] : choices.split('.').map(Number) };
}
