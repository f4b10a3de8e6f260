/** Suggests which of some names was meant by one that does not exist. */

const MAX_LISTED = 10;

/**
 * The name with the fewest typing errors, if they are at most a third of the word (always one, and two from five letters
 * on). Upper and lower case are equal.
 */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  let least = 1 + (word.length < 5 ? 1 : Math.max(2, Math.floor(word.length / 3)));
  let best: string | undefined;
  for (const name of names) {
    // Every surplus letter is an error: this keeps long words cheap.
    if (Math.abs(word.length - name.length) >= least) continue;
    const errors = distance(word.toLowerCase(), name.toLowerCase());
    if (errors >= least) continue;
    least = errors;
    best = name;
  }
  return best;
}

/** `Did you mean "http"?`, or `otherwise` if no name is near: by default, a list of the names. */
export function didYouMean(word: string, names: readonly string[], otherwise = listed(names)): string {
  const name = nearest(word, names);
  return name === undefined ? otherwise : `Did you mean "${name}"?`;
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'It has none.';
  const more = names.length > MAX_LISTED ? `, and ${names.length - MAX_LISTED} more` : '';
  return `It has: ${names.slice(0, MAX_LISTED).join(', ')}${more}.`;
}

/**
 * The optimal string alignment distance: how many letters are wrong, missing or surplus, or swapped with their neighbour.
 * A cell of the matrix is the distance between the first `i` letters of one word and the first `j` letters of the other.
 */
function distance(a: string, b: string): number {
  const rows: number[][] = [];
  const cell = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 0; i <= a.length; i++) {
    const row: number[] = [];
    rows.push(row);
    for (let j = 0; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? cell(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      const replaced = cell(i - 1, j - 1) + (isSame ? 0 : 1);
      row.push(i + j === 0 ? 0 : Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, replaced, swapped));
    }
  }
  return cell(a.length, b.length);
}
