/** The return type of views: `hono/html` escapes every interpolated value. */
import type { HtmlEscapedString } from 'hono/utils/html';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The other branch of a condition in a template. */
export const NOTHING = '';
