/**
 * `npm run explore`: explores every world, as many at once as there are processors, and prints the table of
 * docs/exploration.md. Exit status: 0 without violations, 1 with violations.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { WorkerMessage } from './explore-worker.ts';
import { type Exploration, replay } from './explorer.ts';
import { decodeSchedule, formatViolation } from './story.ts';
import type { WorldDefinition } from './world-definition.ts';
import { WORLDS, worldOf } from './worlds/worlds.ts';

const USAGE = `npm run explore -- [options]
  --world NAME       explores only this world
  --replay SCHEDULE  plays one schedule of that world again, and prints its story
  --list             lists the worlds
  --workers N        how many worlds at once (the number of processors)`;

const { values } = parseArgs({
  options: {
    world: { type: 'string' },
    replay: { type: 'string' },
    list: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(availableParallelism()) },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else if (values.list) for (const { name, about } of WORLDS) console.log(`${name}: ${about}`);
else if (values.replay !== undefined) process.exitCode = await replayOne(values.world ?? '', values.replay);
else process.exitCode = await exploreAll(values.world === undefined ? WORLDS : [worldOf(values.world)]);

async function replayOne(name: string, text: string): Promise<number> {
  const world = worldOf(name);
  const { faults, schedule } = decodeSchedule(text);
  const violation = await replay(world, faults, schedule);
  console.log(formatViolation(world, violation));
  return violation.problems.length === 0 ? 0 : 1;
}

async function exploreAll(worlds: readonly WorldDefinition[]): Promise<number> {
  console.log('| world | processes | faults | schedules | states | seconds |\n|---|---|---|---|---|---|');
  const startedAt = performance.now();
  const reports: string[] = [];
  const totals = { schedules: 0, states: 0 };
  // The largest worlds are the last ones to end: they begin first.
  const queue = worlds.toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const work = async () => {
    const worker = new Worker(new URL('explore-worker.ts', import.meta.url));
    for (let world = queue.shift(); world; world = queue.shift()) {
      const began = performance.now();
      const { schedules, states, violation } = await exploreOn(worker, world);
      totals.schedules += schedules;
      totals.states += states;
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(
        `| ${world.name} | ${world.processes.length} | ${world.faults} | ${schedules} | ${states} | ${seconds} |`,
      );
      if (violation) reports.push(formatViolation(world, violation));
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.max(1, Number(values.workers)) }, work));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const { schedules, states } = totals;
  console.log(
    `\n${worlds.length} worlds, ${schedules} schedules, ${states} states, ${reports.length} violations, ${seconds} s`,
  );
  for (const report of reports) console.log(`\n${report}`);
  return reports.length === 0 ? 0 : 1;
}

/** A guess. */
function sizeOf({ processes, faults }: WorldDefinition): number {
  return processes.length * 2 + faults;
}

async function exploreOn(worker: Worker, world: WorldDefinition): Promise<Exploration> {
  return await new Promise((resolve, reject) => {
    worker.removeAllListeners();
    worker.on('error', reject);
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'done') resolve(message.exploration);
      else console.error(`${world.name}: ${message.schedules} schedules, ${message.states} states so far`);
    });
    worker.postMessage(world.name);
  });
}
