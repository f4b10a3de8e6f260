import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileCatalogue } from '../../../lib/adapters/local/file-catalogue.ts';
import { catalogueContract } from '../../contracts/catalogue.ts';
import { tempFolder } from '../../support/temp-folder.ts';

describe('FileCatalogue', () => {
  catalogueContract(() => new FileCatalogue(join(tempFolder(), 'state', 'catalogue.json')));

  const RUNNER = { name: 'mine', summary: '' };
  const withSettings = (settings: unknown) => ({ runners: [{ ...RUNNER, settings }], limits: {} });
  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no list of runners', { runners: 7, limits: {} }],
    ['no limits', { runners: [] }],
    ['limits that no site has', { runners: [], limits: { allowedHosts: ['a.example'] } }],
    ['hosts that are no list', { runners: [], limits: { shop: { allowedHosts: 'a.example' } } }],
    ['a runner without a name', { runners: [{ summary: '' }], limits: {} }],
    ['a file that is no text', { runners: [{ ...RUNNER, file: 7 }], limits: {} }],
    ['a folder that is no text', { runners: [], limits: {}, folder: null }],
    ['settings that are no schema', withSettings([])],
    ['settings whose properties are a list', withSettings({ properties: [], required: [] })],
    ['settings without types', withSettings({ properties: { to: { description: '' } }, required: [] })],
    [
      'types that are no list',
      withSettings({ properties: { to: { anyOf: 7, description: '', examples: [1] } }, required: [] }),
    ],
  ])('A file with %s counts as none', async (_, content) => {
    const file = join(tempFolder(), 'catalogue.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    expect(await new FileCatalogue(file).read()).toBeUndefined();
  });

  it('Publishing leaves nothing but the file', async () => {
    const folder = tempFolder();
    const file = join(folder, 'catalogue.json');
    await new FileCatalogue(file).publish({ runners: [], limits: {} });
    expect(readdirSync(folder)).toEqual(['catalogue.json']);
  });
});
