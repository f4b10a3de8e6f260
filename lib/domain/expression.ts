/** The text of a periodicity, parsed: which minutes, hours, days, months and weekdays it names. */
export interface Expression {
  readonly text: string;
}

export function parseExpression(_text: string, _seed: string): Expression {
  throw new Error('being written');
}
