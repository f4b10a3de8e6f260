/**
 * What calls read and write. A call that no other process can notice, nor influence, need not be tried in every order: the
 * explorer takes it at once.
 */

/** Parts of a world. Accepted deliveries are no part: nothing reads them before the end. */
export type Part = 'registry' | 'labels' | 'projections' | 'jobs' | 'records' | 'timers';

export interface Footprint {
  readonly reads: readonly Part[];
  readonly writes: readonly Part[];
}

const CALLS: Readonly<Record<string, Footprint>> = {
  'store.read': { reads: ['projections', 'jobs'], writes: [] },
  'store.readJob': { reads: ['jobs'], writes: [] },
  'store.readProjection': { reads: ['projections'], writes: [] },
  'store.readRecord': { reads: ['records'], writes: [] },
  // Every site exists from the beginning.
  'store.sites': { reads: [], writes: [] },
  'store.readSite': { reads: ['projections', 'jobs'], writes: [] },
  'store.records': { reads: ['records'], writes: [] },
  'store.putProjection': { reads: [], writes: ['projections'] },
  'store.commit': { reads: [], writes: ['jobs', 'records'] },
  'store.deleteRecords': { reads: [], writes: ['records'] },
  'registry.read': { reads: ['registry'], writes: [] },
  'registry.list': { reads: ['registry'], writes: [] },
  'registry.history': { reads: ['registry'], writes: [] },
  'registry.labelRejected': { reads: [], writes: ['labels'] },
  'registry.unlabelRejected': { reads: [], writes: ['labels'] },
  'events.publish': { reads: [], writes: [] },
  'queue.arm': { reads: [], writes: ['timers'] },
  'queue.disarm': { reads: [], writes: ['timers'] },
  'queue.timers': { reads: ['timers'], writes: [] },
  'queue.deliver': { reads: [], writes: [] },
};

/** Whether the call commutes with everything that processes of these footprints may still do. */
export function isPrivate(call: string, others: readonly Footprint[]): boolean {
  const own = CALLS[call];
  if (!own) return false;
  return others.every(
    ({ reads, writes }) =>
      !own.reads.some((part) => writes.includes(part)) &&
      !own.writes.some((part) => reads.includes(part) || writes.includes(part)),
  );
}
