/** The runners that a target has, with their settings. The table of runners (lib/runners/table.ts) implements it. */
import type { Json } from '../domain/cron.ts';
import type { RunnerCheck } from '../domain/cron-schema.ts';

export interface RunnerCatalogue extends RunnerCheck {
  /** The runners of that site, or without it of all sites; sorted by name. */
  describe(site?: string): RunnerDescription[];
}

/** A runner as forms and listings show it. */
export interface RunnerDescription {
  /** The name that a cron gives; the family of functions is `lambda:<function>`. */
  readonly name: string;
  readonly summary: string;
  /** The only site that has it. Default: all sites. */
  readonly site?: string;
  /** If absent, the runner accepts any settings. */
  readonly environ?: EnvironFields;
}

/** The settings of a runner, by name. */
export type EnvironFields = { readonly [name: string]: EnvironField };

/** One setting of a runner. */
export interface EnvironField {
  /** A reference to a secret counts as a string. */
  readonly type: FieldType | readonly FieldType[];
  /** Whether the runner needs it. Default: false. */
  readonly required?: boolean;
  /** Its purpose, unit and default. */
  readonly meaning: string;
  readonly example: Json;
  /** Describes the valid values if this value of the right type is invalid; otherwise undefined. Never called with a reference. */
  readonly wanted?: (value: Json) => string | undefined;
}

export type FieldType = 'string' | 'number' | 'boolean' | 'object' | 'list';
