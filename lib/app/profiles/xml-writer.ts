/** Writes the `crons.xml` of collective.cron. xml-file.ts reads it. */
import type { CronFields, Json } from '../../core/domain/cron.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import { formatValue } from '../../core/domain/problem.ts';
import { type Exported, ownFields } from './dump.ts';

// cspell:ignore quot
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

const NOT_XML = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/**
 * Omits fields at their defaults, except `activated`, whose default in this format differs. Throws InvalidError when a
 * field contains a character that XML cannot represent.
 */
export function writeXml({ crons }: Exported): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<crons>\n${crons.map(cronElement).join('')}</crons>\n`;
}

function cronElement(cron: CronFields): string {
  const { uid, name, periodicity, environ, activated: _, ...others } = ownFields(cron);
  const fields = { uid, name, activated: cron.activated, periodicity, ...others };
  const attributes = Object.entries(fields).map(
    ([key, value]) => ` ${key}="${attribute(cron.uid, key, value)}"`,
  );
  const start = `  <cron${attributes.join('')}`;
  if (environ === undefined) return `${start} />\n`;
  return `${start}>\n    <environ><![CDATA[ ${cdata(environ)} ]]></environ>\n  </cron>\n`;
}

function attribute(uid: string, key: string, value: Json | undefined): string {
  const text = Array.isArray(value) ? value.join(' ') : String(value);
  if (NOT_XML.test(text)) {
    const fix = 'Choose another format, or remove that character.';
    throw new InvalidError([
      { where: `${uid}.${key}`, got: formatValue(text), wanted: 'characters that XML can represent', fix },
    ]);
  }
  return text.replace(/[&<>"\t\n\r]/g, (character) => ESCAPES[character] ?? '');
}

/** JSON that cannot end the CDATA section and contains no character that XML forbids. */
function cdata(environ: Json): string {
  return JSON.stringify(environ)
    .replaceAll(']]>', ']]\\u003e')
    .replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}
