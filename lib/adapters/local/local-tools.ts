/** The services that runners use on this computer, in the process of the scheduler and in the worker of a run. */
import type { Clock } from '../../core/ports/clock.ts';
import type { RunnerLimits, TargetLimits } from '../../runners/limits.ts';
import type { RunnerTools } from '../../runners/runner.ts';
import { childPrograms } from '../child-programs.ts';
import { systemResolver } from '../system-resolver.ts';
import { LocalIdentity } from './local-identity.ts';
import { ModuleFunctions } from './module-functions.ts';

/** What the tools depend on besides the clock. */
export interface ToolSettings {
  /** The folder of the functions that `lambda:<name>` invokes. */
  readonly functions: string;
  readonly limits: TargetLimits;
}

/** The same for the run of one site. It can be sent to a worker. */
export interface SiteToolSettings extends Omit<ToolSettings, 'limits'> {
  readonly limits: RunnerLimits;
}

/** `functions`: the folder of the functions. */
export function localTools(functions: string, clock: Clock): Omit<RunnerTools, 'limits'> {
  return {
    clock,
    fetch: globalThis.fetch,
    resolve: systemResolver,
    functions: new ModuleFunctions(functions),
    identity: new LocalIdentity(),
    programs: childPrograms,
  };
}
