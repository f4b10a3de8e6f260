/** Applies a mutant to a copy of the source tree. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Edit, Mutant } from './mutants.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Calls back with the URL of a copy that contains the mutant, and removes the copy afterwards. */
export async function withMutant<Result>(
  mutant: Mutant,
  use: (root: string) => Promise<Result>,
): Promise<Result> {
  const mutatedSource = mutatedText(mutant);
  const folder = mkdtempSync(join(tmpdir(), 'cloudtab-mutant-'));
  try {
    for (const name of ['lib', 'test', 'package.json'])
      cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, mutant.file), mutatedSource);
    return await use(pathToFileURL(`${folder}/`).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The mutated text of the file. Throws when the text to replace does not occur exactly once. */
export function mutatedText({ name, file, from, to, secondEdit }: Mutant): string {
  const edits: Edit[] = [{ from, to }, ...(secondEdit ? [secondEdit] : [])];
  return edits.reduce(
    (text, edit) => {
      const parts = text.split(edit.from);
      if (parts.length === 2) return parts.join(edit.to);
      const count = parts.length - 1;
      throw new Error(
        `The mutant "${name}" must find this text once in ${file}, found it ${count} times: ${edit.from}`,
      );
    },
    readFileSync(join(ROOT, file), 'utf8'),
  );
}
