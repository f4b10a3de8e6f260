/** Writes or removes a validated parameter and projects it, so that the change is in force at once. */
import type { JsonObject } from '../../core/domain/cron.ts';
import { describeKey, type ParameterKey } from '../../core/domain/names.ts';
import { projectParameter } from '../../core/engine/project-parameter.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { Parameter } from '../../core/ports/registry.ts';
import type { OperationResult } from './operation-result.ts';
import { textOf } from './parameter-text.ts';
import { tagOf } from './parameter-view.ts';
import { whoOf } from './preconditions.ts';

/** The registry's own event of the change arrives later and finds the projection up to date. */
export type SavePorts = Pick<
  OperationPorts,
  'registry' | 'store' | 'events' | 'clock' | 'logger' | 'runners' | 'by' | 'option' | 'sees'
>;

/**
 * Writes and projects. `present` is the parameter that was read before. The registry has no compare-and-swap, so the
 * returned warning reports an overwritten change; otherwise it is empty.
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

/** Writes with a note beside the author, for the history. An empty one is none. */
export function withNote(ports: SavePorts, note: string | undefined): SavePorts {
  return isEmpty(note) ? ports : { ...ports, by: `${ports.by ?? 'unknown'}: ${note}` };
}

/** The result of a switch that changed nothing: its message says that the note, if there is one, was not kept. */
export function withoutNote<Result extends OperationResult>(
  result: Result,
  note: string | undefined,
): Result {
  if (isEmpty(note)) return result;
  return {
    ...result,
    message: `${result.message} The note was not kept, because that changed nothing.`,
    noteLost: true,
  };
}

function isEmpty(note: string | undefined): boolean {
  return note === undefined || note.trim() === '';
}

async function overtaken({ registry }: SavePorts, key: ParameterKey, written: Parameter): Promise<string> {
  const versions = await registry.history(key);
  const index = versions.findIndex((version) => tagOf(version) === tagOf(written));
  const who = whoOf(versions[index + 1]);
  return `It replaced another change${who} that was made in between: see the history.`;
}
