/** Since when a cron is off, by whom and why: from the history of the parameter that switches it off. */
import { UnavailableError } from '../../core/domain/errors.ts';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { Version } from '../../core/ports/registry.ts';
import type { CronView, Off } from './cron-view.ts';

/**
 * Nothing for a cron that is on, and if the registry does not answer: the rest of the page is worth showing. One call for a cron
 * that is off.
 */
export async function offSince(
  { registry }: Pick<OperationPorts, 'registry'>,
  { site, uid, active, definition }: CronView,
): Promise<Off | undefined> {
  if (active || !definition) return undefined;
  const versions = await registry
    .history(definition.activated ? { site } : { site, uid })
    .catch((error: unknown) => {
      if (!(error instanceof UnavailableError)) throw error;
      return [];
    });
  return offByVersions(
    versions.map((version) => ({ ...version, isOn: parseJsonObject(version.value)?.activated !== false })),
  );
}

interface SwitchVersion extends Pick<Version, 'modified' | 'author' | 'writer'> {
  readonly isOn: boolean;
}

/** By the versions of one parameter, newest first. Nothing if the newest is on, or none is known. */
export function offByVersions(versions: readonly SwitchVersion[]): Off | undefined {
  const lastOn = versions.findIndex(({ isOn }) => isOn);
  const version = versions[(lastOn === -1 ? versions.length : lastOn) - 1];
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
