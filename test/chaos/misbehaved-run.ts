/**
 * Runners and programs that misbehave in each way at once, beside a cron that runs all the time. Each has to end with a clear
 * message, the other cron with OK, and commands work meanwhile.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { FolderDoor } from '../../lib/adapters/local/folder-door.ts';
import { folderLimits } from '../../lib/adapters/local/folder-limits.ts';
import { LocalScheduler } from '../../lib/adapters/local/local-scheduler.ts';
import { EVENTS_PATH } from '../../lib/adapters/local/scheduler-client.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system-random.ts';
import { makeDoor } from '../../lib/app/door/call.ts';
import { version } from '../../lib/client/version.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import { serveScheduler } from '../../lib/surfaces/web/scheduler-server.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { recordsOf } from './edit-run.ts';
import { fastClock } from './fast-clock.ts';
import { exitText, Processes } from './processes.ts';

const SITE = 'default';
const HEALTHY = 'healthy';
/** Fewer than a cron accepts in five minutes. */
const HEALTHY_RUNS = 15;
const LIBRARY = pathToFileURL(join(import.meta.dirname, '../../lib/runners/runner.ts')).href;

const OUT_OF_MEMORY = /used more than 512 MB of memory, and was ended/;

interface Misbehaviour {
  /** The body of a runner, or a line of shell. */
  readonly body?: string;
  readonly command?: string;
  readonly status: RunRecord['status'];
  readonly message: RegExp;
}

const CASES: Readonly<Record<string, Misbehaviour>> = {
  typo: { body: 'return [', status: 'FAILURE', message: /typo\.ts:\d+.*: / },
  loop: { body: 'for (;;);', status: 'FAILURE', message: /aborted after 3 s: its time was up/ },
  // V8 compiles the next two without a check for interruptions.
  spin: {
    body: 'for (;;) new Array(1000).fill({});',
    status: 'FAILURE',
    message: /aborted after 3 s: its time was up/,
  },
  hoard: {
    body: 'const all = []; for (;;) all.push(new Array(1000).fill({}));',
    status: 'FAILURE',
    message: OUT_OF_MEMORY,
  },
  leak: {
    body: 'for (const all = []; ; await new Promise(setImmediate)) all.push(new Array(100_000).fill(0).map(String));',
    status: 'FAILURE',
    message: OUT_OF_MEMORY,
  },
  quit: { body: 'process.exit(7);', status: 'FAILURE', message: /exit code 7/ },
  reject: {
    body: "Promise.reject(new Error('forgotten')); await new Promise(() => {});",
    status: 'FAILURE',
    message: /rejected, and nothing handled it: forgotten/,
  },
  stubborn: {
    command: "trap '' TERM; while :; do sleep 1; done",
    status: 'FAILURE',
    message: /aborted after 3 s: its time was up/,
  },
  flood: { command: 'head -c 100000000 /dev/zero', status: 'OK', message: /^$/ },
};

/** They end by themselves, if they have the time. */
const PATIENT: ReadonlySet<string> = new Set(['flood', 'hoard', 'leak']);

/** Returns a summary and the violations. */
export async function runMisbehaved(dir: string) {
  const runnerFolder = join(dir, 'runners');
  writeFolder(dir, runnerFolder);
  const scheduler = new LocalScheduler({
    dir,
    clock: systemClock,
    random: systemRandom,
    logger: new MemoryLogger(),
    runners: {},
    runnerFolder,
    limits: folderLimits(dir),
  });
  await scheduler.start();
  const door = new FolderDoor(dir);
  const server = await serveScheduler(
    {
      calls: makeDoor(scheduler.ports),
      door,
      eventsPath: EVENTS_PATH,
      ready: Promise.resolve(),
      subscribe: (listen) => scheduler.events.subscribe(listen),
    },
    0,
  );
  const unpublish = door.open({ address: server.address, version: version(), pid: process.pid });
  for (const uid of Object.keys(CASES)) scheduler.force(SITE, uid);
  const commands = useCommands(dir);
  for (let run = 0; run < HEALTHY_RUNS; run++) {
    scheduler.force(SITE, HEALTHY);
    await wait(300);
  }
  const violations = await commands;
  await scheduler.idle();
  const records = await recordsOf(scheduler);
  unpublish();
  await server.close();
  await scheduler.stop();
  return {
    summary: `${Object.keys(CASES).length} misbehaving runs beside ${HEALTHY_RUNS} of another cron, and commands`,
    violations: [...violations, ...recordViolations(records)],
  };
}

function writeFolder(dir: string, runnerFolder: string): void {
  const crons = join(folderOf(dir).parameters, SITE, 'crons');
  for (const folder of [runnerFolder, crons]) mkdirSync(folder, { recursive: true });
  const write = (uid: string, cron: object) =>
    writeFileSync(join(crons, `${uid}.json`), JSON.stringify({ periodicity: '@yearly', ...cron }));
  write(HEALTHY, { name: 'heartbeat', overlap: 'allow' });
  for (const [uid, { body, command }] of Object.entries(CASES)) {
    const runner = command === undefined ? { name: uid } : { name: 'command', environ: { command } };
    write(uid, { ...runner, timeout: PATIENT.has(uid) ? 120 : 3 });
    if (body === undefined) continue;
    const text = `import { Runner } from '${LIBRARY}';\nexport class Mine extends Runner {\n  async run() {\n    ${body}\n  }\n}\n`;
    writeFileSync(join(runnerFolder, `${uid}.ts`), text);
  }
}

/** While the runs misbehave, a cron is switched off, and the doctor names the runner that cannot be loaded. */
async function useCommands(dir: string): Promise<string[]> {
  const processes = new Processes(dir, fastClock(1));
  const off = await processes.start('off', 'loop').exit;
  const doctor = await processes.start('doctor').exit;
  return [
    ...(off.code === 0 ? [] : [`off failed: ${exitText(off)}`]),
    ...(doctor.stdout.includes('typo.ts:') ? [] : [`doctor does not name the typo: ${exitText(doctor)}`]),
  ];
}

function recordViolations(records: readonly RunRecord[]): string[] {
  const healthy = records.filter(({ uid, status }) => uid === HEALTHY && status === 'OK').length;
  const shown = ({ status, messages }: RunRecord) => `${status} ${messages.join(' ')}`;
  return [
    ...(healthy === HEALTHY_RUNS ? [] : [`${healthy} of ${HEALTHY_RUNS} runs of the other cron are OK`]),
    ...Object.entries(CASES).flatMap(([uid, { status, message }]) => {
      const found = records.filter((record) => record.uid === uid);
      const [record] = found;
      const isRight = record?.status === status && message.test(record.messages.join(' '));
      return found.length === 1 && isRight
        ? []
        : [`${uid}: got ${found.map(shown).join('; ') || 'no record'}`];
    }),
  ];
}
