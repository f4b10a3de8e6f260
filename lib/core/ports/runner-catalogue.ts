/**
 * The runners that a target has, with their settings. lib/runners implements it: from classes (table.ts), and from the
 * catalogue that the target publishes (published-runners.ts).
 */
import type { RunnerCheck } from '../domain/cron-schema.ts';
import type { Catalogue, RunnerDescription } from '../domain/runner-description.ts';

export interface RunnerCatalogue extends RunnerCheck {
  /** The runners of that site, or without it of all sites; sorted by name. */
  describe(site?: string): RunnerDescription[];
}

/** Where a target publishes its catalogue. */
export interface CatalogueStore {
  /** The catalogue; nothing if none was published, or if it cannot be read by this version. Throws UnavailableError. */
  read(): Promise<Catalogue | undefined>;

  /** Replaces the catalogue. Throws UnavailableError. */
  publish(catalogue: Catalogue): Promise<void>;
}
