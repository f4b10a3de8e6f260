/** What every medium of a catalogue promises. */
import { expect, it } from 'vitest';
import type { Catalogue } from '../../lib/core/domain/runner-description.ts';
import type { CatalogueStore } from '../../lib/core/ports/runner-catalogue.ts';

const CATALOGUE: Catalogue = {
  runners: [
    { name: 'http', summary: 'Calls a URL.', settings: { type: 'object', properties: {}, required: [] } },
    { name: 'sale', site: 'shop', summary: '', broken: 'no' },
  ],
  limits: { '*': { allowedHosts: ['api.example.com'] } },
  codeVersion: 'code-1',
};

export function catalogueContract(open: () => CatalogueStore | Promise<CatalogueStore>): void {
  it('A catalogue is read as it was published last, and before that there is none', async () => {
    const store = await open();
    expect(await store.read()).toBeUndefined();
    await store.publish(CATALOGUE);
    expect(await store.read()).toEqual(CATALOGUE);
    const next = { runners: [], limits: {} };
    await store.publish(next);
    expect(await store.read()).toEqual(next);
  });
}
