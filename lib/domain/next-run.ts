import type { Expression } from './expression.ts';

export function nextRun(_expression: Expression, _timezone: string, _after: number): number | undefined {
  throw new Error('being written');
}
