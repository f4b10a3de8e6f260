import type { ParameterKey } from '../../core/domain/names.ts';

/** Something that is not as it should be, told so that an operator can act. */
export interface Finding {
  /** Stable, for programs. */
  readonly code: FindingCode;
  /** What it is about, when it is about one crontab or cron. */
  readonly key?: ParameterKey;
  /** What is wrong, in a sentence. */
  readonly what: string;
  /** What to do about it, as an instruction. */
  readonly fix: string;
  /** Whether healing mends it. */
  readonly fixable: boolean;
}

type FindingCode =
  | 'not-projected'
  | 'not-removed'
  | 'rejected'
  | 'runner-missing'
  | 'not-armed'
  | 'armed-in-vain'
  | 'timer-lost'
  | 'timer-surplus'
  | 'sweep-overdue'
  | 'dead-letters'
  | 'place'
  | 'not-checked';
