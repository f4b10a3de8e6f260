/**
 * The author of a version, as a note in the parameter's description. Parameter Store itself records only its caller, which
 * is a Lambda for an edit in the dashboard. An edit by other means keeps the description, so the note identifies its value.
 */
import { hash } from 'node:crypto';

const MAX_CHARACTERS = 512;

/** The note that names `author` as the author of this value. */
export function describeAuthor(author: string, value: string): string {
  return `Written through cloudtab by ${author.slice(0, MAX_CHARACTERS)} (${digestOf(value)})`;
}

/** The author of this value; undefined when the description names none, or belongs to another value. */
export function parseAuthor(description: string | undefined, value: string): string | undefined {
  const [, author, digest] = /^Written through cloudtab by (.+) \((\w+)\)$/s.exec(description ?? '') ?? [];
  return digest === digestOf(value) ? author : undefined;
}

function digestOf(value: string): string {
  return hash('sha256', value).slice(0, 12);
}
