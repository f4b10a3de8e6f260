import { userInfo } from 'node:os';

/** Who types, for the history of what is written. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the machine's list, as in some containers.
    return 'the command line';
  }
}
