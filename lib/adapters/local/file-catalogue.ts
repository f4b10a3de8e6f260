/** The catalogue of a folder, as a file of JSON beside its state. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Catalogue } from '../../core/domain/runner-description.ts';
import type { CatalogueStore } from '../../core/ports/runner-catalogue.ts';
import { storedCatalogue } from '../stored-state.ts';

export class FileCatalogue implements CatalogueStore {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async read(): Promise<Catalogue | undefined> {
    try {
      return storedCatalogue(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Replaces the file as a whole, so that no reader sees half of it. */
  async publish(catalogue: Catalogue): Promise<void> {
    mkdirSync(dirname(this.#file), { recursive: true });
    const draft = `${this.#file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(catalogue));
    renameSync(draft, this.#file);
  }
}
