// cspell:ignore bakcup
import { expect, it } from 'vitest';
import { cronNotFound, siteNotFound } from '../../../lib/core/domain/not-found.ts';

const KEY = { site: 'shop', uid: 'backup' };

it.each([
  [cronNotFound(KEY), 'cron "backup" not found in site "shop".'],
  [cronNotFound(KEY, []), 'cron "backup" not found in site "shop"; it has none.'],
  [cronNotFound(KEY, ['bakcup']), 'cron "backup" not found in site "shop"; did you mean "bakcup"?'],
  [
    cronNotFound(KEY, ['hourly'], '.cloudtab'),
    'cron "backup" not found in site "shop" of .cloudtab; it has: hourly.',
  ],
  [siteNotFound('shop'), 'site "shop" not found.'],
  [siteNotFound('shop', ['blog', 'ship']), 'site "shop" not found; did you mean "ship"?'],
  [siteNotFound('shop', ['default'], '.cloudtab'), 'site "shop" not found in .cloudtab; it has: default.'],
])('The message of $name is: %s', (error, message) => {
  expect(error).toMatchObject({ name: 'NotFoundError', message });
});
