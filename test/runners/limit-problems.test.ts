// cspell:ignore exämple exmple
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../lib/core/domain/problem.ts';
import { type LimitList, readEntry, readLimits } from '../../lib/runners/limit-problems.ts';

const read = (list: LimitList, entry: unknown) => {
  const problems: Problem[] = [];
  return { text: readEntry(list, 'here', entry, problems), problems };
};

describe('readEntry', () => {
  it.each<[LimitList, string, string]>([
    ['allowedHosts', '*', '*'],
    ['allowedHosts', 'https://exämple.com:8443', 'https://xn--exmple-cua.com:8443'],
    ['allowedHosts', '*.Corp.example', '*.corp.example'],
    ['allowedHosts', '[::1]:3000', '[::1]:3000'],
    ['allowedHosts', 'fd00::/8', 'fd00::/8'],
    ['allowedFunctions', 'reports-*', 'reports-*'],
    ['allowedFunctions', '*', '*'],
    [
      'allowedFunctions',
      'arn:aws:lambda:eu-west-1:123456789012:function:tax',
      'arn:aws:lambda:eu-west-1:123456789012:function:tax',
    ],
    ['allowedUsers', 'cron-*', 'cron-*'],
    ['allowedUsers', 'team/cron@x', 'team/cron@x'],
    ['allowedUsers', 'arn:aws-cn:iam::123456789012:role/a/b', 'arn:aws-cn:iam::123456789012:role/a/b'],
  ])('In %s the entry %s is compared as %s', (list, entry, text) => {
    expect(read(list, entry)).toEqual({ text, problems: [] });
  });

  it.each<[LimitList, unknown]>([
    ['allowedHosts', 'https://nas.local/path'],
    ['allowedHosts', '10.0.0.*'],
    ['allowedHosts', '*.*'],
    ['allowedHosts', 'nas.local:http'],
    ['allowedHosts', 'a b'],
    ['allowedHosts', 'me@nas.local'],
    ['allowedHosts', 'ftp://x'],
    ['allowedHosts', ''],
    ['allowedHosts', 1],
    ['allowedFunctions', '*-report'],
    ['allowedFunctions', 'report.v2'],
    ['allowedFunctions', 'report:7'],
    ['allowedFunctions', 'arn:aws:iam::123456789012:role/report'],
    ['allowedUsers', 'cron-*-reader'],
    ['allowedUsers', 'a b'],
    ['allowedUsers', 'arn:aws:iam::123456789012:user/me'],
    ['allowedUsers', 'arn:aws:sts::123456789012:assumed-role/a/b'],
    ['allowedUsers', ''],
  ])('In %s the entry %j can match nothing, which is a problem', (list, entry) => {
    expect(read(list, entry)).toMatchObject({ problems: [{ where: 'here', got: JSON.stringify(entry) }] });
  });
});

describe('readLimits', () => {
  it('All problems of all sites are found at once, each with its place', () => {
    const { problems } = readLimits({
      '*': { allowedHosts: 'a', allowCommands: 'yes', allowedHost: [] },
      Shop: {},
      blog: [],
      payroll: { allowedUsers: [1] },
    });
    expect(problems.map(({ where, got }) => [where, got])).toEqual([
      ['limits.*.allowedHosts', 'text'],
      ['limits.*.allowCommands', 'text'],
      ['limits.*.allowedHost', '"allowedHost"'],
      ['limits.Shop', '"Shop"'],
      ['limits.blog', 'a list'],
      ['limits.payroll.allowedUsers', '1'],
    ]);
    expect(readLimits('{').problems).toMatchObject([{ where: 'limits', got: 'text' }]);
  });

  it('An entry that is there twice counts once, and one that is known only later is taken as it is', () => {
    const isUnknown = (entry: string) => entry.startsWith('#later');
    const given = { shop: { allowedHosts: ['A.example', 'a.example', '#later'] } };
    expect(readLimits(given, isUnknown)).toEqual({
      limits: { shop: { allowedHosts: ['a.example', '#later'] } },
      problems: [],
    });
  });
});
