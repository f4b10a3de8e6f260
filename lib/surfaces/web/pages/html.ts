/** What a view returns: text that is safe to send, since `hono/html` escapes all that is put into it. */
import type { HtmlEscapedString } from 'hono/utils/html';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Nothing at all, for the other side of a condition. */
export const NOTHING = '';
