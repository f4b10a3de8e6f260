import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeKey,
  parameterName,
  parseParameterName,
  parseTimerName,
  timerName,
} from '../../../lib/core/domain/names.ts';

describe('names', () => {
  it.each([
    [{ site: 'shop' }, 'The crontab of "shop"'],
    [{ site: 'shop', uid: 'backup' }, 'The cron "backup" of "shop"'],
  ])('The key %j is described as: %s', (key, text) => {
    expect(describeKey(key)).toBe(text);
  });

  const site = fc.stringMatching(/^[a-z0-9-]{1,16}$/);
  const uid = fc.stringMatching(/^[A-Za-z0-9_-]{1,36}$/);

  it('The name of a timer has at most 64 characters and parses back to its timer', () => {
    fc.assert(
      fc.property(site, uid, fc.nat({ max: 9_999_999_999 }), (anySite, anyUid, seconds) => {
        const timer = { site: anySite, uid: anyUid, plannedAt: seconds * 1000 };
        expect(timerName(timer)).toMatch(/^[0-9a-zA-Z_.-]{1,64}$/);
        expect(parseTimerName(timerName(timer))).toEqual(timer);
      }),
    );
    for (const name of ['', 'a.b', 'a.b.c', 'A.b.1', 'a.b.1.2', 'a.b.12345678901']) {
      expect(parseTimerName(name)).toBeUndefined();
    }
  });

  it('The name of a parameter parses back to its key, and names of any other form do not parse', () => {
    fc.assert(
      fc.property(site, fc.option(uid, { nil: undefined }), (anySite, anyUid) => {
        const key = anyUid === undefined ? { site: anySite } : { site: anySite, uid: anyUid };
        expect(parseParameterName('cloudtab', parameterName('cloudtab', key))).toEqual(key);
      }),
    );
    expect(parseParameterName('top', '/top/My Site/crons/a b')).toEqual({ site: 'My Site', uid: 'a b' });
    const others = [
      '',
      '/other/s/crontab',
      'x/top/s/crontab',
      '/top',
      '/top//crontab',
      '/top/s',
      '/top/s/else',
    ];
    for (const name of [...others, '/top/s/crons', '/top/s/crons/', '/top/s/crontab/u', '/top/s/crons/u/v']) {
      expect(parseParameterName('top', name)).toBeUndefined();
    }
  });
});
