/** Parses the values of options that are whole numbers. */
import { InvalidError } from '../../core/domain/errors.ts';
import { formatValue } from '../../core/domain/problem.ts';

export interface NumberRange {
  /** The option, for messages. */
  readonly option: string;
  readonly least: number;
  readonly most: number;
  /** The fix for any other value. */
  readonly fix: string;
}

/** Throws InvalidError when the text is not a whole number in the range. */
export function wholeNumber(text: string, { option, least, most, fix }: NumberRange): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  const wanted = `a whole number from ${least} to ${most}`;
  throw new InvalidError([{ where: option, got: formatValue(text), wanted, fix }]);
}

/** The value of `--port`. Throws InvalidError. */
export function portOf(text: string): number {
  return wholeNumber(text, {
    option: '--port',
    least: 0,
    most: 65_535,
    fix: 'Choose one; 0 is any free one.',
  });
}
