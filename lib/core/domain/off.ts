/** Since when a cron or a crontab is off, by whom and why. */
import { parseJsonObject } from './json-object.ts';

export interface Off {
  /** Epoch milliseconds. */
  readonly since: number;
  /** Absent if no writer was recorded. */
  readonly by?: string;
  readonly note?: string;
}

interface SwitchVersion {
  readonly value: string;
  /** Epoch milliseconds. */
  readonly modified: number;
  readonly writer?: string;
  readonly author?: string;
}

/** By the versions of one parameter, newest first; those without an object do not count. Nothing if the newest is on. */
export function offByVersions(versions: readonly SwitchVersion[]): Off | undefined {
  const switches = versions.flatMap((version) => {
    const object = parseJsonObject(version.value);
    return object ? [{ ...version, isOn: object.activated !== false }] : [];
  });
  const lastOn = switches.findIndex(({ isOn }) => isOn);
  const version = switches[(lastOn === -1 ? switches.length : lastOn) - 1];
  if (!version) return undefined;
  // As withNote wrote them.
  const [by = '', ...note] = (version.author ?? version.writer ?? '').split(': ');
  return {
    since: version.modified,
    ...(by !== '' && { by }),
    ...(note.length > 0 && { note: note.join(': ') }),
  };
}

/** Such as "by ana: until the database has moved"; empty if neither is known. */
export function offText({ by, note }: Off): string {
  return `${by === undefined ? '' : ` by ${by}`}${note === undefined ? '' : `: ${note}`}`;
}
