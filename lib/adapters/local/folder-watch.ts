/**
 * Watches the parameter files of a folder; FolderRegistry reads them. Polls the times and sizes of all files, which takes
 * some 5 ms for 1,000 files and misses no change. Notifications of the operating system get lost, differ
 * between systems, and end when the folder is deleted and created again.
 */
import { type Stats, statSync } from 'node:fs';
import type { ParameterKey } from '../../core/domain/names.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';
import { setClockInterval } from './clock-interval.ts';
import { nextTurn } from './next-turn.ts';
import { parameterFile, parameterKeys } from './parameter-files.ts';

/** A poll of many files comes less often, so that polls take below 1 % of a processor. */
const LEAST_POLL_MS = 500;
const POLL_MS_PER_FILE = 0.9;

/** A file that does not change for so long has been written. */
const SETTLE_MS = 200;

/** How many files are looked at in one turn of the event loop. */
const MAX_LOOKED_AT = 500;

/** What was found at a path: a file, an error that reading the file would throw too, or no file. */
type Found = Stats | string | undefined;

interface File {
  readonly key: ParameterKey;
  readonly found: Found;
}

/** By their paths. */
type Files = ReadonlyMap<string, File>;

/**
 * Calls `onChange`, which must not throw, for each parameter that changes, until the returned function is called. Reports a
 * file when it was seen twice with the same change, so that it is not read half written: within a second after its write in
 * a folder of up to 500 files, and within ten seconds in one of 10,000. Logs once when it cannot read the folder, and
 * reports no change then.
 */
export async function watchFolder(
  folder: string,
  clock: Clock,
  logger: Logger,
  onChange: (key: ParameterKey) => void,
): Promise<() => void> {
  const poll = polls(folder, logger);
  const reported = new Map(await poll(new Map()));
  /** Files that differ from `reported`, as they were seen last. */
  let unsettled: Files = new Map();
  let untilPollMs = pollEvery(reported);
  let isStopped = false;
  let cancel = wait();
  return () => {
    isStopped = true;
    cancel();
  };

  function wait(): () => void {
    const ms = unsettled.size > 0 ? SETTLE_MS : untilPollMs;
    return clock.after(ms, () => void look(ms));
  }

  /** Looks at all files when it is time for a poll, and otherwise again at those that are unsettled. */
  async function look(waitedMs: number): Promise<void> {
    untilPollMs -= waitedMs;
    const before = unsettled;
    const isPoll = untilPollMs <= 0;
    const changed = isPoll ? await poll(reported) : await differing(again(before), reported);
    if (isStopped) return;
    const settled = [...changed].filter(
      ([path, { found }]) => before.has(path) && isSame(found, before.get(path)?.found),
    );
    for (const [path, file] of settled) {
      changed.delete(path);
      if (file.found === undefined) reported.delete(path);
      else reported.set(path, file);
    }
    unsettled = changed;
    if (isPoll) untilPollMs = pollEvery(reported);
    cancel = wait();
    for (const [, { key }] of settled) onChange(key);
  }
}

function pollEvery({ size }: Files): number {
  return Math.max(LEAST_POLL_MS, size * POLL_MS_PER_FILE);
}

/** Returns a function that finds the files that differ from the given ones: none when the folder cannot be read. */
function polls(folder: string, logger: Logger): (reported: Files) => Promise<Map<string, File>> {
  let isFailing = false;
  return async (reported) => {
    try {
      const changed = await differing(allPaths(folder, reported), reported);
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
function* allPaths(folder: string, reported: Files): Iterable<readonly [string, ParameterKey]> {
  const existing = new Set<string>();
  for (const key of parameterKeys(folder)) {
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
    if (!isSame(found, reported.get(path)?.found)) files.set(path, { key, found });
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
    if (!isSame(last, before)) onChange();
  });
}

function find(path: string): Found {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? stats : undefined;
  } catch (error) {
    return String(error);
  }
}

/** A file differs when it was written, replaced or created again. */
function isSame(one: Found, other: Found): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return (
    one.ctimeMs === other.ctimeMs &&
    one.mtimeMs === other.mtimeMs &&
    one.ino === other.ino &&
    one.size === other.size
  );
}
