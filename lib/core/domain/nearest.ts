/** Which of some words a person may have meant. */

/** The candidate that is at most two slips away (one, for a short word); capitals do not count. Nothing when none is. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const known = [...candidates];
  for (const slips of word.length < 5 ? [0, 1] : [0, 1, 2]) {
    const meant = known.find((one) => isWithin(word.toLowerCase(), one.toLowerCase(), slips));
    if (meant !== undefined) return meant;
  }
  return undefined;
}

/** A slip is a letter that is wrong, missing or too many, or two neighbours that changed places. */
function isWithin(a: string, b: string, slips: number): boolean {
  if (a === b) return true;
  if (slips === 0) return false;
  const [one, other] = withoutCommonStart(a, b);
  const isSwapped = one.charAt(0) === other.charAt(1) && one.charAt(1) === other.charAt(0);
  return (
    isWithin(one.slice(1), other, slips - 1) ||
    isWithin(one, other.slice(1), slips - 1) ||
    isWithin(one.slice(1), other.slice(1), slips - 1) ||
    (isSwapped && isWithin(one.slice(2), other.slice(2), slips - 1))
  );
}

function withoutCommonStart(a: string, b: string): [string, string] {
  let length = 0;
  while (length < a.length && a.charAt(length) === b.charAt(length)) length++;
  return [a.slice(length), b.slice(length)];
}
