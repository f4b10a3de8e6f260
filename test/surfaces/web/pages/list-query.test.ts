import { describe, expect, it } from 'vitest';
import { type CronView, cronView } from '../../../../lib/app/operations/cron-view.ts';
import { CRON_DEFAULTS } from '../../../../lib/core/domain/cron.ts';
import { newJob } from '../../../../lib/core/domain/job.ts';
import { withRecords } from '../../../../lib/core/domain/lease.ts';
import type { RunRecord } from '../../../../lib/core/domain/run-record.ts';
import {
  list,
  listPath,
  listQuery,
  nextSort,
  type Show,
  type Sort,
} from '../../../../lib/surfaces/web/pages/list-query.ts';
import { NOON } from '../../../support/jobs.ts';
import { recordOf } from '../../../support/run-records.ts';

const crontab = {
  modified: 1,
  version: 1,
  value: { activated: true, readOnly: false, timezone: 'UTC' },
};

function view(
  uid: string,
  rest: Record<string, unknown> = {},
  records: RunRecord[] = [],
  problems?: [],
): CronView {
  const value = { ...CRON_DEFAULTS, uid, name: 'task', periodicity: '0 * * * *', ...rest };
  const { job } = withRecords(newJob('default', uid), records);
  const cron = { modified: 1, version: 1, value, ...(problems && { problems }) };
  const cronOfList = cronView({ site: 'default', uid }, { crontab, cron, job }, NOON);
  if (!cronOfList) throw new Error('The cron has no view.');
  return cronOfList;
}

const CRONS = [
  view('daily', { periodicity: '@daily', name: 'zeta' }, [recordOf(9, { status: 'OK' })]),
  view('hourly', { user: 'Ada', description: 'Sends mail', tags: ['eu', 'shop'] }, [
    recordOf(5, { status: 'FAILURE' }),
  ]),
  view('monthly', { periodicity: '@monthly' }, [], []),
  view('off', { activated: false, name: 'alpha' }, [recordOf(1, { status: 'WARN' })]),
];

const listedUids = (query: Record<string, string>) =>
  list(CRONS, listQuery(query)).crons.map(({ uid }) => uid);

describe('the list of crons', () => {
  it.each([
    ['HOURLY', ['hourly']],
    ['ADA', ['hourly']],
    ['sends', ['hourly']],
    ['SHO', ['hourly']],
    ['zet', ['daily']],
    ['@month', ['monthly']],
    ['Every hour', ['hourly', 'off']],
    ['  ', ['daily', 'hourly', 'monthly', 'off']],
    ['nothing', []],
  ])(
    'A search for "%s" matches the uid, runner, user, schedule, description and tags of crons',
    (q, uids) => {
      expect(listedUids({ q })).toEqual(uids);
    },
  );

  it('A tag is matched as a whole, and the path has it', () => {
    expect(listedUids({ tag: 'eu' })).toEqual(['hourly']);
    expect(listedUids({ tag: 'e' })).toEqual([]);
    expect(listedUids({ tag: 'not a tag' })).toHaveLength(4);
    expect(listPath('default', { tag: 'eu' })).toBe('/sites/default?tag=eu');
  });

  it.each<[Show, string[]]>([
    ['all', ['daily', 'hourly', 'monthly', 'off']],
    ['problem', ['hourly', 'monthly']],
    ['running', []],
    ['failing', ['hourly']],
    ['late', []],
    ['rejected', ['monthly']],
    ['on', ['daily', 'hourly', 'monthly']],
    ['off', ['off']],
  ])('The filter "%s" lists the matching crons', (show, uids) => {
    expect(listedUids({ show })).toEqual(uids);
  });

  it('Of a crontab that is switched off every cron is off', () => {
    const off = { ...crontab, value: { ...crontab.value, activated: false } };
    const value = { ...CRON_DEFAULTS, uid: 'a', name: 'task', periodicity: '@daily' };
    const state = { crontab: off, cron: { modified: 1, version: 1, value } };
    const cron = cronView({ site: 'default', uid: 'a' }, state, NOON);
    const uids = (show: Show) => list(cron ? [cron] : [], listQuery({ show })).found;
    expect(uids('off')).toEqual(['a']);
    expect(uids('on')).toEqual([]);
  });

  it.each<[Sort, string[]]>([
    ['uid', ['daily', 'hourly', 'monthly', 'off']],
    ['next', ['hourly', 'daily', 'monthly', 'off']],
    ['last', ['off', 'hourly', 'daily', 'monthly']],
    ['health', ['hourly', 'monthly', 'daily', 'off']],
    ['runner', ['off', 'hourly', 'monthly', 'daily']],
    ['-uid', ['off', 'monthly', 'hourly', 'daily']],
    ['-next', ['monthly', 'daily', 'hourly', 'off']],
    ['-last', ['daily', 'hourly', 'off', 'monthly']],
    ['-health', ['off', 'daily', 'monthly', 'hourly']],
    ['-runner', ['daily', 'hourly', 'monthly', 'off']],
  ])('The order "%s" sorts the crons', (sort, uids) => {
    expect(listedUids({ sort })).toEqual(uids);
  });

  it('The heading of a column leads to its order, and to the other direction from there', () => {
    expect(nextSort('uid', 'next')).toBe('next');
    expect(nextSort('next', 'next')).toBe('-next');
    expect(nextSort('-next', 'next')).toBe('next');
  });

  it('A page after the last one shows the last page', () => {
    expect(list(CRONS, listQuery({ page: '7' }))).toMatchObject({ page: 1, pages: 1 });
  });
});

describe('the address of a list', () => {
  it('listPath writes the settings that are not defaults, and listQuery reads them back', () => {
    const query = { q: 'a b', tag: 'eu', show: 'failing', sort: 'next', page: 2 } as const;
    const path = listPath('shop', query);
    expect(path).toBe('/sites/shop?q=a+b&tag=eu&show=failing&sort=next&page=2');
    expect(listQuery(Object.fromEntries(new URLSearchParams(path.split('?')[1])))).toEqual(query);
    expect(listPath('shop', listQuery({}))).toBe('/sites/shop');
  });

  it.each(['0', '-1', 'x', '1e9', '9999999', 'constructor'])(
    'listQuery replaces the invalid setting "%s" by the defaults',
    (text) => {
      expect(listQuery({ show: text, sort: text, page: text })).toEqual({
        q: '',
        tag: '',
        show: 'all',
        sort: 'uid',
        page: 1,
      });
    },
  );
});
