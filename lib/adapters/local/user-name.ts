/** The author of each version that this process writes, and the requester of its forced runs. */
import { userInfo } from 'node:os';

export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // The account has no entry in the user database, as in some containers.
    return 'the command line';
  }
}
