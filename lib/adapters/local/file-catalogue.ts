/** The catalogue of a folder, as a file of JSON beside its state. */
import { readFileSync } from 'node:fs';
import type { Catalogue } from '../../core/domain/runner-description.ts';
import type { CatalogueStore } from '../../core/ports/runner-catalogue.ts';
import { storedCatalogue } from '../stored-state.ts';
import { writePrivate } from './private-file.ts';

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
    writePrivate(this.#file, JSON.stringify(catalogue));
  }
}
