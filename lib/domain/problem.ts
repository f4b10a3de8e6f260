/** One thing that is wrong with what a person wrote, told so that it can be mended without a manual. */
export interface Problem {
  /** Path of the field, such as `environ.url`; `value` when it is about the whole text. */
  readonly where: string;
  /** What was found there, shortened. Never the value of a secret. */
  readonly got: string;
  /** What would have been accepted. */
  readonly wanted: string;
  /** What to do about it, as an instruction. */
  readonly cure: string;
}

/** The problem in one line, for terminals, logs and the table. */
export function problemText({ where, got, wanted, cure }: Problem): string {
  return `${where}: got ${got}, wanted ${wanted}. ${cure}`;
}

/** A value as it may be shown in `got`: JSON, at most 60 characters. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
