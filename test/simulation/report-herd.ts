/** Simulates a herd under each set of quotas and prints the results. */
import { simulateHerd } from './herd.ts';
import { QUOTAS } from './quotas.ts';
import { system } from './system.ts';

/** Returns whether none was lost and each started in time. */
export async function reportHerd(crons: number, sites: number): Promise<boolean> {
  let isGood = true;
  for (const [name, quotas] of Object.entries(QUOTAS)) {
    const { counts, ...result } = await simulateHerd({ system, crons, sites, quotas });
    const { lost, doubled, withoutTimer, withoutRecord, lastStart, allowed } = result;
    isGood &&= lost + doubled + withoutTimer + withoutRecord === 0 && lastStart <= allowed;
    console.log(`${crons} crons on ${sites} sites in ${name}, ${JSON.stringify(quotas)}:`);
    for (const [field, value] of Object.entries(result)) console.log(`  ${field}: ${value}`);
    for (const [what, count] of [...counts].sort()) console.log(`  ${what}: ${count} times`);
  }
  return isGood;
}
