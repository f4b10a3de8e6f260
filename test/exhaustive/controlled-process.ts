/**
 * A process under the control of the explorer: it runs a real handler, and each call of a port waits until the explorer
 * decides its outcome. Between two calls nothing else happens in the world.
 */
import { ThrottledError, UnavailableError } from '../../lib/core/domain/errors.ts';

/**
 * What happens to a call. `crashes before`, `crashes after`: the process ends there. `loses its answer`: the call takes
 * effect and throws. `is refused`: it throws without effect. `reads stale`: it returns what was true before the last write.
 * `conflicts`: a commit returns false without effect. `is repeated`: a commit takes effect, and the SDK repeats it, so that
 * it returns false.
 */
export type Outcome =
  | 'proceeds'
  | 'crashes before'
  | 'crashes after'
  | 'loses its answer'
  | 'is refused'
  | 'reads stale'
  | 'conflicts'
  | 'is repeated';

/** A call that waits for the explorer. */
export interface PendingCall {
  /** Such as `store.commit`. */
  readonly name: string;
  /** In the order in which the process made its calls, from 0. */
  readonly number: number;
  /** Takes the effect of the call; `isStale` asks for an older answer. */
  readonly perform: (isStale: boolean) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export type Status = 'running' | 'done' | 'failed' | 'dead';

/*
 * A crash beside a read is a crash after the write before it: a read changes nothing that others could see. So only a
 * process's first call can crash before, and only writes can crash after.
 */
const READ = ['is refused'] as const;
const STALE_READ = ['is refused', 'reads stale'] as const;
const WRITE = ['crashes after', 'loses its answer', 'is refused'] as const;

export type Faults = Readonly<Record<string, readonly Outcome[]>>;

/** The faults of each call. A call that is not named here has none: it belongs to the world, or nothing rests on it. */
export const FAULTS: Faults = {
  'store.read': READ,
  'store.readJob': READ,
  'store.readProjection': READ,
  'store.readRecord': READ,
  'store.sites': READ,
  'store.readSite': STALE_READ,
  'store.records': STALE_READ,
  'store.putProjection': WRITE,
  'store.commit': [...WRITE, 'conflicts', 'is repeated'],
  'store.deleteRecords': WRITE,
  'registry.read': READ,
  'registry.list': READ,
  'registry.history': READ,
  'queue.arm': WRITE,
  'queue.disarm': WRITE,
  'queue.timers': STALE_READ,
  'queue.deliver': WRITE,
  'runner.work': ['crashes before', 'crashes after'],
};

/**
 * The same where the registry may lag behind its own events, and labels and events may be refused. Handlers wait until the
 * lag is over, and nothing rests on labels and events.
 */
export const WIDE_FAULTS: Faults = {
  ...FAULTS,
  'store.sites': STALE_READ,
  'registry.read': STALE_READ,
  'registry.list': STALE_READ,
  'registry.labelRejected': WRITE,
  'registry.unlabelRejected': WRITE,
  'events.publish': READ,
};

/** Whether it is a call of a port, and no act of the world itself. */
export function isPortCall({ name }: Pick<PendingCall, 'name'>): boolean {
  return name in WIDE_FAULTS;
}

export class ControlledProcess {
  readonly name: string;
  /** The calls that wait, in the order in which they were made. */
  readonly pending: PendingCall[] = [];
  status: Status = 'running';
  /** Whether it has ended itself, which it does only when its work is committed. */
  hasExited = false;
  /** Why the process failed. */
  error: unknown;
  /** When it ended or died, in epoch milliseconds. */
  endedAt: number | undefined;
  readonly #now: () => number;
  readonly #onDeath: () => void;
  readonly #faults: Faults;
  /** Every answer so far: with the same ones, the process is in the same state. */
  readonly #answers: string[] = [];
  #calls = 0;

  constructor(name: string, now: () => number, onDeath: () => void, faults: Faults) {
    this.name = name;
    this.#faults = faults;
    this.#now = now;
    this.#onDeath = onDeath;
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

  /** Registers a call and returns its answer, once the explorer has decided. A dead process gets none. */
  call<Answer>(name: string, perform: (isStale: boolean) => Promise<Answer>): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      if (this.status === 'dead') return;
      const number = this.#calls++;
      this.pending.push({ name, number, perform, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** The faults that the call can meet. */
  faultsOf({ name, number }: PendingCall): readonly Outcome[] {
    const faults = this.#faults[name] ?? [];
    return number === 0 && isPortCall({ name }) ? ['crashes before', ...faults] : faults;
  }

  /** Decides a pending call. The process goes on as soon as the event loop turns. */
  async decide(call: PendingCall, outcome: Outcome): Promise<void> {
    this.pending.splice(this.pending.indexOf(call), 1);
    const result = await resultOf(call, outcome);
    if (!result) return this.die();
    this.#answers[call.number] = this.#textOf(result);
    if ('error' in result) call.reject(result.error);
    else call.resolve(result.answer);
  }

  /** Its `state` after that decision, if it still runs then. The call takes effect; the process does not learn of it. */
  async nextState(call: PendingCall, outcome: Outcome): Promise<string> {
    const result = await resultOf(call, outcome);
    if (!result) return this.#stateOf('dead', []);
    const answers = [...this.#answers];
    answers[call.number] = this.#textOf(result);
    return this.#stateOf('running', answers);
  }

  /** It ends itself. */
  exit(): void {
    this.hasExited = true;
    this.die();
  }

  /** Ends it wherever it is. */
  die(): void {
    this.pending.length = 0;
    this.#end('dead');
    this.#onDeath();
  }

  /** All that decides how the process goes on. */
  get state(): string {
    return this.#stateOf(this.status, this.#answers);
  }

  #stateOf(status: Status, answers: readonly string[]): string {
    return status === 'running' ? `${this.name}: ${answers.join('|')}` : `${this.name} ${status}`;
  }

  #textOf(result: Result): string {
    return `${this.#now()} ${'error' in result ? result.error : JSON.stringify(result.answer)}`;
  }

  #end(status: Status): void {
    if (this.status !== 'running') return;
    this.status = status;
    this.endedAt = this.#now();
  }
}

type Result = { readonly answer: unknown } | { readonly error: unknown };

/** Lets the call take its effect, and returns what the process learns; nothing if it crashes. */
async function resultOf({ name, perform }: PendingCall, outcome: Outcome): Promise<Result | undefined> {
  switch (outcome) {
    case 'crashes before':
      return undefined;
    case 'is refused':
      return { error: refusal(name) };
    case 'conflicts':
      return { answer: false };
    case 'crashes after':
      await perform(false);
      return undefined;
    case 'is repeated':
      await perform(false);
      return { answer: false };
    case 'loses its answer':
      await perform(false);
      return { error: new UnavailableError(`${name}: its answer was lost`) };
    case 'proceeds':
    case 'reads stale':
      try {
        return { answer: await perform(outcome === 'reads stale') };
      } catch (error) {
        return { error };
      }
  }
}

function refusal(name: string): Error {
  return name === 'queue.arm'
    ? new ThrottledError(`${name} is throttled`)
    : new UnavailableError(`${name} is refused`);
}
