/** The return type of views: `hono/html` escapes every interpolated value. */
import { raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What there is where a condition of a template does not hold. */
export const NOTHING: Html = raw('');
