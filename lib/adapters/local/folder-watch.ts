/**
 * Tells which parameters of a folder changed. What they hold is the registry's part.
 *
 * It looks at the times and sizes of all files every 200 milliseconds instead of listening to the system: that costs 3
 * milliseconds for 1,000 files, and misses nothing, while the system's notices get lost, differ between systems, and
 * end when the folder is deleted and made anew.
 */
import { statSync } from 'node:fs';
import { type ParameterKey, parameterName } from '../../core/domain/names.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';
import { setClockInterval } from './clock-interval.ts';
import { parameterFile, parameterKeys } from './parameter-files.ts';

const LOOK_MS = 200;

interface File {
  readonly key: ParameterKey;
  /** Another one when the file was written, replaced or made anew. */
  readonly stamp: string;
}

/** The files that are there, by the parameter's name. */
type Snapshot = ReadonlyMap<string, File>;

/**
 * Tells each parameter that differs from what it was when this was called, as soon as it looks the same twice, so that
 * a file is not taken half written: 400 milliseconds after it was saved at the latest. A folder that cannot be read
 * changes nothing, and is told to `log` once. `onChange` must not throw. Returns how to end it.
 */
export function watchFolder(
  folder: string,
  clock: Clock,
  logger: Logger,
  onChange: (key: ParameterKey) => void,
): () => void {
  const look = looking(folder, logger);
  let last = look();
  const told = new Map(last);
  return setClockInterval(LOOK_MS, clock, () => {
    const before = last;
    last = look();
    for (const { key } of newlySettled(told, before, last)) onChange(key);
  });
}

/** The files that look the same twice and not as they were told, which is brought up to date. */
function newlySettled(told: Map<string, File>, before: Snapshot, last: Snapshot): File[] {
  const changed: File[] = [];
  for (const [name, file] of new Map([...told, ...last])) {
    const now = last.get(name);
    if (now?.stamp !== before.get(name)?.stamp || now?.stamp === told.get(name)?.stamp) continue;
    if (now) told.set(name, now);
    else told.delete(name);
    changed.push(file);
  }
  return changed;
}

/** A function that gives the present files, or those of the last time when they cannot be seen: they are not gone. */
function looking(folder: string, logger: Logger): () => Snapshot {
  let last: Snapshot = new Map();
  let failing = false;
  return () => {
    try {
      last = snapshot(folder);
      failing = false;
    } catch (error) {
      if (!failing)
        logger.error(`Cannot see what is in ${folder}: ${error}`, { code: 'watch-failed', error });
      failing = true;
    }
    return last;
  };
}

function snapshot(folder: string): Snapshot {
  const files = new Map<string, File>();
  for (const key of parameterKeys(folder)) {
    const stamp = stampOf(parameterFile(folder, key));
    if (stamp) files.set(parameterName('parameters', key), { key, stamp });
  }
  return files;
}

/** A file that cannot be seen, such as a link to itself, is there all the same: reading it tells what is wrong. */
function stampOf(file: string | undefined): string | undefined {
  try {
    const stat = file === undefined ? undefined : statSync(file, { bigint: true, throwIfNoEntry: false });
    return stat?.isFile() ? `${stat.ctimeNs} ${stat.mtimeNs} ${stat.ino} ${stat.size}` : undefined;
  } catch (error) {
    return String(error);
  }
}
