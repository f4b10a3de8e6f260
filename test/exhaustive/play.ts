/** One schedule of a world in the making: offers the possible choices, and takes them. */
import { hash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { endDeadRuns } from '../../lib/adapters/local/dead-runs.ts';
import { resync } from '../../lib/core/engine/resync.ts';
import { sweep } from '../../lib/core/engine/sweep.ts';
import { settled } from '../support/settled.ts';
import { freeActor, processActor, type WorldPorts } from './actor.ts';
import {
  ControlledProcess,
  FAULTS,
  isPortCall,
  type Outcome,
  type PendingCall,
  WIDE_FAULTS,
} from './controlled-process.ts';
import { deliverAll } from './deliver-all.ts';
import { type Footprint, isPrivate } from './footprint.ts';
import { findViolations } from './oracle.ts';
import { MINUTE, type Snapshot, World } from './world.ts';
import type { ProcessDefinition, WorldDefinition } from './world-definition.ts';

/** One decision: which process, which of its calls, and its outcome. */
export interface Choice {
  readonly process: string;
  readonly call: string;
  readonly outcome: Outcome;
}

/** One execution of a process. */
export interface Execution {
  readonly definition: ProcessDefinition;
  readonly process: ControlledProcess;
  readonly repetition: number;
  readonly startedAt: number;
}

interface PossibleChoice {
  readonly execution: Execution;
  readonly call: PendingCall;
  readonly outcome: Outcome;
}

/** The state in which the world's processes begin. */
export async function prepared({ prepare }: WorldDefinition): Promise<Snapshot> {
  const world = new World();
  await prepare(world);
  return world.snapshot();
}

export class Play {
  readonly story: Choice[] = [];
  readonly #definition: WorldDefinition;
  readonly #world: World;
  readonly #executions: Execution[] = [];
  #faultsLeft: number;
  /** The process that made the last step. */
  #last: ControlledProcess | undefined;

  private constructor(definition: WorldDefinition, beginning: Snapshot, faults: number) {
    this.#definition = definition;
    this.#world = new World(beginning);
    this.#faultsLeft = faults;
  }

  static async begin(definition: WorldDefinition, beginning: Snapshot, faults: number): Promise<Play> {
    const play = new Play(definition, beginning, faults);
    for (const process of definition.processes) play.#start(process, 0);
    // Once a schedule the event loop turns, for timers and messages of the test runner.
    await turn();
    return play;
  }

  /**
   * Every decision that is to be tried now: those without a fault first, and of them those of the last process. Of calls
   * that commute with everything else, one is enough.
   */
  get choices(): readonly PossibleChoice[] {
    const calls = this.#executions.flatMap((execution) =>
      execution.process.pending.map((call) => ({ execution, call })),
    );
    const isLast = ({ execution }: { execution: Execution }) => execution.process === this.#last;
    const sorted = [...calls.filter(isLast), ...calls.filter((one) => !isLast(one))];
    const single = sorted.find((one) => this.#isPrivate(one.execution, one.call));
    const tried = single ? [single] : sorted;
    const harmless = tried.map((one) => ({ ...one, outcome: 'proceeds' as const }));
    if (this.#faultsLeft === 0) return harmless;
    const faults = tried.flatMap((one) =>
      one.execution.process.faultsOf(one.call).map((outcome) => ({ ...one, outcome })),
    );
    return [...harmless, ...faults];
  }

  /** Whether nothing that the others may still do influences the call or notices it. */
  #isPrivate(execution: Execution, call: PendingCall): boolean {
    const footprints: Footprint[] = [];
    for (const { process, definition } of this.#executions) {
      if (process === execution.process || process.status !== 'running') continue;
      if (!definition.footprint) return false;
      footprints.push(definition.footprint);
    }
    return isPrivate(call.name, footprints);
  }

  /** Whether the choice goes on with another process, although the last one could go on. */
  isSwitch({ execution }: PossibleChoice): boolean {
    return this.#last !== undefined && this.#last.pending.length > 0 && execution.process !== this.#last;
  }

  async take(number: number): Promise<void> {
    const choice = this.choices[number];
    if (!choice) throw new Error(`There is no choice ${number} after ${this.story.length} steps`);
    const { execution, call, outcome } = choice;
    this.story.push({ process: execution.process.name, call: call.name, outcome });
    if (outcome !== 'proceeds') this.#faultsLeft -= 1;
    this.#last = execution.process;
    await execution.process.decide(call, outcome);
    await settled();
    this.#endLifetimes();
    if (this.#repeat()) await settled();
  }

  /** A digest of all that decides how the schedule can go on; `withLast` also of who made the last step. */
  state(withLast: boolean): string {
    return this.#digest(
      this.#executions.map(({ process }) => process.state),
      this.#faultsLeft,
      withLast && this.#last?.name,
    );
  }

  /** The state that the choice leads to, without taking it; absent if that cannot be known. */
  async nextState(
    { execution, call, outcome }: PossibleChoice,
    withLast: boolean,
  ): Promise<string | undefined> {
    const isCrash = outcome.startsWith('crashes');
    const { process, definition, repetition } = execution;
    const startsRepetition = isCrash && repetition < (definition.repetitions ?? 0);
    if (!isPortCall(call) || startsRepetition) return undefined;
    const before = this.#world.snapshot();
    const next = await process.nextState(call, outcome);
    const states = this.#executions.map((one) => (one.process === process ? next : one.process.state));
    const faultsLeft = this.#faultsLeft - (outcome === 'proceeds' ? 0 : 1);
    const state = this.#digest(states, faultsLeft, withLast && process.name);
    this.#world.restore(before);
    return state;
  }

  #digest(processes: readonly string[], faultsLeft: number, last: string | false | undefined): string {
    return hash(
      'sha1',
      [
        this.#world.state(faultsLeft > 0, this.#definition.isWide ?? false),
        ...processes,
        faultsLeft,
        last || undefined,
      ].join('\n'),
      'base64',
    );
  }

  /** Lets the world converge, and returns what the oracle finds. */
  async finish(): Promise<readonly string[]> {
    await this.#finishProcesses();
    await this.#converge();
    const processes = this.#executions.map(({ process }) => process);
    return await findViolations(this.#world, this.#definition, processes);
  }

  /** Processes that wait for a time go on until each has ended. */
  async #finishProcesses(): Promise<void> {
    for (;;) {
      const [choice] = this.choices;
      const alarm = this.#world.nextAlarm;
      if (choice) await this.take(0);
      else if (alarm !== undefined) {
        this.#world.advance(alarm - this.#world.now);
        await settled();
        this.#endLifetimes();
      } else return;
    }
  }

  /**
   * Lambda repeats what failed, a wide world is resynced, deliveries arrive, every lease expires, and two sweeps come round,
   * undisturbed.
   */
  async #converge(): Promise<void> {
    const world = this.#world;
    for (const { definition } of this.#executions.filter((one) => this.#mustRepeat(one, false))) {
      await definition.run(freeActor(world, `${definition.name}, repeated`));
    }
    if (this.#definition.isWide) await resync(freeActor(world, 'resync at the end').ports);
    await deliverAll(world);
    if (this.#definition.isLocal) await endAllRuns(freeActor(world, 'scheduler').ports);
    world.advance(18 * MINUTE);
    await deliverAll(world);
    for (let sweeps = 0; sweeps < 2; sweeps++) {
      await sweep(freeActor(world, 'sweep at the end').ports);
      await deliverAll(world);
      world.advance(5 * MINUTE);
      await deliverAll(world);
    }
  }

  #start(definition: ProcessDefinition, repetition: number): void {
    const name = repetition === 0 ? definition.name : `${definition.name}, repetition ${repetition}`;
    const process = new ControlledProcess(
      name,
      () => this.#world.now,
      () => this.#world.processDied(name),
      this.#definition.isWide ? WIDE_FAULTS : FAULTS,
    );
    this.#executions.push({ definition, process, repetition, startedAt: this.#world.now });
    process.start(() =>
      definition.run(
        processActor(this.#world, process, repetition, { ...definition, isWide: this.#definition.isWide }),
      ),
    );
  }

  /** Lambda ends processes whose time is up. */
  #endLifetimes(): void {
    for (const { process, definition, startedAt } of this.#executions) {
      const { lifetimeMs = Number.POSITIVE_INFINITY } = definition;
      if (process.status === 'running' && this.#world.now >= startedAt + lifetimeMs) process.die();
    }
  }

  /** Whether anything was repeated. */
  #repeat(): boolean {
    const again = this.#executions.filter((one) => this.#mustRepeat(one, true));
    for (const { definition, repetition } of again) this.#start(definition, repetition + 1);
    return again.length > 0;
  }

  /** Whether Lambda repeats it: while the others go on, or afterwards. */
  #mustRepeat({ definition, process, repetition }: Execution, isDuring: boolean): boolean {
    const { repetitions } = definition;
    const hasFailed = process.status === 'failed' || process.status === 'dead';
    const isLatest = !this.#executions.some(
      (one) => one.definition === definition && one.repetition > repetition,
    );
    return hasFailed && isLatest && repetitions !== undefined && isDuring === repetition < repetitions;
  }
}

/** What a laptop does after the process that ran its crontab has ended. */
async function endAllRuns(ports: WorldPorts): Promise<void> {
  for (const site of await ports.store.sites()) {
    const { crons } = await ports.store.readSite(site);
    const leased = crons.flatMap(({ job }) => (job && job.leases.length > 0 ? [job] : []));
    await endDeadRuns(ports, leased, () => false);
  }
}
