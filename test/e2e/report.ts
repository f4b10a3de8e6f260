/** The output of the test on the terminal: numbered steps with their durations. */
const startedAt = Date.now();
let steps = 0;

/** Runs one step, and prints whether it passed and its duration. Rethrows the error of the step. */
export async function step<Result>(title: string, work: () => Promise<Result>): Promise<Result> {
  steps += 1;
  const number = String(steps).padStart(2);
  const since = Date.now();
  try {
    const result = await work();
    console.log(`${number} ✓ ${title} (${seconds(since)})`);
    return result;
  } catch (error) {
    console.log(`${number} ✗ ${title} (${seconds(since)})`);
    throw error;
  }
}

/** Prints a detail of the current step. */
export function note(text: string): void {
  console.log(`     ${text}`);
}

/** The time since the start of the test, with its unit. */
export function elapsed(): string {
  return seconds(startedAt);
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
