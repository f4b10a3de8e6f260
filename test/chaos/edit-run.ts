/**
 * Edits the file of a runner every second while twenty runs a second are forced. Each run has to end once, with the result of
 * the version of the file that its record names.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { folderLimits } from '../../lib/adapters/local/folder-limits.ts';
import { LocalScheduler } from '../../lib/adapters/local/local-scheduler.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system-random.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import { writeCrons } from '../support/local-crontab.ts';
import { MemoryLogger } from '../support/memory-logger.ts';

const SITE = 'default';
/** Each accepts sixteen requests in five minutes. */
const CRONS = 100;
const RUNS_A_SECOND = 20;
const LIBRARY = pathToFileURL(join(import.meta.dirname, '../../lib/runners/runner.ts')).href;

export interface EditResult {
  readonly summary: string;
  readonly violations: readonly string[];
}

export async function runEdited(dir: string, seconds: number): Promise<EditResult> {
  const file = new EditedFile(join(dir, 'runners'));
  file.edit();
  writeCrons(dir, CRONS, { name: 'edited', periodicity: '@yearly', overlap: 'allow' });
  const scheduler = new LocalScheduler({
    dir,
    clock: systemClock,
    random: systemRandom,
    logger: new MemoryLogger(),
    runners: {},
    runnerFolder: file.folder,
    limits: folderLimits(dir),
  });
  await scheduler.start();
  const forced = new Map<string, string>();
  for (let run = 0; run < seconds * RUNS_A_SECOND; run++) {
    if (run % RUNS_A_SECOND === 0) file.edit();
    const uid = `cron-${String(run % CRONS).padStart(5, '0')}`;
    forced.set(scheduler.force(SITE, uid), uid);
    await wait(1000 / RUNS_A_SECOND);
  }
  await scheduler.idle();
  const records = await recordsOf(scheduler);
  await scheduler.stop();
  const versions = new Set(records.map(({ codeVersion }) => codeVersion)).size;
  return {
    summary: `runner edited every second: ${forced.size} forced runs, ${records.length} records, ${versions} versions of its code`,
    violations: [...missing(forced, records), ...records.flatMap((record) => file.violation(record) ?? [])],
  };
}

/** The file of a runner whose result is the number of its version. */
class EditedFile {
  readonly folder: string;
  /** The numbers by the version of the code that a record names. */
  readonly #numbers = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  edit(): void {
    const number = String(this.#numbers.size);
    const text = `import { Runner } from '${LIBRARY}';\nexport class Edited extends Runner {\n  async run() {\n    return ['${number}'];\n  }\n}\n`;
    const draft = join(this.folder, '.draft');
    writeFileSync(draft, text);
    renameSync(draft, join(this.folder, 'edited.ts'));
    this.#numbers.set(createHash('sha256').update(text).digest('hex').slice(0, 16), number);
  }

  violation({ uid, status, messages, codeVersion = '' }: RunRecord): string | undefined {
    const wanted = this.#numbers.get(codeVersion);
    if (status === 'WARN' && messages.length === 1 && messages[0] === wanted) return undefined;
    return `${uid}: the code ${codeVersion || '(unnamed)'} returns ${wanted}, and the record has ${status} ${JSON.stringify(messages)}`;
  }
}

/** The run records of all crons of the site, the newest 100 of each. */
export async function recordsOf({ ports }: LocalScheduler): Promise<RunRecord[]> {
  const { crons } = await ports.store.readSite(SITE);
  const pages = crons.map(({ uid }) => ports.store.records(SITE, uid, { limit: 100 }));
  return (await Promise.all(pages)).flatMap(({ records }) => records);
}

function missing(forced: ReadonlyMap<string, string>, records: readonly RunRecord[]): string[] {
  const ended = new Set(records.map(({ forced: id }) => id));
  const lost = [...forced].filter(([id]) => !ended.has(id));
  const extra = records.length - (forced.size - lost.length);
  return [
    ...lost.map(([id, uid]) => `${uid}: the forced run ${id} has no record`),
    ...(extra === 0 ? [] : [`${extra} records belong to no forced run, or to one that has another`]),
  ];
}
