/** The version history of a parameter, and rollback to an earlier version. */
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
import { nextRunText } from './messages.ts';
import type { OperationResult } from './operation-result.ts';
import { descending, type Page, type PageRequest, pageOf } from './page.ts';
import { tagOf } from './parameter-view.ts';
import { requireVersion, requireWritable } from './preconditions.ts';
import { readCron } from './read.ts';
import { type SavePorts, save } from './save.ts';

/** One version of a parameter. */
export interface VersionView {
  readonly version: number;
  readonly tag: string;
  /** When it was written, in epoch milliseconds. */
  readonly modified: number;
  /** Who wrote it, as the registry recorded: cloudtab itself for its own writes. Absent when unknown. */
  readonly writer?: string;
  /** The user who asked cloudtab to write it. */
  readonly author?: string;
  /** The changes since the last valid version before it; all fields if none is known. */
  readonly changes: readonly FieldChange[];
  /** Whether it is the current version. */
  readonly current: boolean;
  /** Its fields. Absent when it is not valid, since an invalid text may contain anything. */
  readonly definition?: JsonObject;
  /** Why a rollback to it is impossible. */
  readonly problems?: readonly Problem[];
}

export type HistoryPorts = Pick<OperationPorts, 'registry' | 'runners'>;

/** The versions of a cron, or of a crontab's settings, newest first. Empty when the parameter does not exist. */
export async function history(ports: HistoryPorts, key: ParameterKey): Promise<VersionView[]> {
  const versions = await ports.registry.history(key);
  const checked = versions.map((version) => ({ version, problems: problemsOf(ports, key, version.value) }));
  return checked.map(({ version, problems }, index) => {
    const before = checked.slice(index + 1).find((one) => one.problems.length === 0);
    return view(version, problems, before?.version, index === 0);
  });
}

/** A page of these versions. */
export async function historyPage(
  ports: HistoryPorts,
  key: ParameterKey,
  request: PageRequest,
): Promise<Page<VersionView>> {
  return pageOf(await history(ports, key), ({ version }) => descending(version), request);
}

/**
 * Writes the text of an earlier version again as the latest version. Throws NotFoundError for an unknown version,
 * InvalidError when it was never valid or is no longer valid, VersionConflictError, ReadOnlyError.
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
      message: `${describeKey(key)} already equals version ${version}: nothing was saved.`,
      changed: false,
    };
  }
  const warning = await save(ports, key, parseJsonObject(wanted.value) ?? {}, present);
  const next = key.uid === undefined ? '' : ` ${nextRunText(await readCron(ports, key.site, key.uid))}`;
  const message = `${describeKey(key)} was rolled back to version ${version}.${next}${warning}`;
  return { message, changed: true };
}

function view(
  { value, ...version }: Version,
  problems: readonly Problem[],
  before: Version | undefined,
  current: boolean,
): VersionView {
  const definition = parseJsonObject(value);
  return {
    ...version,
    tag: tagOf(version),
    changes: fieldChanges((before && parseJsonObject(before.value)) ?? {}, definition ?? {}),
    current,
    ...(problems.length > 0 ? { problems } : { definition }),
  };
}

function problemsOf(
  { runners }: HistoryPorts,
  { site, uid }: ParameterKey,
  text: string,
): readonly Problem[] {
  return attempt(() =>
    uid === undefined
      ? loadCrontabSettings(text)
      : loadCron(text, { uid, site, runners, anyRunnerWhileOff: true }),
  ).problems;
}
