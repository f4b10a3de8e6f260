/** The parameter of a cron or of a crontab's settings: its current version, and whether that is in force. */
import type { Problem } from '../../core/domain/problem.ts';

export interface ParameterView {
  /** Identifies the current version, like an ETag: an edit that carries it is refused after another change. */
  readonly tag: string;
  readonly version: number;
  /** When it was written, in epoch milliseconds. */
  readonly modified: number;
  /** Why this version is not in force. The last valid version is then, if any. Absent when it is in force. */
  readonly problems?: readonly Problem[];
}

interface Version {
  readonly version: number;
  readonly modified: number;
  readonly problems?: readonly Problem[];
}

export function parameterView({ version, modified, problems }: Version): ParameterView {
  return { tag: tagOf({ version, modified }), version, modified, ...(problems && { problems }) };
}

/** Unique for each version. Version numbers alone are not: they restart when a parameter is created again. */
export function tagOf({ version, modified }: Version): string {
  return `${version}-${modified}`;
}
