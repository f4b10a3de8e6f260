/**
 * Reads the `crons.xml` of collective.cron: attributes uid, name, periodicity, activated and remove, and an element environ
 * with JSON. An added cron without `activated` is inactive. Fields that collective.cron lacks (time zone, policies, …) are
 * attributes of the same name, which it ignores. A DOCTYPE is rejected, and with it custom entities.
 */
import { parseXml, type XmlDocument, XmlElement, XmlError, XmlText } from '@rgrove/parse-xml';
import type { Json, JsonObject } from '../../core/domain/cron.ts';
import { MAX_KEYS } from '../../core/domain/json-object.ts';
import { readJsonText, syntaxProblem } from '../../core/domain/json-text.ts';
import { didYouMean } from '../../core/domain/nearest.ts';
import { formatValue, type Problem } from '../../core/domain/problem.ts';
import { tagsOf } from '../../core/domain/tags.ts';
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
/** Comments, CDATA sections, instructions and tags, each to its end or that of the text: matching takes linear time. */
const MARKUP = new RegExp(
  [
    /<!--.*?(?:-->|$)/,
    /<!\[CDATA\[.*?(?:\]\]>|$)/,
    /<\?.*?(?:\?>|$)/,
    /<[^"'>]*(?:(?:"[^"]*(?:"|$)|'[^']*(?:'|$))[^"'>]*)*(?:>|$)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gs',
);

/** Never throws. */
export function readXml(text: string): ParseResult {
  const positionAt = sourcePositions(text);
  const rejected = prologProblem(text, positionAt);
  if (rejected) return { problems: [rejected] };
  const deep = deepOffset(text);
  if (deep !== undefined) return { problems: [wholeProblem(TOO_DEEP, positionAt(deep))] };
  try {
    return new Reader(text, parseXml(text, { includeOffsets: true }), positionAt).read();
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const { message, line, column } = error;
    const problem = {
      got: 'text that is not well-formed',
      wanted: 'XML',
      fix: `Fix it there, or above it. (${message.replace(/ \(line .*/s, '')}.)`,
    };
    return { problems: [wholeProblem(problem, { line, column })] };
  }
}

function prologProblem(text: string, positionAt: (offset: number) => SourcePosition) {
  const prolog = PROLOG.exec(text)?.[0] ?? '';
  if (text.startsWith('<!DOCTYPE', prolog.length)) {
    const fix = 'Remove it, and replace its entities by their text.';
    const problem = { got: 'a DOCTYPE', wanted: 'no DOCTYPE and no custom entities', fix };
    return wholeProblem(problem, positionAt(prolog.length));
  }
  const [, encoding = 'utf-8'] = /^<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)["']/.exec(text) ?? [];
  if (/^(?:utf-?8|us-ascii)$/i.test(encoding)) return undefined;
  const fix = 'Save the file as UTF-8, and declare that encoding.';
  return wholeProblem({ got: `the encoding ${formatValue(encoding)}`, wanted: 'UTF-8', fix });
}

/** The offset of the first element that is nested too deep for the recursive parser; undefined when there is none. */
function deepOffset(text: string): number | undefined {
  let depth = 0;
  for (const { 0: markup, index } of text.matchAll(MARKUP)) {
    if (/^<[!?]|\/>$/.test(markup)) continue;
    depth += markup.startsWith('</') ? -1 : 1;
    if (depth > MAX_DEPTH) return index;
  }
  return undefined;
}

class Reader {
  readonly #text: string;
  readonly #document: XmlDocument;
  readonly #positionAt: (offset: number) => SourcePosition;
  readonly #problems: ProfileProblem[] = [];
  readonly #elements: XmlElement[] = [];

  constructor(text: string, document: XmlDocument, positionAt: (offset: number) => SourcePosition) {
    this.#text = text;
    this.#document = document;
    this.#positionAt = positionAt;
  }

  read(): ParseResult {
    const { root } = this.#document;
    if (root?.name !== 'crons') {
      const fix = 'Put the crons into <crons>…</crons>.';
      const problem = { got: `<${root?.name}>`, wanted: '<crons> as the root element', fix };
      return { problems: [wholeProblem(problem, this.#positionAt(root?.start ?? 0))] };
    }
    this.#elements.push(...this.#childrenOf(root, 'cron'));
    const crons = this.#elements.map((element) => this.#cron(element));
    const positionOf = ([, index, field]: Path) => {
      const element = this.#elements[Number(index)];
      return this.#positionAt(element ? this.#offset(element, String(field ?? '')) : root.start);
    };
    const raw = { value: { crons }, positionOf, whenAdded: { activated: false } };
    return { raw, problems: this.#problems };
  }

  /** The children of the only allowed name; other children are problems. */
  #childrenOf(parent: XmlElement, name: string): XmlElement[] {
    const found: XmlElement[] = [];
    const foreign = { where: parent.name, wanted: `<${name}>`, fix: 'Remove it, or correct its name.' };
    for (const child of parent.children) {
      if (child instanceof XmlElement) {
        if (child.name === name) found.push(child);
        else this.#problem(child, { ...foreign, got: `<${child.name}>` });
      } else if (child instanceof XmlText && child.text.trim() !== '') {
        this.#problem({ start: child.start + child.text.search(/\S/) }, { ...foreign, got: 'text' });
      }
    }
    return found;
  }

  #cron(element: XmlElement): JsonObject {
    const cron: { [name: string]: Json } = {};
    const attributes = Object.entries(element.attributes);
    if (attributes.length > MAX_KEYS) {
      // Each unknown one would be looked for among all.
      const [got, wanted] = [`${attributes.length} attributes`, `at most ${MAX_KEYS} attributes`];
      this.#problem(element, {
        where: 'value',
        got,
        wanted,
        fix: 'Is this the right file? Remove attributes.',
      });
      return { uid: element.attributes.uid ?? '' };
    }
    for (const [name, text] of attributes) {
      if (ATTRIBUTES.includes(name)) cron[name] = this.#value(name, text);
      else this.#unknown(element, name);
    }
    const [environ, second] = this.#childrenOf(element, 'environ');
    if (second) {
      const problem = {
        where: 'environ',
        got: 'a second <environ>',
        wanted: 'one',
        fix: 'Remove one of the two.',
      };
      this.#problem(second, problem, element.attributes.uid);
    }
    const json = environ?.text.trim();
    if (!environ || !json) return cron;
    return { ...cron, environ: this.#environ(environ, json, element.attributes.uid) };
  }

  #value(name: string, text: string): Json {
    if (name === 'tags') return tagsOf(text);
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
    const otherwise = 'Remove it, or put it into <environ> if it is for the runner.';
    const fix = didYouMean(name, ATTRIBUTES, otherwise);
    const wanted = `one of ${ATTRIBUTES.join(', ')}`;
    this.#problem(element, { where: name, got: 'an unknown attribute', wanted, fix });
  }

  #problem(
    node: { readonly start: number },
    problem: Problem,
    uid = node instanceof XmlElement ? node.attributes.uid : undefined,
  ): void {
    const position = this.#positionAt(this.#offset(node, problem.where));
    this.#problems.push({ ...problem, ...position, ...(uid === undefined ? {} : { uid }) });
  }

  /** The offset of an attribute or of the environ, or else of the node itself. */
  #offset(node: { readonly start: number }, field: string): number {
    if (!(node instanceof XmlElement) || field === '') return node.start;
    const child = node.children.find((one) => one instanceof XmlElement && one.name === field);
    if (child) return child.start;
    // The pattern consumes values, so that it finds no attribute names within them.
    const attribute = /\s([\w:.-]+)\s*=\s*(?:"[^"]*"|'[^']*')/g;
    const tag = this.#text.slice(node.start, node.end);
    for (const match of tag.matchAll(attribute)) if (match[1] === field) return node.start + match.index + 1;
    return node.start;
  }
}
