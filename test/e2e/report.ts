/** The story as it is told on the terminal: numbered steps with their seconds. */
const started = Date.now();
let steps = 0;

/** Does one step, and tells whether it went well and how long it took. Throws what the step throws. */
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

/** Something worth knowing about the step that goes on. */
export function note(text: string): void {
  console.log(`     ${text}`);
}

/** Seconds since the start of the test. */
export function elapsed(): string {
  return seconds(started);
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
