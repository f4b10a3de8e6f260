import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileCatalogue } from '../../../lib/adapters/local/file-catalogue.ts';
import { catalogueContract } from '../../contracts/catalogue.ts';
import { tempFolder } from '../../support/temp-folder.ts';

describe('FileCatalogue', () => {
  catalogueContract(() => new FileCatalogue(join(tempFolder(), 'state', 'catalogue.json')));

  it('A file of another form counts as none, and publishing leaves nothing but the file', async () => {
    const folder = tempFolder();
    const file = join(folder, 'catalogue.json');
    for (const text of ['{', '[]', '{"runners": 7}']) {
      writeFileSync(file, text);
      expect(await new FileCatalogue(file).read()).toBeUndefined();
    }
    await new FileCatalogue(file).publish({ runners: [], limits: {} });
    expect(readdirSync(folder)).toEqual(['catalogue.json']);
  });
});
