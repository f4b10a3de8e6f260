import { describe, expect, it } from 'vitest';
import { catalogueOf, describedRunners, PublishedRunners } from '../../lib/runners/published-runners.ts';
import { Runner } from '../../lib/runners/runner.ts';
import { RunnerTable } from '../../lib/runners/table.ts';

class Mine extends Runner {
  run() {}
}

const LIMITS = {
  allowedHosts: ['api.example.com'],
  allowedFunctions: [],
  allowedUsers: [],
  allowCommands: true,
};
const TO = { type: 'string', required: true, meaning: 'Whom.', example: 'me' } as const;
const table = new RunnerTable({ mine: Mine }, { bySite: { '*': LIMITS } });
const published = new PublishedRunners(table, [
  { name: 'report', summary: 'Reports.', environ: { to: TO }, file: '/r/report.ts' },
  { name: 'sale', site: 'shop', summary: '', file: '/r/shop/sale.ts' },
  { name: 'report', site: 'shop', summary: 'Reports sales.', broken: 'no' },
  { name: 'http', summary: 'Not the built-in one.' },
  { name: 'mine', summary: 'Published by another process.', environ: { to: TO } },
]);

describe('PublishedRunners', () => {
  it('Runners that are known by their code are validated by it, the others by the schema of their settings', () => {
    expect(published.problems({ name: 'mine', environ: { anything: 1 } }, 'shop')).toEqual([]);
    expect(published.problems({ name: 'http', environ: { url: 'https://other.example' } })).toMatchObject([
      { where: 'environ.url' },
    ]);
    expect(published.problems({ name: 'lambda:f', environ: {} })).toMatchObject([{ where: 'name' }]);
    expect(published.problems({ name: 'report', environ: {} })).toMatchObject([
      { where: 'environ.to', got: 'nothing' },
    ]);
    expect(published.problems({ name: 'report', environ: { to: { $secret: 'who' } } })).toEqual([]);
  });

  it('A site has its own runners, which take the place of those of the same name, and no others', () => {
    expect(published.problems({ name: 'report', environ: {} }, 'shop')).toEqual([]);
    expect(published.problems({ name: 'sale', environ: {} }, 'shop')).toEqual([]);
    expect(published.problems({ name: 'shop/sale', environ: {} }, 'default')).toMatchObject([
      { where: 'name' },
    ]);
    expect(published.problems({ name: 'sale', environ: {} }, 'default')).toMatchObject([
      {
        where: 'name',
        wanted: 'the name of a runner: command, heartbeat, http, lambda:<function>, mine, report',
      },
    ]);
    expect(published.find('report', 'shop')).toMatchObject({ broken: 'no' });
    expect(published.find('report', 'default')).toMatchObject({ file: '/r/report.ts' });
  });

  it('describe returns the descriptions for a site, without their files', () => {
    expect(published.describe('default').map(({ name }) => name)).toEqual([
      'command',
      'heartbeat',
      'http',
      'lambda:<function>',
      'mine',
      'report',
    ]);
    expect(published.describe('shop').find(({ name }) => name === 'report')).toEqual({
      name: 'report',
      site: 'shop',
      summary: 'Reports sales.',
      broken: 'no',
    });
    expect(published.describe().find(({ name }) => name === 'report')).toEqual({
      name: 'report',
      summary: 'Reports.',
      environ: { to: TO },
    });
  });

  it('Without a catalogue every name is accepted, and those that were not checked are named', () => {
    const open = new PublishedRunners(table, [], 'Not checked.');
    expect(open.problems({ name: 'backup', environ: { any: 1 } })).toEqual([]);
    expect(open.problems({ name: 'heartbeat', environ: { any: 1 } })).toHaveLength(1);
    expect(open.unchecked('backup')).toBe('Not checked.');
    expect(open.unchecked('heartbeat')).toBeUndefined();
    expect(published.unchecked('backup')).toBeUndefined();
  });

  it('knownOnly accepts an unknown runner, and validates the settings of a known one', () => {
    expect(published.knownOnly.problems({ name: 'backup', environ: { any: 1 } }, 'shop')).toEqual([]);
    expect(published.knownOnly.problems({ name: 'report', environ: {} }, 'default')).toHaveLength(1);
    expect(published.knownOnly.problems({ name: 'heartbeat', environ: { any: 1 } })).toHaveLength(1);
  });
});

describe('catalogueOf', () => {
  it('A catalogue describes built-in and own runners and the limits, and is read back as the own ones', () => {
    const own = [
      { name: 'report', site: 'shop', summary: 'Reports.', environ: { to: TO }, file: '/r/report.ts' },
    ];
    const catalogue = JSON.parse(
      JSON.stringify(catalogueOf([...new RunnerTable({}).describe(), ...own], { bySite: { '*': LIMITS } })),
    );
    expect(catalogue.limits).toEqual({ '*': LIMITS });
    expect(catalogue.runners.map(({ name }: { name: string }) => name)).toEqual([
      'command',
      'heartbeat',
      'http',
      'lambda:<function>',
      'report',
    ]);
    expect(describedRunners(catalogue)).toEqual(own);
  });
});
