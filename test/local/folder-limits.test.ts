import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LOCAL_LIMITS, readLimits, writeLimits } from '../../lib/local/folder-limits.ts';
import { tempFolder } from '../support/temp-folder.ts';

it('the limits of a folder are what its keeper said last', () => {
  const file = join(tempFolder(), 'state', 'limits.json');
  expect(readLimits(file)).toBe(LOCAL_LIMITS);
  writeLimits(file, { ...LOCAL_LIMITS, allowedHosts: ['api.example.com'] });
  expect(readLimits(file)).toEqual({ ...LOCAL_LIMITS, allowedHosts: ['api.example.com'] });
});

it('a file that says nothing of the kind is as good as none', () => {
  const file = join(tempFolder(), 'limits.json');
  for (const text of ['', '{"allowedHosts": "x"}', '{"allowedHosts": [1]}']) {
    writeFileSync(file, text);
    expect(readLimits(file)).toBe(LOCAL_LIMITS);
  }
});
