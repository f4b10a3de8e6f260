/**
 * Profiles in collective.cron's own `crons.xml`: attributes uid, name, periodicity, activated and remove, and an element
 * environ with JSON. `activated` is false there for a cron that is added without it. What collective.cron does not know
 * of (time zone, policies, …) stands in attributes of our names, which it ignores. A doctype, and with it every entity
 * of one's own, is refused.
 */
import { parseXml, type XmlDocument, XmlElement, XmlError, XmlText } from '@rgrove/parse-xml';
import type { Json, JsonObject } from '../../core/domain/cron.ts';
import { readJsonText, syntaxProblem } from '../../core/domain/json-text.ts';
import { didYouMean } from '../../core/domain/nearest.ts';
import { formatValue, type Problem } from '../../core/domain/problem.ts';
import { parseBoolean } from './parse-boolean.ts';
import type { ParseResult, Path } from './parsed-file.ts';
import { elementSchema } from './schema.ts';
import { type ProfileProblem, type SourcePosition, sourcePositions } from './source-position.ts';
import { TOO_DEEP, wholeProblem } from './validate.ts';

const ATTRIBUTES = Object.keys(elementSchema.shape).filter((name) => name !== 'environ');
const SWITCHES = new Set(['activated', 'remove']);
const NUMBERS = new Set(['logsLimit', 'maxLateness', 'timeout']);
const PROLOG = /^(?:\s|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)*/;

const MAX_DEPTH = 100;
const ENDS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;
/** With values in quotes, in which the end of a tag ends nothing. */
const TAG = /<[^"'>]*(?:(?:"[^"]*"|'[^']*')[^"'>]*)*>/y;

/** The text as a profile's raw value. */
export function readXml(text: string): ParseResult {
  const places = sourcePositions(text);
  const refused = refusedProlog(text, places);
  if (refused) return { problems: [refused] };
  const deep = deepElement(text);
  if (deep !== undefined) return { problems: [wholeProblem(TOO_DEEP, places(deep))] };
  try {
    return new Reader(text, parseXml(text, { includeOffsets: true }), places).read();
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const message = error.message.split(' (line ')[0] ?? '';
    const found = {
      got: 'text that is not well-formed',
      wanted: 'XML',
      fix: `Mend it there, or above it. (${message}.)`,
    };
    return { problems: [wholeProblem(found, { line: error.line, column: error.column })] };
  }
}

function refusedProlog(text: string, places: (offset: number) => SourcePosition): ProfileProblem | undefined {
  const prolog = PROLOG.exec(text)?.[0] ?? '';
  if (text.slice(prolog.length).startsWith('<!DOCTYPE')) {
    const found = { got: 'a DOCTYPE', wanted: 'none, and no entities of its own' };
    return wholeProblem(
      { ...found, fix: 'Take it away, and write out what its entities stand for.' },
      places(prolog.length),
    );
  }
  const encoding = /^<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)["']/.exec(text);
  if (!encoding || /^(?:utf-?8|us-ascii)$/i.test(encoding[1] ?? '')) return undefined;
  const found = {
    got: `the encoding ${formatValue(encoding[1])}`,
    wanted: 'UTF-8',
    fix: 'Save the file as UTF-8, and say so.',
  };
  return wholeProblem(found, places(0));
}

/**
 * The offset of the first element that is deeper than the parser may go without danger for the stack; nothing when there
 * is none. Ends at what is not well-formed: that is the parser's to tell.
 */
function deepElement(text: string): number | undefined {
  let depth = 0;
  let next: number | undefined;
  for (let index = text.indexOf('<'); index !== -1; index = text.indexOf('<', next)) {
    next = afterMarkup(text, index);
    if (next === undefined) return undefined;
    if (/^<[!?]/.test(text.slice(index, index + 2)) || text.startsWith('/>', next - 2)) continue;
    depth += text[index + 1] === '/' ? -1 : 1;
    if (depth > MAX_DEPTH) return index;
  }
  return undefined;
}

/** Where the tag, comment or section that begins there ends; nothing when it does not. */
function afterMarkup(text: string, index: number): number | undefined {
  const end = ENDS.find(([start]) => text.startsWith(start, index))?.[1];
  if (end !== undefined) {
    const found = text.indexOf(end, index);
    return found === -1 ? undefined : found + end.length;
  }
  TAG.lastIndex = index;
  return TAG.test(text) ? TAG.lastIndex : undefined;
}

class Reader {
  readonly #text: string;
  readonly #document: XmlDocument;
  readonly #places: (offset: number) => SourcePosition;
  readonly #problems: ProfileProblem[] = [];
  readonly #elements: XmlElement[] = [];

  constructor(text: string, document: XmlDocument, places: (offset: number) => SourcePosition) {
    this.#text = text;
    this.#document = document;
    this.#places = places;
  }

  read(): ParseResult {
    const root = this.#document.root;
    if (root?.name !== 'crons') {
      this.#problem(root && { start: root.start }, {
        where: 'value',
        got: `<${root?.name}>`,
        wanted: '<crons> around everything',
        fix: 'Put the crons into <crons>…</crons>.',
      });
      return { problems: this.#problems };
    }
    const crons = this.#childrenOf(root, 'cron').map((element) => {
      this.#elements.push(element);
      return this.#cron(element);
    });
    const place = (path: Path) => this.#place(path, root);
    return {
      raw: { value: { crons }, place, whenAdded: { activated: false }, leftOut: [] },
      problems: this.#problems,
    };
  }

  /** The children of the one name that may stand there; anything else is a problem. */
  #childrenOf(parent: XmlElement, name: string): XmlElement[] {
    const found: XmlElement[] = [];
    const foreign = { where: parent.name, wanted: `<${name}>`, fix: 'Take it away, or mend its name.' };
    for (const child of parent.children) {
      if (child instanceof XmlElement) {
        if (child.name === name) found.push(child);
        else this.#problem(child, { ...foreign, got: `<${child.name}>` });
      } else if (child instanceof XmlText && child.text.trim() !== '') {
        const start = child.start + child.text.search(/\S/);
        this.#problem({ start }, { ...foreign, got: 'text' });
      }
    }
    return found;
  }

  #cron(element: XmlElement): JsonObject {
    const cron: { [name: string]: Json } = {};
    for (const [name, text] of Object.entries(element.attributes)) {
      if (ATTRIBUTES.includes(name)) cron[name] = this.#value(name, text);
      else this.#unknown(element, name);
    }
    const [environ, second] = this.#childrenOf(element, 'environ');
    if (second) {
      const found = { got: 'a second <environ>', wanted: 'one', fix: 'Take one of the two away.' };
      this.#problem(second, { ...found, where: 'environ' }, element.attributes.uid);
    }
    const json = environ?.text.trim();
    if (!environ || !json) return cron;
    return { ...cron, environ: this.#environ(environ, json, element.attributes.uid) };
  }

  #value(name: string, text: string): Json {
    if (SWITCHES.has(name)) return parseBoolean(text) ?? text;
    return NUMBERS.has(name) && /^\d{1,9}$/.test(text) ? Number(text) : text;
  }

  #environ(element: XmlElement, json: string, uid: string | undefined): Json {
    const { value, syntaxError } = readJsonText(json);
    if (!syntaxError) return value as Json;
    const problem = { ...syntaxProblem(syntaxError, ' of its JSON'), where: 'environ' };
    this.#problem(element, problem, uid);
    return {};
  }

  #unknown(element: XmlElement, name: string): void {
    const otherwise = 'Take it away, or put it into <environ> if it is for the runner.';
    const fix = didYouMean(name, ATTRIBUTES, otherwise);
    const wanted = `one of ${ATTRIBUTES.join(', ')}`;
    this.#problem(element, { where: name, got: 'an unknown attribute', wanted, fix });
  }

  #problem(
    node: { readonly start: number } | null,
    problem: Problem,
    uid = node instanceof XmlElement ? node.attributes.uid : undefined,
  ): void {
    const place = this.#places(node ? this.#offset(node, problem.where) : 0);
    this.#problems.push({ ...problem, ...place, ...(uid === undefined ? {} : { uid }) });
  }

  #place([, index, field]: Path, root: XmlElement): SourcePosition {
    const element = index === undefined ? undefined : this.#elements[Number(index)];
    if (!element) return this.#places(root.start);
    return this.#places(this.#offset(element, String(field ?? '')));
  }

  /** Where an attribute or the environ stands, or else the node itself. */
  #offset(node: { readonly start: number }, field: string): number {
    if (!(node instanceof XmlElement) || field === '') return node.start;
    const child = node.children.find((one) => one instanceof XmlElement && one.name === field);
    if (child) return child.start;
    // Values come first, so that a name within one is not taken for an attribute.
    const attribute = /\s([\w:.-]+)\s*=\s*(?:"[^"]*"|'[^']*')/g;
    const tag = this.#text.slice(node.start, node.end);
    for (const match of tag.matchAll(attribute)) if (match[1] === field) return node.start + match.index + 1;
    return node.start;
  }
}
