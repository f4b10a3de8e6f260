/** Removes a cron. */
import { describeKey } from '../../core/domain/names.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import type { EditOptions } from './edit-cron.ts';
import type { OperationResult } from './operation-result.ts';
import { requireVersion, requireWritable } from './preconditions.ts';
import { erase, type SavePorts } from './save.ts';

/**
 * Removes the cron, and keeps its run records until they expire; a current run completes. Throws NotFoundError,
 * VersionConflictError, ReadOnlyError.
 */
export async function removeCron(
  ports: SavePorts,
  site: string,
  uid: string,
  { expected }: EditOptions = {},
): Promise<OperationResult> {
  const key = { site, uid };
  const present = await ports.registry.read(key);
  if (!present) throw cronNotFound({ site, uid });
  await requireWritable(ports, site);
  await requireVersion(ports, key, present, expected);
  await erase(ports, key);
  return {
    message: `${describeKey(key)} was removed. Its run records are kept until they expire.`,
    changed: true,
  };
}
