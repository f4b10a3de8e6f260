/**
 * The simulation as a suite that kills mutants: a seed kills a mutant when only the mutated system violates an
 * invariant.
 */
import type { Suite } from '../mutants/suite.ts';
import { DAY } from './durations.ts';
import { simulate } from './simulation.ts';
import { type System, system } from './system.ts';

const MAX_SEEDS = 300;
const DAYS = 4;
const CRONS = 6;

export const simulationSuite: Suite = {
  findKill: async (root) => {
    const mutated = (await import(new URL('test/simulation/system.ts', root).href)) as { system: System };
    for (let seed = 1; seed <= MAX_SEEDS; seed++) {
      const options = { seed, days: DAYS, crons: CRONS };
      const { violation, start } = await simulate({ ...options, system: mutated.system });
      if (!violation) continue;
      // A violation of the original system too says nothing about the mutant.
      if ((await simulate({ ...options, system })).violation) continue;
      return {
        run: `seed ${seed}`,
        progress: `${((violation.time - start) / DAY).toFixed(1)} days`,
        violatedInvariant: violation.invariant,
      };
    }
    return undefined;
  },
};
