/** The home folder of this account; undefined if neither HOME nor the user database has one, as in some containers. */
import { homedir } from 'node:os';

export function homeFolder(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
