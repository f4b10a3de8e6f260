/** A folder with files of runners, as a user writes them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tempFolder } from './temp-folder.ts';

const LIBRARY = pathToFileURL(join(import.meta.dirname, '../../lib/runners/runner.ts')).href;

export class RunnerFolder {
  readonly path = join(tempFolder(), 'runners');

  /** Writes a file, and returns its path. */
  write(file: string, text: string): string {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Writes a runner with that body of `run`, further members and statements before it. */
  runner(name: string, body: string, { members = '', before = '' } = {}): string {
    const text = `import { Runner } from '${LIBRARY}';\n${before}\nexport class Mine extends Runner {\n${members}\nasync run() {\n${body}\n}\n}\n`;
    return this.write(`${name}.ts`, text);
  }
}
