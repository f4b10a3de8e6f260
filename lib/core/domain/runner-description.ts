/** What is known of the runners of a target: as forms and listings show it, and as it is published. */
import type { Json, JsonObject } from './cron.ts';
import type { LimitsBySite } from './site-limits.ts';

/** A runner as forms and listings show it. */
export interface RunnerDescription {
  /** The name that a cron gives; the family of functions is `lambda:<function>`. */
  readonly name: string;
  readonly summary: string;
  /** The only site that has it. Default: all sites. */
  readonly site?: string;
  /** If absent, the runner accepts any settings. */
  readonly environ?: EnvironFields;
  /** Why its runs fail: its file cannot be loaded. The rest is what is known from before. Absent if it can. */
  readonly broken?: string;
}

/** Sorts runners by name, and those of one name by site. No two of a target share it. */
export function runnerOrder({ name, site = '' }: Pick<RunnerDescription, 'name' | 'site'>): string {
  return `${name} ${site}`;
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
  /** The only valid texts, if it is a text. */
  readonly values?: readonly string[];
  /** Describes the valid values if this value of the right type is invalid; otherwise undefined. Never called with a reference. */
  readonly wanted?: (value: Json) => string | undefined;
}

export type FieldType = 'string' | 'number' | 'boolean' | 'object' | 'list';

/** What a target publishes about its runners, as JSON. */
export interface Catalogue {
  readonly runners: readonly PublishedRunner[];
  /** What runners may reach. */
  readonly limits: LimitsBySite;
  /** Names the code of the target; absent if each runner has a file of its own. */
  readonly codeVersion?: string;
  /** Where the files of the runners are; absent in a deployment. */
  readonly folder?: string;
}

export interface PublishedRunner {
  readonly name: string;
  /** The only site that has it. Default: all sites. */
  readonly site?: string;
  readonly summary: string;
  /** The JSON Schema of its settings. If absent, it accepts any. */
  readonly settings?: JsonObject;
  readonly broken?: string;
  /** The absolute path of its file; absent if a deployment or a program contains the runner. */
  readonly file?: string;
}
