/** The Secrets in files: the text of `<folder>/<site>/<name>`, without the line end that editors add. */
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
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      throw new UnavailableError(`Cannot read the secret ${file}: ${message}. Make it a readable file.`, {
        cause,
      });
    }
  }

  location(site: string, name: string): string {
    return `the file ${this.#file(site, name)}`;
  }

  #file(site: string, name: string): string {
    return join(this.#folder, site, name);
  }
}
