import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LOCAL_LIMITS, readLimits, writeLimits } from '../../../lib/adapters/local/folder-limits.ts';
import { tempFolder } from '../../support/temp-folder.ts';

it('The limits of a folder are those that were written last', () => {
  const file = join(tempFolder(), 'state', 'limits.json');
  expect(readLimits(file)).toBe(LOCAL_LIMITS);
  writeLimits(file, { ...LOCAL_LIMITS, allowedHosts: ['api.example.com'] });
  expect(readLimits(file)).toEqual({ ...LOCAL_LIMITS, allowedHosts: ['api.example.com'] });
});

it('A file without valid limits yields the default limits', () => {
  const file = join(tempFolder(), 'limits.json');
  for (const text of ['', '{"allowedHosts": "x"}', '{"allowedHosts": [1]}']) {
    writeFileSync(file, text);
    expect(readLimits(file)).toBe(LOCAL_LIMITS);
  }
});
