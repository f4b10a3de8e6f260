import * as z from 'zod';

/** A whole number as a query holds it: text. */
export function wholeNumber(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.int().min(least).max(most));
}
