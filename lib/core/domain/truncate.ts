/** The text if it has at most `length` characters; otherwise its beginning and `…`, `length` characters together. */
export function truncate(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
