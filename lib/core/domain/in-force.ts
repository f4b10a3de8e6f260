/** What a rejected edit leaves in force, in the words that every surface uses. */

/** `hasValid`: whether a version has been valid before. The end of a sentence, without a full stop. */
export function inForceText(hasValid: boolean): string {
  return hasValid ? 'the last valid version stays in force' : 'no version has been valid, so nothing runs';
}
