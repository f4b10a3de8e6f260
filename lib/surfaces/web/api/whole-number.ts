import * as z from 'zod/mini';

/** A whole number in a query string. */
export function wholeNumber(least: number, most: number) {
  const text = z.string().check(z.regex(/^\d{1,6}$/));
  const whole = z.int().check(z.minimum(least), z.maximum(most));
  return z.pipe(z.pipe(text, z.transform(Number)), whole);
}
