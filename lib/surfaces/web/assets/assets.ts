/**
 * The files that pages load. Each path has a digest of the content, so that browsers cache the file forever. In the
 * bundle of a Lambda, lib/deploy/bundling/inlined.ts replaces this module by its value.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly content: string;
}

const STYLES = [
  'base',
  'controls',
  'states',
  'cards',
  'list',
  'timeline',
  'cron',
  'run',
  'runs',
  'form',
  'narrow',
];
const SCRIPTS = ['page', 'parts'];
const IDIOMORPH = import.meta.resolve('idiomorph/dist/idiomorph.min.js');

export const assets = {
  style: asset(
    'style.css',
    'text/css; charset=utf-8',
    STYLES.map((name) => read(`style/${name}.css`)).join('\n'),
  ),
  script: asset(
    'script.js',
    'text/javascript; charset=utf-8',
    [read(IDIOMORPH), ...SCRIPTS.map((name) => joinable(read(`script/${name}.js`)))].join('\n'),
  ),
  icon: asset('icon.svg', 'image/svg+xml', read('icon.svg')),
};

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}

/** Without imports and exports, because the browser loads all of them as one module. */
function joinable(script: string): string {
  return script.replace(/^import .*\n/gm, '').replace(/^export (?=async|const|function)/gm, '');
}

function asset(name: string, type: string, content: string): Asset {
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return { path: `/assets/${digest}/${name}`, type, content };
}
