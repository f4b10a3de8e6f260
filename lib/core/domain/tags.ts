/** Tags: words by which users find crons that belong together. */

/** Words of lower-case letters and digits, joined by dashes. */
export const TAG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const MAX_TAG = 32;
export const MAX_TAGS = 10;
export const TAG_RULE = `lower-case letters, digits and single dashes between them, at most ${MAX_TAG}`;

/** The tags of a text that separates them by spaces or commas. */
export function tagsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((tag) => tag !== '');
}
