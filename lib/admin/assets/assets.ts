/**
 * The few files that a browser asks for besides the pages. Their addresses hold a digest of their content, so that a
 * browser may keep them for good. In a Lambda's bundle this module is replaced by its value.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly content: string;
}

export const assets = {
  style: asset('style.css', 'text/css; charset=utf-8'),
  script: asset('script.js', 'text/javascript; charset=utf-8'),
  icon: asset('icon.svg', 'image/svg+xml'),
};

function asset(file: string, type: string): Asset {
  const content = readFileSync(new URL(file, import.meta.url), 'utf8');
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return { path: `/assets/${digest}/${file}`, type, content };
}
