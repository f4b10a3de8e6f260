/** One look at an invariant, whether it holds or not: so that what was looked at can be counted. */
export interface Finding {
  readonly invariant: string;
  /** What is wrong; nothing when it holds. */
  readonly wrong: string | undefined;
}

/** Looks at one invariant. The message is asked for only when it does not hold. */
export function look(invariant: string, isWrong: boolean, message: string | (() => string)): Finding {
  if (!isWrong) return { invariant, wrong: undefined };
  return { invariant, wrong: typeof message === 'string' ? message : message() };
}
