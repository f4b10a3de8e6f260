import type { Cost } from './scenarios.ts';

export function isWithin({ price, budget = Number.POSITIVE_INFINITY }: Cost): boolean {
  return price <= budget;
}

/** A table in Markdown. */
export function costTable(costs: readonly Cost[]): string {
  const rows = costs.map(({ what, price, budget }) => {
    return `| ${what} | $${price.toFixed(2)} | ${budget === undefined ? '' : `$${budget.toFixed(2)}`} |`;
  });
  return ['| what | price | at most |', '|---|---|---|', ...rows].join('\n');
}
