/**
 * Carries out the user's actions: each changes the registry, informs the oracle, and makes the cloud publish the
 * change.
 */
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import { recordId } from '../../lib/core/domain/run-record.ts';
import type { Cloud } from './cloud.ts';
import type { EventLoop } from './event-loop.ts';
import type { MemoryRegistry } from './memory-registry.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Oracle } from './oracle.ts';
import { EVEN_OFF_PREFIX } from './simulated-run.ts';
import { USER_PREFIX } from './trace.ts';
import type { UserActions } from './user.ts';

interface UserActionsParts {
  readonly loop: EventLoop;
  readonly registry: MemoryRegistry;
  readonly store: MemoryStore;
  readonly oracle: Oracle;
  readonly cloud: Cloud;
  readonly trace: (text: string, key: Partial<ParameterKey>) => void;
}

export function createUserActions({
  loop,
  registry,
  store,
  oracle,
  cloud,
  trace,
}: UserActionsParts): UserActions {
  let forcedRuns = 0;
  let stops = 0;
  const write = (key: ParameterKey, text: string) => {
    oracle.count('edits');
    trace(`${USER_PREFIX} writes ${text}`, key);
    return registry.write(key, text);
  };
  return {
    writeCron: (key, text, intent) => {
      oracle.cronEdited(key, write(key, text), intent);
      cloud.parameterChanged(key);
    },
    writeCrontab: (site, text, intent) => {
      oracle.crontabEdited(site, write({ site }, text), intent);
      cloud.parameterChanged({ site });
    },
    remove: ({ site, uid }) => {
      oracle.count('edits');
      const key = uid === undefined ? { site } : { site, uid };
      trace(`${USER_PREFIX} removes the parameter`, key);
      registry.remove(key);
      if (uid === undefined) oracle.crontabEdited(site, undefined, undefined);
      else oracle.cronEdited({ site, uid }, undefined, undefined);
      cloud.parameterChanged(key);
    },
    force: ({ site, uid }) => {
      const evenOff = ++forcedRuns % 3 === 0;
      const forced = `${evenOff ? EVEN_OFF_PREFIX : 'forced-'}${forcedRuns}`;
      trace(`${USER_PREFIX} forces the run ${forced}`, { site, uid });
      const plannedAt = Math.floor(loop.now() / 1000) * 1000;
      cloud.deliver({ site, uid, plannedAt, forced, ...(evenOff && { evenOff }) });
    },
    deleteRecord: ({ site, uid }) => {
      const [newest] = store.records(site, uid, { limit: 1 }).records;
      if (!newest) return;
      trace(`${USER_PREFIX} deletes the run record ${recordId(newest)}`, { site, uid });
      oracle.count('deleted run records', store.deleteRecords(site, uid, [recordId(newest)]));
    },
    stop: (key) => {
      const { job } = store.row(key);
      const lease = job?.leases.at(-1);
      if (!job || !lease || lease.stop !== undefined) return;
      trace(`${USER_PREFIX} stops the run ${lease.runId}`, key);
      const leases = job.leases.map((one) => (one === lease ? { ...one, stop: 'user' } : one));
      oracle.count('stopped runs');
      oracle.runStopped(key, lease.runId);
      store.commit({ ...job, leases, token: `stop-${++stops}` }, job.token, []);
    },
    deploy: () => {
      trace(`${USER_PREFIX} deploys`, {});
      cloud.deploy();
    },
  };
}
