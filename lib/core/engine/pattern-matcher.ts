/**
 * Finds many texts in one pass over another one (Aho–Corasick): in time linear in its length, whatever both contain. Upper
 * and lower case of ASCII letters are equal.
 */

const ASCII = 128;
const ROOT = 0;
/** The nodes that most characters of a text lead to have a table of what follows. */
const TABLE_DEPTH = 2;

/** A trie in typed arrays: each node is an index, and 0 is the root as well as no node. */
export class PatternMatcher {
  readonly #code: Uint16Array;
  readonly #firstChild: Int32Array;
  readonly #sibling: Int32Array;
  /** The node of the longest suffix of a node's text that is a node, too. */
  readonly #suffix: Int32Array;
  readonly #depth: Int32Array;
  /** The length of the longest pattern that ends at a node; 0 if none does. */
  readonly #longest: Int32Array;
  /** Where the table of a node begins; 0 if it has none. */
  readonly #tableAt: Int32Array;
  /** For each of these nodes the next one for each ASCII character. */
  readonly #tables: Int32Array;
  #size = 1;

  /** None of the patterns is empty. */
  constructor(patterns: readonly string[]) {
    const capacity = patterns.reduce((sum, { length }) => sum + length, 1);
    const ofNodes = () => new Int32Array(capacity);
    this.#code = new Uint16Array(capacity);
    this.#firstChild = ofNodes();
    this.#sibling = ofNodes();
    this.#suffix = ofNodes();
    this.#depth = ofNodes();
    this.#longest = ofNodes();
    this.#tableAt = ofNodes();
    for (const pattern of patterns) this.#insert(pattern);
    const tabled = this.#depth.subarray(0, this.#size).filter((depth) => depth <= TABLE_DEPTH).length;
    // The first one is that of no node.
    this.#tables = new Int32Array((tabled + 1) * ASCII);
    this.#link();
  }

  /**
   * Reads the text from that index on, at the node at which the text before it has ended; the first node is 0. Calls back with
   * the length of the longest pattern that ends at an index. Returns the node at the end of the text.
   */
  read(text: string, from: number, node: number, found: (end: number, length: number) => void): number {
    const longest = this.#longest;
    const tableAt = this.#tableAt;
    const tables = this.#tables;
    let current = node;
    for (let index = from; index < text.length; index++) {
      const code = text.charCodeAt(index);
      const table = tableAt[current] as number;
      current =
        table > 0 && code < ASCII ? (tables[table + code] as number) : this.#next(current, fold(code));
      const length = longest[current] as number;
      if (length > 0) found(index + 1, length);
    }
    return current;
  }

  /** How many of the last characters may begin a pattern that ends later. */
  depth(node: number): number {
    return this.#depth[node] as number;
  }

  #next(node: number, code: number): number {
    for (let from = node; ; from = this.#suffix[from] as number) {
      const child = this.#child(from, code);
      if (child !== ROOT || from === ROOT) return child;
    }
  }

  #child(node: number, code: number): number {
    let child = this.#firstChild[node] as number;
    while (child !== ROOT && this.#code[child] !== code) child = this.#sibling[child] as number;
    return child;
  }

  #insert(pattern: string): void {
    let node = ROOT;
    for (let index = 0; index < pattern.length; index++) {
      const code = fold(pattern.charCodeAt(index));
      node = this.#child(node, code) || this.#add(node, code);
    }
    this.#longest[node] = pattern.length;
  }

  #add(parent: number, code: number): number {
    const node = this.#size++;
    this.#code[node] = code;
    this.#depth[node] = this.depth(parent) + 1;
    this.#sibling[node] = this.#firstChild[parent] as number;
    this.#firstChild[parent] = node;
    return node;
  }

  /** Level by level: the suffix of a node is nearer to the root. */
  #link(): void {
    const queue = new Int32Array(this.#size);
    let end = 1;
    let tableEnd = ASCII;
    for (let start = 0; start < end; start++) {
      const parent = queue[start] as number;
      for (
        let node = this.#firstChild[parent] as number;
        node !== ROOT;
        node = this.#sibling[node] as number
      ) {
        const code = this.#code[node] as number;
        if (parent !== ROOT) this.#suffix[node] = this.#next(this.#suffix[parent] as number, code);
        this.#longest[node] ||= this.#longest[this.#suffix[node] as number] as number;
        queue[end++] = node;
      }
      if (this.depth(parent) > TABLE_DEPTH) continue;
      this.#fillTable(parent, tableEnd);
      tableEnd += ASCII;
    }
  }

  /** Where no child follows, the next node is that of the suffix. */
  #fillTable(node: number, at: number): void {
    const suffixAt = this.#tableAt[this.#suffix[node] as number] as number;
    this.#tableAt[node] = at;
    this.#tables.copyWithin(at, suffixAt, suffixAt + ASCII);
    for (
      let child = this.#firstChild[node] as number;
      child !== ROOT;
      child = this.#sibling[child] as number
    ) {
      const code = this.#code[child] as number;
      if (code >= ASCII) continue;
      this.#tables[at + code] = child;
      this.#tables[at + unfold(code)] = child;
    }
  }
}

function fold(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function unfold(code: number): number {
  return code >= 97 && code <= 122 ? code - 32 : code;
}
