/**
 * An actor of a world: the ports that a handler gets. Those of a process wait at each call for the explorer, those of an
 * undisturbed actor do not.
 */
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { Ports } from '../../lib/core/engine/ports.ts';
import type { RunPorts } from '../../lib/core/engine/run.ts';
import type { Clock } from '../../lib/core/ports/clock.ts';
import type { Logger } from '../../lib/core/ports/logger.ts';
import type { ControlledProcess } from './controlled-process.ts';
import { MINUTE, type World } from './world.ts';

export type WorldPorts = Ports & RunPorts;

export interface Actor {
  readonly ports: WorldPorts;
  readonly world: World;
  /** How often the execution was repeated before. */
  readonly repetition: number;
  /** Does something that nothing disturbs, such as an edit by a user, in one step. */
  act(name: string, act: () => Promise<unknown> | unknown): Promise<void>;
}

/** Waits up to this long are pauses between attempts: they end at once. Longer ones end when the clock comes to them. */
const LONGEST_PAUSE_MS = 4_500;

/** How long a run of the runner lasts, if its environ says so; then it lasts until the clock has come to its end. */
interface RunnerEnviron {
  readonly worksMinutes?: number;
  readonly ignoresAbort?: boolean;
}

const SILENT: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => SILENT,
};

/** An actor whose calls wait for the explorer. */
export function processActor(
  world: World,
  process: ControlledProcess,
  repetition: number,
  options: { readonly skewMs?: number; readonly canExit?: boolean; readonly isWide?: boolean },
): Actor {
  const through = <Port extends object>(port: string, target: Port): Port =>
    new Proxy(target, {
      get: (_, method: string) => {
        const name = `${port}.${method}`;
        const perform = boundMethod(target, method);
        return name === 'queue.timers' || name === 'registry.list'
          ? (...args: unknown[]) =>
              listed(process, world, name, () => perform(...args) as AsyncIterable<unknown>)
          : (...args: unknown[]) =>
              process.call(name, async (isStale) =>
                isStale ? world.stale(name, args[0] as ParameterKey) : perform(...args),
              );
      },
    });
  const ports = portsOf(world, process.name, process, options.skewMs);
  const exit = { endProcess: () => process.exit() };
  return {
    world,
    repetition,
    act: (name, act) => process.call(name, async () => void (await act())),
    ports: {
      ...ports,
      store: through('store', ports.store),
      registry: through('registry', ports.registry),
      queue: through('queue', ports.queue),
      ...(options.isWide && { events: through('events', ports.events) }),
      ...(options.canExit && exit),
    },
  };
}

/** An actor that nothing disturbs. */
export function freeActor(world: World, name: string): Actor {
  return {
    world,
    repetition: 1,
    act: async (_name, act) => void (await act()),
    ports: portsOf(world, name, undefined),
  };
}

function boundMethod(target: object, method: string): (...args: unknown[]) => unknown {
  return Reflect.get(target, method).bind(target);
}

async function* listed(
  process: ControlledProcess,
  world: World,
  name: string,
  list: () => AsyncIterable<unknown>,
): AsyncIterable<unknown> {
  yield* await process.call(name, async (isStale) =>
    isStale ? ((await world.stale(name)) as unknown[]) : Array.fromAsync(list()),
  );
}

function portsOf(world: World, name: string, process: ControlledProcess | undefined, skewMs = 0): WorldPorts {
  const clock: Clock = {
    now: () => world.now + skewMs,
    wake(time, callback) {
      return clock.after(time - world.now - skewMs, callback);
    },
    after(milliseconds, callback) {
      if (milliseconds > LONGEST_PAUSE_MS) return world.wake(world.now + milliseconds, process, callback);
      let isCancelled = false;
      queueMicrotask(() => isCancelled || callback());
      return () => {
        isCancelled = true;
      };
    },
  };
  return {
    clock,
    store: world.store,
    registry: world.registry,
    queue: world.queue,
    events: { publish: async () => {} },
    random: { id: () => world.nextId(name) },
    logger: SILENT,
    secrets: { read: async () => undefined, location: () => 'nowhere' },
    runners: runners(world, name, process),
    sweepEveryMs: 5 * MINUTE,
  };
}

function runners(world: World, name: string, process: ControlledProcess | undefined): WorldPorts['runners'] {
  return {
    problems: () => [],
    create: (_name, { plannedAt, runId, cron, signal }) => ({
      run: async () => {
        const forced = runId.startsWith('request') ? { forced: runId } : {};
        const end = world.start({ uid: cron.uid, plannedAt, ...forced, process: name });
        const { worksMinutes, ignoresAbort } = cron.environ as RunnerEnviron;
        const finish = async () => end(true);
        if (!process) return finish();
        if (worksMinutes === undefined) return process.call('runner.work', finish);
        await new Promise<void>((resolve, reject) => {
          world.wake(world.now + worksMinutes * MINUTE, process, resolve);
          if (ignoresAbort) return;
          signal.addEventListener('abort', () => {
            end(false);
            reject(signal.reason);
          });
        });
        await finish();
      },
    }),
  };
}
