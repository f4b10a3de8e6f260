/** The parameter behind a cron or a crontab's settings: which version stands, and whether it is in force. */
import type { Problem } from '../../core/domain/problem.ts';

export interface ParameterView {
  /** Names the version that stands: to be given back with an edit, which is refused when another one stands by then. */
  readonly tag: string;
  readonly version: number;
  /** When it was written, in epoch milliseconds. */
  readonly modified: number;
  /** Why this version is not in force; the last good one is, if there was one. Absent when it is in force. */
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

/** The same for the same version, and for no other one: versions alone start again when a parameter is made anew. */
export function tagOf({ version, modified }: Version): string {
  return `${version}-${modified}`;
}
