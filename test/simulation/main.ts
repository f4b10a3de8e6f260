import { Story } from './story.ts';
import { system } from './system.ts';
import { simulate } from './world.ts';

const [seed = 1, seeds = 1, days = 4, crons = 6] = process.argv.slice(2).map(Number);
const began = performance.now();
const sum = new Map<string, number>();
let bad = 0;
for (let n = seed; n < seed + seeds; n++) {
  const outcome = await simulate({ seed: n, days, crons, system });
  for (const [k, v] of [...outcome.counts, ...outcome.faults]) sum.set(k, (sum.get(k) ?? 0) + v);
  sum.set('moments', (sum.get('moments') ?? 0) + outcome.moments);
  if (outcome.violation) {
    bad++;
    console.log(
      n,
      outcome.violation.invariant,
      outcome.violation.key,
      outcome.violation.message.slice(0, 300),
    );
    if (seeds === 1) {
      const story = new Story();
      const again = await simulate({ seed: n, days, crons, system, story });
      console.log(story.about(again.violation?.key ?? {}, 1500).join('\n'));
    }
  }
}
console.log(sum, bad, (performance.now() - began) / 1000);
