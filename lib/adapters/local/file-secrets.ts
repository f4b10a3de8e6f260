/** Secrets in files: `<folder>/<site>/<name>`, the text without the line end that editors leave. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '../../core/domain/errors.ts';
import type { Secrets } from '../../core/ports/secrets.ts';

export class FileSecrets implements Secrets {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(site: string, name: string): Promise<string | undefined> {
    const file = this.#file(site, name);
    try {
      return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new UnavailableError(
        `Cannot read the secret ${file}: ${said}. Make it a file that can be read.`,
        {
          cause,
        },
      );
    }
  }

  location(site: string, name: string): string {
    return `the file ${this.#file(site, name)}`;
  }

  #file(site: string, name: string): string {
    return join(this.#folder, site, name);
  }
}
