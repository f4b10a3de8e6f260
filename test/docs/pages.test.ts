/** Pages fit their width, and links and paths in pages and in messages lead to files and headings that exist. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, matchesGlob, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Page, pages, ROOT, readPage } from './markdown.ts';

/** Without code, in which brackets and parentheses are no links. */
function proseOf({ text }: Page): string {
  return text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '');
}

function linksIn(page: Page): string[] {
  const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf({ text }: Page): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isBroken(page: Page, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? page.file : normalize(join(dirname(page.file), path));
  if (!existsSync(join(ROOT, file))) return true;
  return anchor !== undefined && !anchorsOf(readPage(file)).includes(anchor);
}

/** The paths below these folders that a text mentions, without placeholders such as `<name>.ts`. */
function pathsIn(text: string, folders: string): string[] {
  const paths = text.matchAll(new RegExp(`(?<![\\w./-])(?:${folders})/[\\w./-]*`, 'g'));
  return [...paths].map(([path]) => path.replace(/[./-]+$/, ''));
}

function missingPaths(text: string, folders: string): string[] {
  return pathsIn(text, folders).filter((path) => !existsSync(join(ROOT, path)));
}

/** Tables and code may be wider. */
function wideLines({ text }: Page): string[] {
  const prose = text.replace(/^```.*?^```$/gms, '').split('\n');
  return prose.filter((line) => line.length > 125 && !line.startsWith('|'));
}

describe.each(pages.map((page) => [page.file, page] as const))('%s', (_, page) => {
  it('No line of prose is wider than 125 columns', () => {
    expect(wideLines(page)).toEqual([]);
  });

  it('Each relative link leads to a file and a heading that exist', () => {
    expect(linksIn(page).filter((link) => isBroken(page, link))).toEqual([]);
  });

  it('Each path in docs that the page mentions exists', () => {
    expect(missingPaths(page.text, 'docs')).toEqual([]);
  });
});

it.each(['ARCHITECTURE.md', 'CONTRIBUTING.md'])(
  'Each path in the source tree that %s mentions exists',
  (file) => {
    expect(missingPaths(readPage(file).text, 'lib|test|bin|lambdas|docs|\\.ci|\\.github')).toEqual([]);
  },
);

it('Each path in docs that a message or a comment of the program mentions exists', () => {
  const sources = globSync(['{lib,bin,lambdas}/**/*.{ts,js}', 'package.json'], { cwd: ROOT });
  const texts = sources.map((file) => readFileSync(join(ROOT, file), 'utf8'));
  expect(texts.flatMap((text) => missingPaths(text, 'docs'))).toEqual([]);
});

it('The index of decision records lists each record, in the common format', () => {
  const records = pages.filter(({ file }) => /^docs\/decisions\/\d/.test(file));
  const listed = linksIn(readPage('docs/decisions/README.md')).map((link) => `docs/decisions/${link}`);
  expect(records.map(({ file }) => file)).toEqual(listed);
  const format = /^# \d{4}: .+\n\n\*\*Context\.\*\* .+\n\n\*\*Decision\.\*\* .+\n\n\*\*Consequence\.\*\* /s;
  expect(records.filter(({ text }) => !format.test(text)).map(({ file }) => file)).toEqual([]);
});

it('Each page to which a page of the package links is in the package', () => {
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
  const isPacked = (file: string) =>
    ['README.md', 'LICENSE'].includes(file) ||
    files.some((one) => file === one || file.startsWith(`${one}/`) || matchesGlob(file, one));
  const targets = pages
    .filter(({ file }) => file.startsWith('docs/') && isPacked(file))
    .flatMap((page) =>
      linksIn(page).map((link) => normalize(join(dirname(page.file), link.split('#')[0] ?? ''))),
    )
    .filter((file) => /^docs\/.*\.md$/.test(file));
  expect(targets.length).toBeGreaterThan(20);
  expect(targets.filter((file) => !isPacked(file))).toEqual([]);
});

it('The documentation contains links', () => {
  expect(pages.flatMap(linksIn).length).toBeGreaterThan(20);
});
