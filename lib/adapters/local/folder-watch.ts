/**
 * Watches the parameter files of a folder; FolderRegistry reads them. The operating system hints at changes. A poll of the
 * times and sizes of all files misses none, and takes some 9 ms for 1,000 files.
 */
import { statSync, watch as watchByEvents } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ParameterKey } from '../../core/domain/names.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';
import { setClockInterval } from './clock-interval.ts';
import { stampOf } from './file-stamp.ts';
import { FolderEvents, type Watch } from './folder-events.ts';
import { parameterFile, parameterKeys, siteFolders } from './parameter-files.ts';

/** A poll of many files comes less often, so that polls take 1 % of a processor; 0.1 % while hints come. */
const LEAST_POLL_MS = 500;
const POLL_MS_PER_FILE = { withoutHints: 0.9, withHints: 9 };

/** A file that does not change for so long has been written. */
const SETTLE_MS = 200;

/** How many files are looked at in one turn of the event loop. */
const MAX_LOOKED_AT = 500;

interface File {
  readonly key: ParameterKey;
  /** What `find` found. */
  readonly found: string;
}

/** By their paths. */
type Files = ReadonlyMap<string, File>;

/**
 * Calls `onChange`, which must not throw, for each parameter that changes, until the returned function is called. Reports a
 * file when it was seen twice with the same change, so that it is not read half written: within half a second after its
 * write. Without hints, within a second in a folder of up to 500 files, and within ten seconds in one of 10,000; a poll that
 * finds a change without a hint shows that there are none. Logs once when it cannot read the folder, and reports no change then.
 */
export async function watchFolder(
  folder: string,
  clock: Clock,
  logger: Logger,
  onChange: (key: ParameterKey) => void,
  watch: Watch = watchByEvents,
): Promise<() => void> {
  /** Files that differ from `reported`, as they were seen last. */
  let unsettled = new Map<string, File>();
  /** Those of them that a poll has found, without a hint so far. */
  const unannounced = new Set<string>();
  let areHintsMissing = false;
  let isPollWanted = false;
  let isStopped = false;
  let cancelPoll = () => {};
  let cancelSettling: (() => void) | undefined;
  const events = new FolderEvents(folder, watch, hinted);
  const poll = polls(folder, events, logger);
  const reported = new Map(await poll(new Map()));
  pollLater();
  return () => {
    isStopped = true;
    cancelPoll();
    cancelSettling?.();
    events.close();
  };

  function pollLater(): void {
    if (isStopped) return;
    const { withHints, withoutHints } = POLL_MS_PER_FILE;
    const msPerFile = events.isComplete && !areHintsMissing ? withHints : withoutHints;
    cancelPoll();
    cancelPoll = clock.after(Math.max(LEAST_POLL_MS, reported.size * msPerFile), () => void pollAgain());
  }

  async function pollAgain(): Promise<void> {
    const changed = await poll(reported);
    for (const path of changed.keys()) if (!unsettled.has(path)) unannounced.add(path);
    notice(changed);
    pollLater();
  }

  /** Without a key, any file may have changed. */
  function hinted(key?: ParameterKey): void {
    if (!key) {
      isPollWanted = true;
      unannounced.clear();
      settleLater();
      return;
    }
    const path = parameterFile(folder, key);
    if (path === undefined) return;
    unannounced.delete(path);
    notice(new Map([[path, { key, found: find(path) }]]));
  }

  function notice(files: Files): void {
    for (const [path, file] of files) if (!unsettled.has(path)) unsettled.set(path, file);
    if (unsettled.size > 0) settleLater();
  }

  function settleLater(): void {
    if (!isStopped) cancelSettling ??= clock.after(SETTLE_MS, () => void settle());
  }

  /** Reports the files that have not changed since they were noticed. */
  async function settle(): Promise<void> {
    // Lets a hint come first that has been waiting for its turn.
    await nextTurn();
    if (isStopped) return;
    const before = unsettled;
    unsettled = new Map();
    const isPoll = isPollWanted;
    isPollWanted = false;
    const changed = isPoll ? await poll(reported) : await differing(again(before), reported);
    cancelSettling = undefined;
    const settled = [...changed].filter(([path, { found }]) => found === before.get(path)?.found);
    const isUnannounced = settled.some(([path]) => unannounced.has(path));
    if (isUnannounced) areHintsMissing = true;
    for (const path of before.keys()) unannounced.delete(path);
    for (const [path, file] of settled) {
      changed.delete(path);
      if (file.found === '') reported.delete(path);
      else reported.set(path, file);
    }
    notice(changed);
    // The pause before the next poll depends on what was found.
    if (isPoll || isUnannounced) pollLater();
    for (const [, { key }] of settled) if (!isStopped) onChange(key);
  }
}

/** Returns a function that finds the files that differ from the given ones: none when the folder cannot be read. */
function polls(
  folder: string,
  events: FolderEvents,
  logger: Logger,
): (reported: Files) => Promise<Map<string, File>> {
  let isFailing = false;
  return async (reported) => {
    try {
      const sites = siteFolders(folder);
      // Before the files are looked at, so that no change falls between the two.
      events.follow(sites);
      const changed = await differing(allPaths(folder, sites, reported), reported);
      isFailing = false;
      return changed;
    } catch (error) {
      if (!isFailing)
        logger.error(`Cannot read the folder ${folder}: ${error}`, { code: 'watch-failed', error });
      isFailing = true;
      return new Map();
    }
  };
}

function* again(files: Files): Iterable<readonly [string, ParameterKey]> {
  for (const [path, { key }] of files) yield [path, key];
}

/** The paths of all parameters that exist or were reported. */
function* allPaths(
  folder: string,
  sites: readonly string[],
  reported: Files,
): Iterable<readonly [string, ParameterKey]> {
  const existing = new Set<string>();
  for (const key of parameterKeys(folder, sites)) {
    const path = parameterFile(folder, key);
    if (path === undefined) continue;
    existing.add(path);
    yield [path, key];
  }
  for (const [path, { key }] of reported) if (!existing.has(path)) yield [path, key];
}

/** Those of the paths at which something else is than `reported`. */
async function differing(
  paths: Iterable<readonly [string, ParameterKey]>,
  reported: Files,
): Promise<Map<string, File>> {
  const files = new Map<string, File>();
  let lookedAt = 0;
  for (const [path, key] of paths) {
    const found = find(path);
    if (found !== (reported.get(path)?.found ?? '')) files.set(path, { key, found });
    lookedAt += 1;
    if (lookedAt % MAX_LOOKED_AT === 0) await nextTurn();
  }
  return files;
}

/** Calls `onChange` within a second after the file was written, replaced or removed, until the returned function is called. */
export function watchFile(file: string, clock: Clock, onChange: () => void): () => void {
  let last = find(file);
  return setClockInterval(1_000, clock, () => {
    const before = last;
    last = find(file);
    if (last !== before) onChange();
  });
}

/** The stamp of the file at that path; empty if there is none. Or an error that reading the file would throw, too. */
function find(path: string): string {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? stampOf(stats) : '';
  } catch (error) {
    return String(error);
  }
}
