/**
 * A process under the control of the explorer: it runs a real handler, and each call of a port waits until the explorer
 * decides what becomes of it. Between two calls a process runs to its next call without anybody else coming between.
 */
import { createHash } from 'node:crypto';
import { ThrottledError, UnavailableError } from '../../lib/core/domain/errors.ts';

/**
 * What becomes of a call. `crashes before`/`crashes after`: the process ends there. `loses its answer`: the call has its
 * effect and fails. `is refused`: it fails without effect. `reads stale`: it returns what was true before the last write.
 */
export type Outcome =
  | 'proceeds'
  | 'crashes before'
  | 'crashes after'
  | 'loses its answer'
  | 'is refused'
  | 'reads stale';

/** A call that waits for the explorer. */
export interface PendingCall {
  /** Such as `store.commit`. */
  readonly name: string;
  readonly outcomes: readonly Outcome[];
  /** Has the effect of the call; `stale` asks for an older answer. */
  readonly perform: (stale: boolean) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export type Status = 'running' | 'done' | 'failed' | 'dead';

const READS = ['proceeds', 'crashes before', 'is refused'] as const;
const STALE_READS = [...READS, 'reads stale'] as const;
const WRITES = ['proceeds', 'crashes before', 'crashes after', 'loses its answer', 'is refused'] as const;
/** Calls whose failure the handler tolerates: only a crash makes a difference. */
const TOLERATED = ['proceeds', 'crashes before'] as const;
const SAFE = ['proceeds'] as const;

/** The possible outcomes of each call; what is not named here cannot fail. */
const OUTCOMES: Readonly<Record<string, readonly Outcome[]>> = {
  'store.read': READS,
  'store.readJob': READS,
  'store.readProjection': READS,
  'store.readRecord': READS,
  'store.readSite': STALE_READS,
  'store.sites': READS,
  'store.records': STALE_READS,
  'store.putProjection': WRITES,
  'store.commit': WRITES,
  'store.deleteRecords': WRITES,
  'registry.read': READS,
  'registry.list': READS,
  'registry.history': READS,
  'registry.labelRejected': TOLERATED,
  'registry.unlabelRejected': TOLERATED,
  'queue.arm': WRITES,
  'queue.disarm': WRITES,
  'queue.timers': READS,
  'queue.deliver': WRITES,
  'events.publish': TOLERATED,
  'runner.work': TOLERATED,
  'clock.advance': SAFE,
  'user.acts': SAFE,
};

export class ControlledProcess {
  readonly name: string;
  /** The calls that wait, in the order in which they were made. */
  readonly pending: PendingCall[] = [];
  status: Status = 'running';
  /** Why the process failed. */
  error: unknown;
  /** A digest of every answer so far: with the same one, the process is in the same state. */
  #history = '';

  constructor(name: string) {
    this.name = name;
  }

  /** Starts the handler. Its calls have to go through `call`. */
  start(handler: () => Promise<void>): void {
    handler().then(
      () => this.#end('done'),
      (error) => {
        this.error = error;
        this.#end('failed');
      },
    );
  }

  /** Registers a call and returns its answer, once the explorer has decided. */
  call<Answer>(name: string, perform: (stale: boolean) => Promise<Answer>): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      // A dead process makes no more calls.
      if (this.status === 'dead') return;
      const outcomes = OUTCOMES[name] ?? SAFE;
      this.pending.push({ name, outcomes, perform, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** Decides the call at that index. The process then runs on, as soon as the event loop turns. */
  async decide(index: number, outcome: Outcome): Promise<void> {
    const [call] = this.pending.splice(index, 1);
    if (!call) throw new Error(`${this.name} has no pending call ${index}`);
    if (outcome === 'crashes before') return this.#die();
    if (outcome === 'is refused') return this.#answer(call, outcome, () => call.reject(refusal(call.name)));
    try {
      const answer = await call.perform(outcome === 'reads stale');
      if (outcome === 'crashes after') return this.#die();
      if (outcome === 'loses its answer') {
        const error = new UnavailableError(`${call.name}: the answer was lost`);
        return this.#answer(call, outcome, () => call.reject(error));
      }
      this.#answer(call, `${outcome} ${JSON.stringify(answer)}`, () => call.resolve(answer));
    } catch (error) {
      this.#answer(call, `${error}`, () => call.reject(error));
    }
  }

  /** Everything that decides how the process goes on. */
  get state(): string {
    const calls = this.pending.map(({ name }) => name).join(' ');
    return this.status === 'running'
      ? `${this.name} ${this.#history} ${calls}`
      : `${this.name} ${this.status}`;
  }

  #answer(call: PendingCall, answer: string, settle: () => void): void {
    this.#history = createHash('sha1').update(`${this.#history} ${call.name} ${answer}`).digest('base64');
    settle();
  }

  #die(): void {
    this.pending.length = 0;
    this.#end('dead');
  }

  #end(status: Status): void {
    if (this.status === 'running') this.status = status;
  }
}

function refusal(name: string): Error {
  return name === 'queue.arm'
    ? new ThrottledError(`${name} is throttled`)
    : new UnavailableError(`${name} is refused`);
}
