/** What a page offers: only what the caller may do, and disabled where the crontab is read-only. */
import { type Caller, roleAt, suffices } from '../../../core/domain/access.ts';

export interface Rights {
  /** Run now, switch on and off. */
  readonly operates: boolean;
  /** Change the crontab. */
  readonly edits: boolean;
  /** The crontab refuses changes of its crons. */
  readonly readOnly: boolean;
}

export function rightsAt(who: Caller, site: string, readOnly: boolean): Rights {
  const role = roleAt(who, site);
  return { operates: suffices(role, 'operator'), edits: suffices(role, 'editor'), readOnly };
}
