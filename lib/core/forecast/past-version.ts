/** The versions of a definition or of settings, and which of them was in force. */

/** One version of the definition or of the settings. */
export interface PastVersion<Value> {
  /** When it was written, in epoch milliseconds. */
  readonly since: number;
  readonly author?: string | undefined;
  /** Absent if it is not valid: then the version before it stayed in force. */
  readonly value?: Value | undefined;
}

/** The valid version of the minute; newest first. What holds now is going to hold, as far as anybody knows. */
export function inForceAt<Value>(versions: readonly PastVersion<Value>[], minute: number, now: number) {
  const at = Math.min(minute, now);
  type Valid = PastVersion<Value> & { readonly value: Value };
  return versions.find((one): one is Valid => one.value !== undefined && one.since <= at);
}
