/** `cloudtab apply FILE`: applies a profile to a crontab. */
import { pluralize } from '../../app/operations/messages.ts';
import { type Applied, applyPlan, type Progress } from '../../app/profiles/apply.ts';
import { checkPlan } from '../../app/profiles/check-plan.ts';
import { hasChanges, type ProfilePlan } from '../../app/profiles/plan.ts';
import { editsByCalls } from '../../app/profiles/site-edits.ts';
import type { Client } from '../../client/client.ts';
import { CloudtabError, ConfigurationError } from '../../core/domain/errors.ts';
import { confirm } from './confirm.ts';
import { jsonText, type Printed } from './output.ts';
import { makePlan, type PlanFileOptions } from './plan.ts';
import { planJson, planText } from './plan-text.ts';
import { terminalWidth, unguarded, visible } from './terminal.ts';

export interface ApplyFileOptions extends PlanFileOptions {
  readonly yes?: true;
}

/** Exit code after Ctrl-C, by the convention of shells. */
const STOPPED = 130;

/**
 * Prints the plan, asks before it removes crons, and applies it. Exit code 1: nothing was changed because the file has
 * problems; 130: Ctrl-C stopped it. Throws the errors of planning and applying.
 */
export async function applyFile(client: Client, file: string, options: ApplyFileOptions): Promise<Printed> {
  const plan = await makePlan(client, file, options);
  if ('text' in plan) return plan;
  const { json } = options;
  if (plan.problems.length > 0 || !hasChanges(plan)) {
    const text = json ? jsonOf(plan, 0) : planText(plan, file, client.now());
    return { text, code: plan.problems.length > 0 ? 1 : 0 };
  }
  if (!json) process.stdout.write(`${planText(plan, file, client.now())}\n`);
  if (!plan.locked && !options.yes) await confirmRemovals(plan);
  const { written, done, of } = await applyUntilInterrupted(client, plan);
  const isStopped = done < of;
  if (json) return { text: jsonOf(plan, written, isStopped), code: isStopped ? STOPPED : 0 };
  return isStopped
    ? { text: `Stopped: ${halfWay(done, of)}`, code: STOPPED }
    : { text: `Applied: ${pluralize(written, 'parameter')} written.`, code: 0 };
}

function jsonOf(plan: ProfilePlan, written: number, stopped = false): string {
  return jsonText({ ...planJson(plan), written, ...(stopped && { stopped }) });
}

function halfWay(done: number, of: number): string {
  return `${done} of ${of} changes were applied. Apply the file again to continue.`;
}

/** Throws ConfigurationError unless the user confirms the removals, or there are none. */
async function confirmRemovals({ steps }: ProfilePlan): Promise<void> {
  const removed = steps.filter(({ kind }) => kind === 'remove').map(({ uid }) => uid);
  if (removed.length === 0) return;
  const crons = `${pluralize(removed.length, 'cron')}: ${removed.join(', ')}`;
  if (!process.stdin.isTTY) throw new ConfigurationError(`This would remove ${crons}. Confirm with --yes.`);
  await confirm(`Remove ${crons}?`);
}

/** Applies the plan. The first Ctrl-C lets writes in progress finish; the second one ends the process. */
async function applyUntilInterrupted({ call }: Client, plan: ProfilePlan): Promise<Applied> {
  let last: Progress = { done: 0, of: 0, text: '' };
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  try {
    const of = plan.steps.length;
    if (!plan.locked) await checkPlan(call, plan, (done) => printProgress({ done, of, text: 'checked' }));
    return await applyPlan(
      editsByCalls(call, plan.site),
      plan,
      (progress) => {
        last = progress;
        printProgress(progress);
      },
      stop.signal,
    );
  } catch (error) {
    if (!(error instanceof CloudtabError) || last.done === 0) throw error;
    throw new CloudtabError(`${error.message} ${halfWay(last.done, last.of)}`, { cause: error });
  } finally {
    process.off('SIGINT', interrupt);
  }
}

/** Overwrites one line of the terminal. */
function printProgress({ done, of, text }: Progress): void {
  if (!process.stderr.isTTY) return;
  // Some terminals do not say how wide they are.
  const width = terminalWidth(process.stderr) ?? 80;
  const line = visible(`${done}/${of} ${text}`).slice(0, width - 1);
  unguarded(process.stderr).write(`\r\u001b[K${done < of ? line : ''}`);
}
