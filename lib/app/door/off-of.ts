/** Since when a cron or a crontab is off, by whom and why, for those that have no answer that says so. */
import type { ParameterKey } from '../../core/domain/names.ts';
import type { Off } from '../operations/cron-view.ts';
import { offByVersions } from '../operations/off-since.ts';
import type { Call } from './call.ts';
import { wholeHistory } from './whole-lists.ts';

/** As far as its history is kept. One call. Nothing if it is on. Throws NotFoundError. */
export async function offOf(call: Call, key: ParameterKey): Promise<Off | undefined> {
  const versions = await wholeHistory(call, key);
  return offByVersions(
    versions
      .filter(({ definition }) => definition)
      .map(({ definition, ...version }) => ({ ...version, isOn: definition?.activated !== false })),
  );
}
