/** The fields that differ between two versions. A field whose value may be secret has only the kind of its change. */
import { html } from 'hono/html';
import type { FieldChange } from '../../../core/domain/errors.ts';
import { formatValue } from '../../../core/domain/problem.ts';
import { type Html, NOTHING } from './html.ts';

/** The items of a list of the class `changes`. */
export function changeItems(changes: readonly FieldChange[]): Html[] {
  return changes.map(({ field, kind, was, is }) => {
    const from = was === undefined ? NOTHING : html` <del dir="auto">${formatValue(was)}</del>`;
    const to = is === undefined ? NOTHING : html` <ins dir="auto">${formatValue(is)}</ins>`;
    return html`<li><code>${field}</code> ${kind}${from}${to}</li>`;
  });
}
