/** `cloudtab apply FILE`: makes a crontab as a profile wants it. */
import { createInterface } from 'node:readline/promises';
import { pluralize } from '../../app/operations/messages.ts';
import { type Applied, applyPlan, type Progress } from '../../app/profiles/apply.ts';
import { hasChanges, type ProfilePlan } from '../../app/profiles/plan.ts';
import { CloudtabError, ConfigurationError } from '../../core/domain/errors.ts';
import { makePlan, type PlanFileOptions, type PlanTarget, type Printed } from './plan.ts';
import { planJson, planText } from './plan-text.ts';

export interface ApplyFileOptions extends PlanFileOptions {
  readonly yes?: true;
}

/** Exit code: stopped by Ctrl-C, as shells have it. */
const STOPPED = 130;

/**
 * Shows the plan, asks before anything is removed, and carries it out. Exit code 0 when the crontab is as the file
 * wants it, 1 when nothing was changed because the file has problems, 130 when Ctrl-C stopped it. Throws what planning and applying throw.
 */
export async function applyFile(
  target: PlanTarget,
  file: string,
  options: ApplyFileOptions,
): Promise<Printed> {
  const plan = await makePlan(target, file, options);
  if ('text' in plan) return plan;
  const { json } = options;
  if (plan.problems.length > 0 || !hasChanges(plan)) {
    const text = json ? jsonOf(plan, 0) : planText(plan, file, target.ports.clock.now());
    return { text, code: plan.problems.length > 0 ? 1 : 0 };
  }
  if (!json) process.stdout.write(`${planText(plan, file, target.ports.clock.now())}\n`);
  if (!plan.locked && !options.yes) await agree(plan);
  const { written, done, of } = await carryOut(target, plan);
  const isStopped = done < of;
  if (json) return { text: jsonOf(plan, written, isStopped), code: isStopped ? STOPPED : 0 };
  return isStopped
    ? { text: `Stopped: ${halfWay(done, of)}`, code: STOPPED }
    : { text: `Applied: ${pluralize(written, 'parameter')} written.`, code: 0 };
}

function jsonOf(plan: ProfilePlan, written: number, stopped = false): string {
  return JSON.stringify({ ...planJson(plan), written, ...(stopped && { stopped }) }, null, 2);
}

function halfWay(done: number, of: number): string {
  return `${done} of ${of} were applied. Apply the file again to go on.`;
}

/** Throws ConfigurationError unless the person agrees to what is removed. */
async function agree({ steps }: ProfilePlan): Promise<void> {
  const removed = steps.filter(({ kind }) => kind === 'remove').map(({ uid }) => uid);
  if (removed.length === 0) return;
  const what = `${pluralize(removed.length, 'cron')} with their logs: ${removed.join(', ')}`;
  if (!process.stdin.isTTY)
    throw new ConfigurationError(`It would remove ${what}. Say that you want it with --yes.`);
  const answer = await answerTo(`Remove ${what}? [y/N] `);
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new ConfigurationError('Nothing was changed.');
}

/** What a person types; nothing when the question is left with Ctrl-C or Ctrl-D. */
async function answerTo(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // The end of the input rejects the question in newer versions of Node, and leaves it open for ever in older ones.
  const left = new Promise<undefined>((done) => terminal.once('close', () => done(undefined)));
  const answer = await Promise.race([left, terminal.question(question)]);
  terminal.close();
  if (answer === undefined) process.stderr.write('\n');
  return answer ?? '';
}

/** The first Ctrl-C stops it behind the writes that are under way; the second one does what it always does. */
async function carryOut({ ports }: PlanTarget, plan: ProfilePlan): Promise<Applied> {
  let last: Progress = { done: 0, of: 0, text: '' };
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  try {
    return await applyPlan(
      ports,
      plan,
      (progress) => {
        last = progress;
        show(progress);
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

/** One line that is written over and over. */
function show({ done, of, text }: Progress): void {
  if (!process.stderr.isTTY) return;
  const line = `${done}/${of} ${text}`.slice(0, (process.stderr.columns ?? 80) - 1);
  process.stderr.write(`\r\u001b[K${done < of ? line : ''}`);
}
