/** States that a simulation should reach, and how it recognizes them. */

/** By the code of the log line that reports it. */
export const RARE_STATES_BY_CODE: Readonly<Record<string, string>> = {
  'arm-throttled': 'arming was throttled and left to the sweep',
  'cron-unreadable': 'a cron could not be read, and the others were synchronised',
  'delivery-lost': 'what waits could not be delivered at once',
  'label-failed': 'a label could not be changed',
  'lease-expired': 'a lease expired',
  'lease-gone': 'a run ended after its lease had expired',
  'record-lost': 'the record of a run could not be written',
  'run-redelivered': 'an overdue occurrence was delivered again',
  'timer-lost': 'a lost timer was created again',
  'timer-surplus': 'a surplus timer was removed',
};

export const CLAIM_FOUND = 'a claim was found again after its answer was lost';
export const RECORD_EXISTED = 'a commit found that its record existed';
export const COMMIT_REFUSED = 'a commit was refused because another one came first';
export const JOB_REOPENED = 'the closed job of a removed cron was opened again';
export const PROCESS_ENDED = 'a process was ended because its run ignored the abort signal';
export const TIME_AGAIN = 'a planned time came again because the clock was set back';
export const OUTPACED = 'what waited ended because a later time took its place';
export const MANY_DUE = 'more times were due than are counted';
export const BUSY_FOR_LONG = 'runs and waiting occurrences followed each other for an hour';

/** All of them, so that one that is never reached is printed too. */
export const RARE_STATES: readonly string[] = [
  ...Object.values(RARE_STATES_BY_CODE),
  CLAIM_FOUND,
  RECORD_EXISTED,
  COMMIT_REFUSED,
  JOB_REOPENED,
  PROCESS_ENDED,
  TIME_AGAIN,
  OUTPACED,
  MANY_DUE,
  BUSY_FOR_LONG,
].sort();
