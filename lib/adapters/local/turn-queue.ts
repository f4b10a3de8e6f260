/** Starts work in the order of its arrival, so little in each turn of the event loop that a herd does not block it. */
export class TurnQueue {
  readonly #maxStarts: number;
  #waiting: (() => Promise<void>)[] = [];
  #running = 0;
  #isScheduled = false;
  readonly #idle: (() => void)[] = [];

  /** `maxStarts` is for one turn. What has started is not limited. */
  constructor(maxStarts: number) {
    this.#maxStarts = maxStarts;
  }

  /** How much work has started and has not ended. */
  get running(): number {
    return this.#running;
  }

  /** Settles as the work does, which starts in a later turn. */
  add(work: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => work().then(resolve, reject));
      this.#schedule();
    });
  }

  /** Waits until nothing waits and nothing runs. */
  async onIdle(): Promise<void> {
    if (this.#waiting.length + this.#running > 0) await new Promise<void>((end) => this.#idle.push(end));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      for (const start of this.#waiting.splice(0, this.#maxStarts)) void this.#run(start);
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  async #run(start: () => Promise<void>): Promise<void> {
    this.#running += 1;
    await start();
    this.#running -= 1;
    if (this.#waiting.length + this.#running === 0) for (const end of this.#idle.splice(0)) end();
  }
}
