/**
 * Who asked for a version, as a note in the parameter's description: Parameter Store itself knows only who called it,
 * which is a Lambda when a person used the dashboard.
 *
 * A description stays when somebody edits the value by other means, so the note says which value it is about.
 */
import { hash } from 'node:crypto';

const MOST_CHARACTERS = 512;

/** The note that this value was asked for by `author`. */
export function describeAuthor(author: string, value: string): string {
  return `Written through cloudtab by ${author.slice(0, MOST_CHARACTERS)} (${mark(value)})`;
}

/** Who asked for this value; nothing when the description does not say, or is about another one. */
export function parseAuthor(description: string | undefined, value: string): string | undefined {
  const [, author, about] = /^Written through cloudtab by (.+) \((\w+)\)$/s.exec(description ?? '') ?? [];
  return about === mark(value) ? author : undefined;
}

function mark(value: string): string {
  return hash('sha256', value).slice(0, 12);
}
