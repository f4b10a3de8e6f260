/** Parses the words that collective.cron accepts for true and false. Undefined for any other text. */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (['true', 'on', 'yes', '1', 't', 'y'].includes(word)) return true;
  if (['false', 'off', 'no', '0', 'f', 'n'].includes(word)) return false;
  return undefined;
}
