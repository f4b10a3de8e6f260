/**
 * `npm run cost`: prints what a deployment costs, as the table of docs/cost.md. Exit status: 0 when everything is within its
 * budget, otherwise 1.
 */
import { costs } from './scenarios.ts';
import { costTable, isWithin } from './table.ts';

const all = await costs();
console.log(costTable(all));
const beyond = all.filter((cost) => !isWithin(cost));
if (beyond.length > 0) console.log(`\nBeyond the budget: ${beyond.map(({ what }) => what).join('; ')}.`);
process.exitCode = beyond.length === 0 ? 0 : 1;
