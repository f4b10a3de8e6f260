/** The secrets in files for the owner alone: the text of `<folder>/<site>/<name>`, without the line end that editors add. */
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CloudtabError, ConfigurationError, UnavailableError } from '../../core/domain/errors.ts';
import { SECRET_NAME } from '../../core/domain/names.ts';
import { MAX_SECRET_BYTES, secretCommand } from '../../core/domain/secret.ts';
import type { SecretStore, Secrets } from '../../core/ports/secrets.ts';
import { folderNames } from './folder.ts';
import { readRegular, writePrivate } from './private-file.ts';

/** A line end may follow the secret. */
const MAX_FILE_BYTES = MAX_SECRET_BYTES + 2;

export class FileSecrets implements Secrets, SecretStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws ConfigurationError for a file that is too long, a link, or no regular file. */
  async read(site: string, name: string): Promise<string | undefined> {
    const file = this.#file(site, name);
    try {
      const bytes = readRegular(file, MAX_FILE_BYTES + 1);
      if (bytes.length > MAX_FILE_BYTES) {
        throw new ConfigurationError(
          `The secret ${file} is longer than ${MAX_SECRET_BYTES} bytes. Keep it elsewhere, and make a secret of what gives access to it.`,
        );
      }
      return new TextDecoder().decode(bytes).replace(/\r?\n$/, '');
    } catch (cause) {
      if (cause instanceof CloudtabError) throw cause;
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw new UnavailableError(`Cannot read the secret ${file}: ${message}. Make it a readable file.`, {
        cause,
      });
    }
  }

  async names(site: string): Promise<readonly string[]> {
    const folder = join(this.#folder, site);
    if (!existsSync(folder)) return [];
    const entries = readdirSync(folder, { withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory() && SECRET_NAME.test(entry.name));
    return files.map(({ name }) => name).sort();
  }

  async write(site: string, name: string, value: string): Promise<void> {
    writePrivate(this.#file(site, name), `${value}\n`);
  }

  async remove(site: string, name: string): Promise<boolean> {
    const file = this.#file(site, name);
    if (!lstatSync(file, { throwIfNoEntry: false })) return false;
    rmSync(file);
    return true;
  }

  location(site: string, name: string): string {
    const { option } = folderNames(dirname(this.#folder));
    return `the file ${this.#file(site, name)}, with: ${secretCommand(site, name, option)}`;
  }

  #file(site: string, name: string): string {
    return join(this.#folder, site, name);
  }
}
