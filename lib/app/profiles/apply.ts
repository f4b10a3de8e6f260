/**
 * Doing what a plan says, through the operations. A plan with problems, or one that the crontab's lock forbids, changes
 * nothing at all. One that stops half way is gone on with by planning and applying the file again: what was done is
 * then as the file wants it.
 */
import pMap from 'p-map';
import { Cron } from '../../core/domain/cron.ts';
import { pickFields } from '../../core/domain/cron-fields.ts';
import { ConflictError, InvalidError, NotFoundError, ReadOnlyError } from '../../core/domain/errors.ts';
import { type AddPorts, addCron } from '../operations/add-cron.ts';
import { editCron } from '../operations/edit-cron.ts';
import { editSettings } from '../operations/edit-settings.ts';
import { removeCron } from '../operations/remove-cron.ts';
import type { ProfilePlan, Step } from './plan.ts';

/** What the operations that a plan takes need. */
export type ApplyPorts = AddPorts;

export interface Applied {
  /** How many settings were changed together (0 or 1), and how many crons were added, changed and removed. */
  readonly written: number;
  /** How many steps were taken, which may have had nothing to write. */
  readonly done: number;
  /** How many steps there are; more than were taken when it was stopped. */
  readonly of: number;
}

/** Told after each step; `done` counts up to `of`. */
export interface Progress {
  readonly done: number;
  readonly of: number;
  /** What was done, such as `added nightly`. */
  readonly text: string;
}

/** Parameter Store writes a few parameters a second, however many ask. */
const AT_ONCE = 4;

const DONE = { add: 'added', change: 'changed', remove: 'removed' } as const;

/**
 * Applies the plan and says how much was written. Once `stop` is aborted no other step is begun; those that are under way
 * end. Throws InvalidError with the plan's problems, ReadOnlyError, and what
 * the operations throw: a ConflictError when somebody else was faster, whose change is kept.
 */
export async function applyPlan(
  ports: ApplyPorts,
  plan: ProfilePlan,
  tell: (progress: Progress) => void = () => undefined,
  stop?: AbortSignal,
): Promise<Applied> {
  if (plan.problems.length > 0) throw new InvalidError(plan.problems);
  if (plan.locked) throw new ReadOnlyError(plan.site);
  const { site, steps, settings, settingsAfter } = plan;
  const of = steps.length + (settings.length > 0 ? 1 : 0);
  let [done, written] = [0, 0];
  const told = (text: string, changed: boolean) => {
    if (changed) written++;
    tell({ done: ++done, of, text });
  };
  const saveSettings = async () => {
    if (settings.length === 0 || stop?.aborted) return;
    const fields = settings.map(({ field }) => field);
    const edit = pickFields({ ...settingsAfter }, fields);
    const { changed } = await editSettings(ports, site, edit);
    told('changed the settings', changed);
  };
  const take = (step: Step) => async () => {
    if (!stop?.aborted) told(`${DONE[step.kind]} ${step.uid}`, await isWritten(ports, site, step));
  };
  const work = steps.map(take);
  // The first cron makes a site that is not there yet; its settings have to stand before the others come.
  if (isNew(plan)) await work.shift()?.();
  const locks = settings.some(({ field, after }) => field === 'readOnly' && after === true);
  if (!locks) await saveSettings();
  await pMap(work, (step) => step(), { concurrency: AT_ONCE });
  if (locks) await saveSettings();
  return { written, done, of };
}

function isNew({ steps, unchanged, others }: ProfilePlan): boolean {
  return unchanged.length + others.length === 0 && steps.every(({ kind }) => kind === 'add');
}

/** Whether something was written. What is so already, because the table was behind when it was planned, is not. */
async function isWritten(ports: ApplyPorts, site: string, step: Step): Promise<boolean> {
  try {
    const { changed } = await carryOut(ports, site, step);
    return changed;
  } catch (error) {
    if (step.kind === 'remove' && error instanceof NotFoundError) return false;
    if (step.kind === 'add' && error instanceof ConflictError && (await isSo(ports, site, step)))
      return false;
    throw error;
  }
}

function carryOut(ports: ApplyPorts, site: string, step: Step) {
  switch (step.kind) {
    case 'add':
      return addCron(ports, site, step.fields);
    case 'change':
      return editCron(ports, site, step.uid, step.edit, { expected: [step.tag] });
    case 'remove':
      return removeCron(ports, site, step.uid, { expected: [step.tag] });
  }
}

async function isSo(
  { store }: ApplyPorts,
  site: string,
  { uid, cron }: { uid: string; cron: Cron },
): Promise<boolean> {
  const { cron: known } = await store.read(site, uid);
  return known?.value !== undefined && cron.similar(new Cron(known.value));
}
