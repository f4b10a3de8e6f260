/** Reports files of a folder that other accounts may read or write, and those that are not read because of what they are. */
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Finding, targetFinding } from '../../core/domain/finding.ts';
import { MIN_SECRET_CHARACTERS } from '../../core/domain/secret.ts';
import type { Folder } from './folder.ts';
import { parameterFile, parameterKeys } from './parameter-files.ts';
import { fileRefusal, OTHERS, readRegular } from './private-file.ts';

/** The right of all accounts to write. A group may be that of the user alone. */
const WRITERS = 0o002;

/** `runners`: the files of the runners. */
export function examineFiles(folder: Folder, runners: readonly string[]): Finding[] {
  const { parameters, state, logs, secrets, settings, functions } = folder;
  const functionFiles = entriesOf(functions).map((name) => join(functions, name));
  const runnerFolders = new Set(runners.map((file) => dirname(file)));
  const secretFiles = filesOf(secrets);
  const parameterFiles = parameterKeys(parameters).map((key) => parameterFile(parameters, key) ?? parameters);
  return [
    ...[parameters, state, logs, secrets, ...secretFiles].flatMap((path) => looseMode(path, OTHERS)),
    // Users may share them, but those who change them decide what runs here.
    ...[dirname(parameters), settings, functions, ...functionFiles, ...runnerFolders, ...runners].flatMap(
      (path) => looseMode(path, WRITERS),
    ),
    ...[...parameterFiles, ...secretFiles].flatMap(notRead),
    ...secretFiles.flatMap(shortSecret),
  ];
}

/** As ssh says it of a key. `rights`: those that are too much. */
function looseMode(path: string, rights: typeof OTHERS | typeof WRITERS): Finding[] {
  const stats = statsOf(path);
  if (!stats || stats.isSymbolicLink() || (stats.mode & rights) === 0) return [];
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  const isPrivate = rights === OTHERS;
  const what = `Permissions ${mode} for ${path} are too open: other accounts of this computer may ${isPrivate ? 'use' : 'change'} it.`;
  const strict = isPrivate ? (stats.isDirectory() ? '700' : '600') : 'o-w';
  return [targetFinding(what, `Run: chmod ${strict} ${path}`)];
}

function notRead(path: string): Finding[] {
  const stats = statsOf(path);
  const refusal = stats && fileRefusal(path, stats);
  return refusal ? [targetFinding(refusal.what, refusal.fix)] : [];
}

function shortSecret(path: string): Finding[] {
  const length = lengthOf(path);
  if (length === undefined || length >= MIN_SECRET_CHARACTERS) return [];
  const what = `The secret ${path} has fewer than ${MIN_SECRET_CHARACTERS} characters: output of runs can reveal it by trial.`;
  return [targetFinding(what, 'Use a longer one.')];
}

/** Nothing if it cannot be read: then the run that needs it says why. */
function lengthOf(path: string): number | undefined {
  try {
    const text = new TextDecoder().decode(readRegular(path, 4 * MIN_SECRET_CHARACTERS));
    return text.replace(/\r?\n$/, '').length;
  } catch {
    return undefined;
  }
}

function filesOf(secrets: string): string[] {
  return entriesOf(secrets).flatMap((site) =>
    entriesOf(join(secrets, site)).map((name) => join(secrets, site, name)),
  );
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function statsOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
