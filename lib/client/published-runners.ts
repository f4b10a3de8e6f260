/** The runners of a target by the catalogue that it published. */
import { CloudtabError } from '../core/domain/errors.ts';
import type { Catalogue } from '../core/domain/runner-description.ts';
import type { RunnerLimits } from '../runners/limits.ts';
import { describedRunners, PublishedRunners } from '../runners/published-runners.ts';
import { RunnerTable } from '../runners/table.ts';

const NO_LIMITS: RunnerLimits = { allowedHosts: [], allowedFunctions: [], allowedUsers: [] };

/** A catalogue that cannot be read stops nothing: then every name is accepted, with a note. */
export async function publishedRunners(read: () => Promise<Catalogue>): Promise<PublishedRunners> {
  try {
    const catalogue = await read();
    // The target published limits of this form.
    const limits = { ...NO_LIMITS, ...catalogue.limits } as unknown as RunnerLimits;
    return new PublishedRunners(new RunnerTable({}, limits), describedRunners(catalogue));
  } catch (error) {
    if (!(error instanceof CloudtabError)) throw error;
    const acceptUnknown = `Its runner was not checked: ${error.message}`;
    return new PublishedRunners(new RunnerTable({}, NO_LIMITS), [], { acceptUnknown });
  }
}
