/** Writing a parameter that was found valid, so that it is in force at once. */
import type { JsonObject } from '../../core/domain/cron.ts';
import { describeKey, type ParameterKey } from '../../core/domain/names.ts';
import { projectParameter } from '../../core/engine/project-parameter.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { Parameter } from '../../core/ports/registry.ts';
import { textOf } from './parameter-text.ts';
import { tagOf } from './parameter-view.ts';
import { whoOf } from './preconditions.ts';

/** What a registry says of a change comes later, and finds it done. */
export type SavePorts = Pick<
  OperationPorts,
  'registry' | 'store' | 'events' | 'clock' | 'logger' | 'runners' | 'by'
>;

/**
 * Writes and projects. `present` is what was read before (nothing: there was none). The registry cannot write on a
 * condition, so when somebody came between, the returned warning says so; otherwise it is empty.
 */
export async function save(
  ports: SavePorts,
  key: ParameterKey,
  object: JsonObject,
  present: Parameter | undefined,
): Promise<string> {
  const written = await ports.registry.write(key, textOf(object), ports.by);
  await projectParameter(ports, key);
  ports.logger.info(`${describeKey(key)} was saved`, {
    ...key,
    code: 'parameter-written',
    version: written.version,
  });
  const isNext = written.version === (present?.version ?? 0) + 1;
  return isNext ? '' : ` ${await overtaken(ports, key, written)}`;
}

/** Removes and projects. */
export async function erase(ports: SavePorts, key: ParameterKey): Promise<void> {
  await ports.registry.remove(key);
  await projectParameter(ports, key);
  ports.logger.info(`${describeKey(key)} was removed`, { ...key, code: 'parameter-erased' });
}

async function overtaken({ registry }: SavePorts, key: ParameterKey, written: Parameter): Promise<string> {
  const versions = await registry.history(key);
  const index = versions.findIndex((version) => tagOf(version) === tagOf(written));
  const who = whoOf(versions[index + 1]);
  return `Another change${who} came in between and was replaced: see the history.`;
}
