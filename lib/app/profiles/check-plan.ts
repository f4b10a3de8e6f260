/** Has the target check all steps of a plan before the first one is done. */
import { ConflictError } from '../../core/domain/errors.ts';
import type { Call } from '../door/call.ts';
import type { CheckedStep } from '../operations/check-steps.ts';
import { pluralize } from '../operations/messages.ts';
import type { ProfilePlan, Step } from './plan.ts';

/** So many steps are one call, which takes a second or two. */
const AT_ONCE = 100;

/** Refusals that `applyPlan` accepts, if the site is as the step wants it. */
const FINE: Readonly<Record<Step['kind'], string | undefined>> = {
  add: 'already-exists',
  change: undefined,
  remove: 'not-found',
};

/** Throws ConflictError with all refusals. `report` is called with the number of steps that were checked. */
export async function checkPlan(
  call: Call,
  { site, steps, settings, withoutRunner }: ProfilePlan,
  report: (checked: number) => void = () => undefined,
): Promise<void> {
  const unlocks = settings.some(({ field, after }) => field === 'readOnly' && after === false);
  const off = new Set(withoutRunner.map(({ uid }) => uid));
  const kinds = new Map(steps.map(({ uid, kind }) => [uid, kind]));
  const refusals: string[] = [];
  for (let left = steps.map((step) => checked(step, off)); left.length > 0; ) {
    const part = left.slice(0, AT_ONCE);
    const answer = await call('checkSteps', { site }, { steps: part, unlocks });
    for (const { uid, reason, code } of answer.refused) {
      if (FINE[kinds.get(uid) ?? 'change'] !== code) refusals.push(reason);
    }
    const notReached = new Set(answer.left);
    left = [...part.filter(({ uid }) => notReached.has(uid)), ...left.slice(AT_ONCE)];
    report(steps.length - left.length);
  }
  if (refusals.length === 0) return;
  throw new ConflictError(
    `Nothing was changed, because ${pluralize(refusals.length, 'change')} would be refused: ${refusals.join(' ')}`,
  );
}

function checked(step: Step, off: ReadonlySet<string>): CheckedStep {
  const { uid, kind } = step;
  const anyRunnerWhileOff = off.has(uid);
  switch (step.kind) {
    case 'add':
      return { uid, kind, fields: { ...step.fields }, anyRunnerWhileOff };
    case 'change':
      return { uid, kind, fields: { ...step.edit }, tag: step.tag, anyRunnerWhileOff };
    case 'remove':
      return { uid, kind, tag: step.tag };
  }
}
