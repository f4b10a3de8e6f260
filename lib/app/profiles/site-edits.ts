/** The changes of one site that applying a profile makes: by ports, as the setup of a deployment does, or by calls. */
import type { CronFields, JsonObject } from '../../core/domain/cron.ts';
import type { Call } from '../door/call.ts';
import { type AddPorts, addCron } from '../operations/add-cron.ts';
import { editCron } from '../operations/edit-cron.ts';
import { editSettings } from '../operations/edit-settings.ts';
import type { OperationResult } from '../operations/operation-result.ts';
import { removeCron } from '../operations/remove-cron.ts';

/** Each throws the errors of its operation. */
export interface SiteEdits {
  add(fields: JsonObject, options: RunnerOption): Promise<OperationResult>;
  change(uid: string, edit: JsonObject, options: RunnerOption & TagOption): Promise<OperationResult>;
  remove(uid: string, options: TagOption): Promise<OperationResult>;
  settings(edit: JsonObject): Promise<OperationResult>;
  /** The definition in force. */
  inForce(uid: string): Promise<CronFields | undefined>;
}

interface RunnerOption {
  /** Accepts a runner that the target does not have while the cron is switched off. */
  readonly anyRunnerWhileOff: boolean;
}

interface TagOption {
  /** The tag of the only version that may be replaced. */
  readonly expected: readonly [string];
}

export function editsByPorts(ports: AddPorts, site: string): SiteEdits {
  return {
    add: (fields, options) => addCron(ports, site, fields, { ...options, newSite: true }),
    change: (uid, edit, options) => editCron(ports, site, uid, edit, options),
    remove: (uid, options) => removeCron(ports, site, uid, options),
    settings: (edit) => editSettings(ports, site, edit),
    inForce: async (uid) => (await ports.store.read(site, uid)).cron?.value,
  };
}

export function editsByCalls(call: Call, site: string): SiteEdits {
  return {
    add: (fields, options) => call('addCron', { site, newSite: true, ...options }, fields),
    change: (uid, edit, options) => call('editCron', { site, uid, ...options }, edit),
    remove: (uid, options) => call('removeCron', { site, uid, ...options }),
    settings: (edit) => call('editSite', { site }, edit),
    inForce: async (uid) => (await call('readCron', { site, uid })).definition,
  };
}
