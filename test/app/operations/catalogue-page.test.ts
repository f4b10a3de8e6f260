import { expect, it } from 'vitest';
import { wholeCatalogue, wholeRunners } from '../../../lib/app/door/whole-lists.ts';
import { ownCall } from '../../../lib/client/own-client.ts';
import type { Catalogue } from '../../../lib/core/domain/runner-description.ts';
import { PublishedRunners } from '../../../lib/runners/published-runners.ts';
import { RunnerTable } from '../../../lib/runners/table.ts';
import { makeWorld } from '../../support/world.ts';

const RUNNERS = ['report', 'report-b', 'a'].map((name) => ({ name, summary: 'x'.repeat(600_000) }));
const OF_SITES = [
  { name: 'report', site: 'shop', summary: 'of the shop' },
  { name: 'report', site: 'blog', summary: 'of the blog' },
];
const CATALOGUE: Catalogue = {
  runners: [...RUNNERS, ...OF_SITES],
  limits: { '*': { allowedHosts: ['*.example.com'] }, shop: { allowedHosts: ['y'.repeat(600_000)] } },
  codeVersion: '1',
};

function open() {
  const world = makeWorld();
  const runners = new PublishedRunners(new RunnerTable({}), CATALOGUE.runners);
  return ownCall({ ...world.ports, runners, catalogue: { read: async () => CATALOGUE } });
}

const sortedNames = (runners: Catalogue['runners']) => runners.map(({ name, site }) => `${name} ${site}`);

it('A catalogue of several pages is read as a whole: each runner and each limit once', async () => {
  const call = open();
  const { cursor, limits } = await call('readCatalogue', {}, {});
  expect(cursor).toBeDefined();
  expect(Object.keys(limits)).toEqual(['*', 'shop']);
  const whole = await wholeCatalogue(call);
  expect(whole).toEqual({ ...CATALOGUE, runners: expect.any(Array) });
  expect(sortedNames(whole.runners).sort()).toEqual(sortedNames(CATALOGUE.runners).sort());
});

it('The runners of a site are read as a whole, also if they fill several pages', async () => {
  const call = open();
  expect((await call('listRunners', {}, { site: 'shop' })).cursor).toBeDefined();
  const own = (await wholeRunners(call, 'shop')).filter(({ name }) => /^(?:a|report.*)$/.test(name));
  expect(own.map(({ name, site }) => [name, site])).toEqual([
    ['a', undefined],
    ['report', 'shop'],
    ['report-b', undefined],
  ]);
});
