/** Projects the files that changed while no scheduler followed them. */
import { type ProjectPorts, projectParameter } from '../../core/engine/project-parameter.ts';
import { projectAll } from '../../core/engine/resync.ts';
import type { KnownFiles } from './known-files.ts';

/** More changes are read faster as a list. */
const FEW = 20;

/** Does nothing if no file changed. Throws as `projectAll` does. */
export async function projectChanged(knownFiles: KnownFiles, ports: ProjectPorts): Promise<void> {
  const { keys, remember } = knownFiles.changes(Date.now());
  if (keys.length === 0) return;
  const projected =
    keys.length <= FEW ? await Promise.allSettled(keys.map((key) => projectParameter(ports, key))) : [];
  const isProjected = projected.length > 0 && projected.every(({ status }) => status === 'fulfilled');
  // The list leaves out files that cannot be read and were never projected.
  if (!isProjected) await projectAll(ports);
  remember();
}
