/** The Markdown files of the repository and the fenced blocks in them. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

export interface Page {
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly text: string;
}

export interface Block {
  /** `<file>:<line>` of its first line. */
  readonly name: string;
  readonly language: string;
  readonly text: string;
}

export const pages: readonly Page[] = globSync(['*.md', 'docs/**/*.md', '.github/**/*.md'], { cwd: ROOT })
  .sort()
  .map(readPage);

export function readPage(file: string): Page {
  return { file, text: readFileSync(join(ROOT, file), 'utf8') };
}

export function blocksIn({ file, text }: Page): Block[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ 1: language = '', 2: block = '', index }) => {
    const line = text.slice(0, index).split('\n').length + 1;
    return { name: `${file}:${line}`, language, text: block };
  });
}

/** The blocks of all pages in one of these languages. */
export function blocksOf(...languages: readonly string[]): Block[] {
  return pages.flatMap(blocksIn).filter(({ language }) => languages.includes(language));
}
