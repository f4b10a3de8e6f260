/** The system under test: the real handlers, from this source tree or from a copy with a deliberate mistake. */
import * as syncEvent from '../../lib/aws/sync-event.ts';
import * as errors from '../../lib/domain/errors.ts';
import * as job from '../../lib/domain/job.ts';
import * as project from '../../lib/handlers/project.ts';
import * as run from '../../lib/handlers/run.ts';
import * as store from '../../lib/ports/store.ts';
import * as runner from '../../lib/runners/runner.ts';
import * as table from '../../lib/runners/table.ts';

export interface System {
  readonly run: typeof run.run;
  readonly project: typeof project.project;
  readonly onSyncEvent: typeof syncEvent.onSyncEvent;
  readonly UnavailableError: typeof errors.UnavailableError;
  readonly dueTime: typeof job.dueTime;
  readonly settleGrace: number;
  readonly Runner: typeof runner.Runner;
  readonly RunnerTable: typeof table.RunnerTable;
}

/** The handlers as they are. */
export const system: System = systemOf({
  ...syncEvent,
  ...errors,
  ...job,
  ...project,
  ...run,
  ...store,
  ...runner,
  ...table,
});

type Modules = typeof syncEvent &
  typeof errors &
  typeof job &
  typeof project &
  typeof run &
  typeof store &
  typeof runner &
  typeof table;

function systemOf(modules: Modules): System {
  const { onSyncEvent, UnavailableError, dueTime, Runner, RunnerTable, SETTLE_GRACE } = modules;
  return {
    run: modules.run,
    project: modules.project,
    onSyncEvent,
    UnavailableError,
    dueTime,
    settleGrace: SETTLE_GRACE,
    Runner,
    RunnerTable,
  };
}

/** The handlers of a copy of `lib`, whose folder is given as a file URL that ends with a slash. */
export async function loadSystem(lib: string): Promise<System> {
  const files = ['aws/sync-event', 'domain/errors', 'domain/job', 'handlers/project', 'handlers/run'];
  const all = [...files, 'ports/store', 'runners/runner', 'runners/table'];
  const modules = await Promise.all(all.map((file) => import(new URL(`${file}.ts`, lib).href)));
  return systemOf(Object.assign({}, ...modules) as Modules);
}
