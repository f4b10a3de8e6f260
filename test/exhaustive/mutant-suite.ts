/** The exploration as a suite that kills mutants: a world kills a mutant when one of its schedules violates an invariant. */
import type { Suite } from '../mutants/suite.ts';
import type { WorldDefinition } from './world-definition.ts';

export const explorationSuite: Suite = {
  findKill: async (root, likely) => {
    const { explore } = (await load('explorer.ts', root)) as typeof import('./explorer.ts');
    const { WORLDS } = (await load('worlds/worlds.ts', root)) as typeof import('./worlds/worlds.ts');
    const likeliest = WORLDS.filter(({ name }) => name === likely);
    for (const world of [...likeliest, ...smallest(WORLDS)]) {
      const { violation, schedules } = await explore(world);
      if (!violation) continue;
      const [violatedInvariant = ''] = violation.problems;
      return { run: `world ${world.name}`, progress: `${schedules} schedules`, violatedInvariant };
    }
    return undefined;
  },
};

function load(file: string, root: string): Promise<unknown> {
  return import(new URL(`test/exhaustive/${file}`, root).href);
}

/** The worlds of two processes at most, which take seconds; those of one first. */
function smallest(worlds: readonly WorldDefinition[]): WorldDefinition[] {
  const small = worlds.filter(({ processes }) => processes.length <= 2);
  return small.sort((a, b) => a.processes.length - b.processes.length);
}
