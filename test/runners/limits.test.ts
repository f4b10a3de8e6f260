import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LimitsBySite } from '../../lib/core/domain/site-limits.ts';
import { howToAllow, limitsOf } from '../../lib/runners/limits.ts';
import { RunnerTable } from '../../lib/runners/table.ts';

const BY_SITE: LimitsBySite = {
  '*': { allowedHosts: ['api.example.com'], allowCommands: false },
  payroll: {
    allowedHosts: ['bank.example'],
    allowedFunctions: ['pay-*'],
    allowedUsers: ['payroll'],
    allowCommands: true,
  },
  shop: { allowedUsers: ['shop-*'] },
};

describe('limitsOf', () => {
  it('A site may reach what all sites may, and what it may itself', () => {
    expect(limitsOf({ bySite: BY_SITE }, 'payroll')).toEqual({
      site: 'payroll',
      allowedHosts: ['api.example.com', 'bank.example'],
      allowedFunctions: ['pay-*'],
      allowedUsers: ['payroll'],
      allowCommands: true,
    });
  });

  it.each(['blog', 'constructor', 'tostring', undefined])(
    'A site without limits of its own, %s, may reach what all sites may',
    (site) => {
      expect(limitsOf({ bySite: BY_SITE }, site)).toEqual({
        ...(site !== undefined && { site }),
        allowedHosts: ['api.example.com'],
        allowedFunctions: [],
        allowedUsers: [],
        allowCommands: false,
      });
    },
  );

  it('A site never gets an entry of another site', () => {
    const site = fc.stringMatching(/^[a-z0-9-]{1,16}$/);
    const entries = fc.array(site, { maxLength: 3 });
    const own = fc.record({ allowedHosts: entries, allowedFunctions: entries, allowedUsers: entries });
    fc.assert(
      fc.property(fc.dictionary(site, own), site, (bySite, name) => {
        const { allowedHosts, allowedFunctions, allowedUsers } = limitsOf({ bySite }, name);
        const expected = Object.hasOwn(bySite, name) ? bySite[name] : undefined;
        expect({ allowedHosts, allowedFunctions, allowedUsers }).toEqual(
          expected ?? { allowedHosts: [], allowedFunctions: [], allowedUsers: [] },
        );
      }),
    );
  });

  it('A target that runs no commands runs none for any site', () => {
    expect(limitsOf({ bySite: BY_SITE, noCommands: 'No.' }, 'payroll')).toMatchObject({
      allowCommands: false,
    });
  });
});

describe('userProblems', () => {
  const table = new RunnerTable({}, { bySite: BY_SITE });

  it('A user of another site is a problem that names the site and the fix', () => {
    expect(table.userProblems({ user: 'payroll' }, 'shop')).toEqual([
      {
        where: 'user',
        got: '"payroll"',
        wanted: 'a user that is allowed',
        fix: 'The site "shop" may act as: shop-*. Add "payroll" to allowedUsers in the limits of the deployment, for the site or for "*", and deploy it.',
      },
    ]);
    expect(table.userProblems({ user: 'shop-reader' }, 'shop')).toEqual([]);
  });
});

it.each([
  ['http://nas.local', 'http://nas.local'],
  ['[::1]:80', "'[::1]:80'"],
  ['pay-*', "'pay-*'"],
])('The command that allows %s protects it from the shell', (entry, argument) => {
  expect(howToAllow({ folder: 'x', site: 'shop' }, 'allowedHosts', entry, '')).toBe(
    `Run: cloudtab allow ${argument} --site shop --dir x`,
  );
});
