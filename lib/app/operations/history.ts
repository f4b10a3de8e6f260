/** The earlier versions of a parameter: what changed in each, who did it and when; and putting one back. */
import type { JsonObject } from '../../core/domain/cron.ts';
import { loadCron } from '../../core/domain/cron-schema.ts';
import { loadCrontabSettings } from '../../core/domain/crontab-schema.ts';
import { attempt, type FieldChange, InvalidError, NotFoundError } from '../../core/domain/errors.ts';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import { describeKey, type ParameterKey } from '../../core/domain/names.ts';
import type { Problem } from '../../core/domain/problem.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { Version } from '../../core/ports/registry.ts';
import type { EditOptions } from './edit-cron.ts';
import { fieldChanges } from './field-changes.ts';
import type { OperationResult } from './operation-result.ts';
import { tagOf } from './parameter-view.ts';
import { requireVersion, requireWritable } from './preconditions.ts';
import { type SavePorts, save } from './save.ts';

/** One version of a parameter, told. */
export interface VersionView {
  readonly version: number;
  readonly tag: string;
  /** When it was written, in epoch milliseconds. */
  readonly modified: number;
  /** Who wrote it, as the registry itself knows; through the system that is the system. Absent when nobody knows. */
  readonly writer?: string;
  /** Who asked the system for it, as the system noted. */
  readonly author?: string;
  /** What changed since the version before it; of the oldest one that is known, everything. */
  readonly changes: readonly FieldChange[];
  /** Whether it is the one that stands now. */
  readonly current: boolean;
  /** What it says, when it is valid: a text that is not may hold anything. */
  readonly definition?: JsonObject;
  /** Why it cannot be restored; absent when it can. */
  readonly problems?: readonly Problem[];
}

export type HistoryPorts = Pick<OperationPorts, 'registry' | 'runners'>;

/** The versions of a cron, or of a crontab's settings, newest first. Empty when the parameter does not exist. */
export async function history(ports: HistoryPorts, key: ParameterKey): Promise<VersionView[]> {
  const versions = await ports.registry.history(key);
  return versions.map((version, index) => view(ports, key, version, versions[index + 1], index === 0));
}

/**
 * Writes the text of an earlier version anew, so that it is the latest one. Throws NotFoundError when that version is
 * not known, InvalidError when it was not valid or is not valid any more, VersionConflictError, ReadOnlyError.
 */
export async function rollback(
  ports: SavePorts,
  key: ParameterKey,
  version: number,
  { expected }: EditOptions = {},
): Promise<OperationResult> {
  const versions = await ports.registry.history(key);
  const wanted = versions.find((one) => one.version === version);
  const present = await ports.registry.read(key);
  if (!wanted || !present) throw new NotFoundError(`${describeKey(key)} has no version ${version}.`);
  await requireWritable(ports, key.site);
  await requireVersion(ports, key, present, expected);
  const problems = problemsOf(ports, key, wanted.value);
  if (problems.length > 0) throw new InvalidError(problems);
  if (present.value === wanted.value) {
    return {
      message: `${describeKey(key)} is as in version ${version} already: nothing was changed.`,
      changed: false,
    };
  }
  const warning = await save(ports, key, parseJsonObject(wanted.value) ?? {}, present);
  return { message: `${describeKey(key)} is as in version ${version} again.${warning}`, changed: true };
}

function view(
  ports: HistoryPorts,
  key: ParameterKey,
  { value, ...version }: Version,
  before: Version | undefined,
  current: boolean,
): VersionView {
  const definition = parseJsonObject(value);
  const problems = problemsOf(ports, key, value);
  return {
    ...version,
    tag: tagOf(version),
    changes: fieldChanges((before && parseJsonObject(before.value)) ?? {}, definition ?? {}),
    current,
    ...(problems.length > 0 ? { problems } : { definition }),
  };
}

function problemsOf({ runners }: HistoryPorts, { uid }: ParameterKey, text: string): readonly Problem[] {
  return attempt(() => (uid === undefined ? loadCrontabSettings(text) : loadCron(text, { uid, runners })))
    .problems;
}
