/** Text that fits a number of bytes in UTF-8, cut between two characters. */

const encoder = new TextEncoder();

/** The text, or its beginning and `…`, and its length in bytes. Empty if not even `…` fits. */
export function truncateBytes(
  text: string,
  maxBytes: number,
): { readonly text: string; readonly bytes: number } {
  // A character has at most three bytes for each of its UTF-16 units: most texts are short enough at a glance.
  if (text.length * 3 <= maxBytes) return { text, bytes: byteLength(text) };
  const bytes = byteLength(text);
  if (bytes <= maxBytes) return { text, bytes };
  const roomForText = maxBytes - byteLength('…');
  if (roomForText < 0) return { text: '', bytes: 0 };
  const { read } = encoder.encodeInto(text, new Uint8Array(roomForText));
  const kept = `${text.slice(0, read)}…`;
  return { text: kept, bytes: byteLength(kept) };
}

/** The length of the text in UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}
