/** Checks changes of crons before any is made: does each as its operation does, except that nothing is written. */
import type { JsonObject } from '../../core/domain/cron.ts';
import { once } from '../../core/domain/once.ts';
import type { Registry } from '../../core/ports/registry.ts';
import { type AddPorts, addCron } from './add-cron.ts';
import { each } from './each.ts';
import { editCron } from './edit-cron.ts';
import type { BulkResult } from './operation-result.ts';
import { removeCron } from './remove-cron.ts';

export interface CheckedStep {
  readonly uid: string;
  readonly kind: 'add' | 'change' | 'remove';
  /** The fields of a new cron, or the edit. */
  readonly fields?: Record<string, unknown> | undefined;
  /** The tag of the only version that may be replaced. Absent: any. */
  readonly tag?: string | undefined;
  readonly anyRunnerWhileOff?: boolean | undefined;
}

/** Ends a change that would be made now. */
class Writes extends Error {}

export interface CheckRequest {
  /** A uid has one step. */
  readonly steps: readonly CheckedStep[];
  /** Whether the crontab, if it is read-only, is unlocked before the steps. */
  readonly unlocks?: boolean | undefined;
}

/** The uids whose steps can be made, and the refusals of the others. */
export function checkSteps(
  ports: AddPorts,
  site: string,
  { steps, unlocks = false }: CheckRequest,
): Promise<BulkResult> {
  const byUid = new Map(steps.map((step) => [step.uid, step]));
  const dry = { ...ports, registry: dryRegistry(ports.registry, site, unlocks) };
  return each([...byUid.keys()], { clock: ports.clock, verb: 'Checked' }, async (uid) => {
    try {
      await take(dry, site, byUid.get(uid) as CheckedStep);
    } catch (error) {
      if (!(error instanceof Writes)) throw error;
    }
    return { message: '', changed: true };
  });
}

async function take(ports: AddPorts, site: string, step: CheckedStep): Promise<void> {
  const { uid, kind, tag, anyRunnerWhileOff = false } = step;
  // It is JSON, and each operation validates it.
  const fields = (step.fields ?? {}) as JsonObject;
  const options = { anyRunnerWhileOff, ...(tag !== undefined && { expected: [tag] }) };
  if (kind === 'add') await addCron(ports, site, { ...fields, uid }, { ...options, newSite: true });
  else if (kind === 'change') await editCron(ports, site, uid, fields, options);
  else await removeCron(ports, site, uid, options);
}

/** Reads the settings once, and writes nothing. */
function dryRegistry(registry: Registry, site: string, unlocks: boolean): Registry {
  const settings = once(async () => (unlocks ? undefined : registry.read({ site })));
  const refuse = async (): Promise<never> => {
    throw new Writes();
  };
  // A change reads no list, and labels are of the projection that follows it.
  const used: Pick<Registry, 'read' | 'history' | 'write' | 'remove'> = {
    read: (key) => (key.uid === undefined ? settings() : registry.read(key)),
    history: (key) => registry.history(key),
    write: refuse,
    remove: refuse,
  };
  return used as Registry;
}
