/** What the doctor reports. */
import type { ParameterKey } from './names.ts';

/** Something that is not as it should be, and how to fix it. */
export interface Finding {
  /** Stable, for programs. */
  readonly code: FindingCode;
  /** The crontab or cron that it is about; absent if it is about the target as a whole. */
  readonly key?: ParameterKey;
  /** What is wrong, as a sentence. */
  readonly what: string;
  /** How to fix it, as an instruction. */
  readonly fix: string;
  /** Whether `--fix` fixes it. */
  readonly fixable: boolean;
}

type FindingCode =
  | 'not-projected'
  | 'not-removed'
  | 'rejected'
  | 'cron-unreadable'
  | 'runner-missing'
  | 'runner-broken'
  | 'run-overran'
  | 'failing'
  | 'flapping'
  | 'late'
  | 'crowded-minute'
  | 'secret-in-clear'
  | 'not-armed'
  | 'armed-in-vain'
  | 'timer-lost'
  | 'timer-surplus'
  | 'sweep-overdue'
  | 'dead-letters'
  | 'place'
  | 'not-checked';

/** A finding about a part of the target with another version of cloudtab than this command. Absent: not said, as by old versions. */
export function versionFinding(
  subject: string,
  version: string | undefined,
  { own, fix }: { readonly own: string; readonly fix: string },
): Finding {
  const runs = version === undefined ? 'an older version of cloudtab' : `version ${version} of cloudtab`;
  return targetFinding(`${subject} runs ${runs}, and this command is version ${own}.`, fix);
}

/** A finding about the target itself, which only its operator can fix. */
export function targetFinding(what: string, fix: string): Finding {
  return { code: 'place', what, fix, fixable: false };
}
