/**
 * Applies a plan through the operations. A plan with problems, or for a read-only crontab, changes nothing. To continue
 * after a failure, plan and apply the file again: completed steps then need no change.
 */
import pMap from 'p-map';
import { Cron } from '../../core/domain/cron.ts';
import { pickFields } from '../../core/domain/cron-fields.ts';
import { ConflictError, InvalidError, NotFoundError, ReadOnlyError } from '../../core/domain/errors.ts';
import type { OperationResult } from '../operations/operation-result.ts';
import type { ProfilePlan, Step } from './plan.ts';
import type { SiteEdits } from './site-edits.ts';

export interface Applied {
  /** The number of crons that were added, changed or removed, plus 1 when the settings were changed. */
  readonly written: number;
  /** The number of completed steps, which include those that had nothing to write. */
  readonly done: number;
  /** The number of steps in the plan. */
  readonly of: number;
}

/** Reported after each step; `done` counts up to `of`. */
export interface Progress {
  readonly done: number;
  readonly of: number;
  /** The completed step, such as `added nightly`. */
  readonly text: string;
}

/** Parameter Store limits writes to a few parameters a second. */
const AT_ONCE = 4;

const DONE = { add: 'added', change: 'changed', remove: 'removed' } as const;

/**
 * Applies the plan and returns counts. After `stop` is aborted, no further step starts; running steps complete. Throws
 * InvalidError with the plan's problems, ReadOnlyError, and the errors of the operations: a ConflictError when another
 * change came first, which is kept.
 */
export async function applyPlan(
  edits: SiteEdits,
  plan: ProfilePlan,
  onProgress: (progress: Progress) => void = () => undefined,
  stop?: AbortSignal,
): Promise<Applied> {
  if (plan.problems.length > 0) throw new InvalidError(plan.problems);
  if (plan.locked) throw new ReadOnlyError(plan.site);
  const { steps, settings, settingsAfter, unchanged, others } = plan;
  const of = steps.length + (settings.length > 0 ? 1 : 0);
  let [done, written] = [0, 0];
  const report = (text: string, changed: boolean) => {
    if (changed) written++;
    onProgress({ done: ++done, of, text });
  };
  const saveSettings = async () => {
    if (settings.length === 0 || stop?.aborted) return;
    const fields = settings.map(({ field }) => field);
    const { changed } = await edits.settings(pickFields({ ...settingsAfter }, fields));
    report('changed the settings', changed);
  };
  const take = (step: Step) => async () => {
    if (!stop?.aborted) report(`${DONE[step.kind]} ${step.uid}`, await isWritten(edits, plan, step));
  };
  const work = steps.map(take);
  // The first cron creates a new site; its settings must exist before the other crons.
  const isNew = unchanged.length + others.length === 0 && steps.every(({ kind }) => kind === 'add');
  if (isNew) await work.shift()?.();
  const locks = settings.some(({ field, after }) => field === 'readOnly' && after === true);
  if (!locks) await saveSettings();
  await untilOneFails(work);
  if (locks) await saveSettings();
  return { written, done, of };
}

/** Does the work several at a time. After a failure nothing begins; it is thrown when what was under way has ended. */
async function untilOneFails(work: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  const attempt = async (step: () => Promise<void>) => {
    if (failures.length > 0) return;
    await step().catch((error: unknown) => failures.push(error));
  };
  await pMap(work, attempt, { concurrency: AT_ONCE });
  if (failures.length > 0) throw failures[0];
}

/** Whether the step wrote. It need not when the table was stale at planning and the site already matches. */
async function isWritten(edits: SiteEdits, plan: ProfilePlan, step: Step): Promise<boolean> {
  try {
    const { changed } = await carryOut(edits, plan, step);
    return changed;
  } catch (error) {
    if (step.kind === 'remove' && error instanceof NotFoundError) return false;
    if (step.kind === 'add' && error instanceof ConflictError && (await isSame(edits, step))) return false;
    throw error;
  }
}

function carryOut(edits: SiteEdits, { withoutRunner }: ProfilePlan, step: Step): Promise<OperationResult> {
  const anyRunnerWhileOff = withoutRunner.some(({ uid }) => uid === step.uid);
  switch (step.kind) {
    case 'add':
      return edits.add(step.fields, { anyRunnerWhileOff });
    case 'change':
      return edits.change(step.uid, step.edit, { expected: [step.tag], anyRunnerWhileOff });
    case 'remove':
      return edits.remove(step.uid, { expected: [step.tag] });
  }
}

async function isSame(edits: SiteEdits, { uid, cron }: { uid: string; cron: Cron }): Promise<boolean> {
  const current = await edits.inForce(uid);
  return current !== undefined && cron.similar(new Cron(current));
}
