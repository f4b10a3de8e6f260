/** A worker thread that explores the worlds it is sent, one after the other. */
import { parentPort } from 'node:worker_threads';
import { type Exploration, explore } from './explorer.ts';
import { worldOf } from './worlds/worlds.ts';

export type WorkerMessage =
  | { readonly kind: 'progress'; readonly schedules: number; readonly states: number }
  | { readonly kind: 'done'; readonly exploration: Exploration };

const PROGRESS_EVERY_STATES = 10_000;

parentPort?.on('message', async (name: string) => {
  let reported = 0;
  const exploration = await explore(worldOf(name), (schedules, states) => {
    if (states < reported + PROGRESS_EVERY_STATES) return;
    reported = states;
    send({ kind: 'progress', schedules, states });
  });
  send({ kind: 'done', exploration });
});

function send(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}
