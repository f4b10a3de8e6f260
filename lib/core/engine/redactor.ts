/** Takes secrets out of texts, in one pass and without a regular expression. secret-forms.ts lists what is looked for. */
import type { RedactedStream } from '../ports/runners.ts';
import { PatternMatcher } from './pattern-matcher.ts';
import { secretForms } from './secret-forms.ts';

const MARK = '[secret]';

export class Redactor {
  readonly #matcher: PatternMatcher | undefined;

  /** Replaces each of the values in each of its forms. */
  constructor(values: readonly string[]) {
    const forms = secretForms(values);
    this.#matcher = forms.length === 0 ? undefined : new PatternMatcher(forms);
  }

  /** The text with a mark in place of every character that belongs to a secret. */
  redact(text: string): string {
    const stream = this.stream();
    return stream.write(text) + stream.end();
  }

  stream(): RedactedStream {
    return this.#matcher ? new MatchedStream(this.#matcher) : PLAIN;
  }
}

const PLAIN: RedactedStream = { write: (text) => text, end: () => '' };

/** A stretch of characters that is replaced. Those of a stream follow each other, and none touches another. */
interface Stretch {
  start: number;
  end: number;
}

class MatchedStream implements RedactedStream {
  readonly #matcher: PatternMatcher;
  #node = 0;
  /** The last characters, which may begin a secret. */
  #held = '';
  /** The stretches that end within them. One that begins before them has its mark already, and begins below 0. */
  #found: Stretch[] = [];

  constructor(matcher: PatternMatcher) {
    this.#matcher = matcher;
  }

  write(text: string): string {
    const all = this.#held + text;
    this.#node = this.#matcher.read(all, this.#held.length, this.#node, (end, length) =>
      this.#find(end - length, end),
    );
    return this.#take(all, all.length - this.#matcher.depth(this.#node));
  }

  end(): string {
    this.#node = 0;
    return this.#take(this.#held, this.#held.length);
  }

  /** Two secrets may overlap: then no part of either is left. */
  #find(start: number, end: number): void {
    let last = this.#found.at(-1);
    while (last && last.start > start) {
      this.#found.pop();
      last = this.#found.at(-1);
    }
    if (last && last.end > start) last.end = end;
    else this.#found.push({ start, end });
  }

  /** Returns the redacted text up to that length, and keeps the rest. */
  #take(all: string, length: number): string {
    const pieces: string[] = [];
    let shown = 0;
    for (const { start, end } of this.#found) {
      if (start >= length) break;
      if (start >= 0) pieces.push(all.slice(shown, start), MARK);
      shown = end;
    }
    pieces.push(all.slice(Math.min(shown, length), length));
    this.#held = all.slice(length);
    this.#found = this.#found
      .filter(({ end }) => end > length)
      .map(({ start, end }) => ({ start: start - length, end: end - length }));
    return pieces.join('');
  }
}
