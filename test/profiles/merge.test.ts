import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeProfile } from '../../lib/profiles/formats.ts';
import { newSince } from '../../lib/profiles/merge.ts';
import { plan } from '../../lib/profiles/plan.ts';
import type { Profile } from '../../lib/profiles/profile.ts';
import { storedProfile, storedText } from '../../lib/profiles/stored.ts';
import { NOON } from '../support/jobs.ts';
import { crontabs } from './arbitrary.ts';
import { anyRunner, profileIn, siteOf } from './support.ts';

const crons = (...lines: string[]) => profileIn(`crons:\n${lines.map((line) => `  - {${line}}\n`).join('')}`);

/** What is new, as short texts. */
function news(last: Profile | undefined, next: Profile, uidsThere: readonly string[] = ['a', 'b']): string[] {
  const { profile, skipped } = newSince(last, next, siteOf(uidsThere.map((uid) => ({ uid }))));
  return [
    ...Object.entries(profile.settings).map(([name, value]) => `${name}=${value}`),
    ...profile.elements.map(({ uid, remove, given }) =>
      remove ? `-${uid}` : `${uid} ${JSON.stringify(given)}`,
    ),
    ...skipped.map((uid) => `skipped ${uid}`),
  ];
}

describe('what is new in a profile since it was applied last', () => {
  it.each<[string, Profile | undefined, Profile, string[]]>([
    [
      'all of it, the first time',
      undefined,
      crons('uid: a, timeout: 9', 'uid: c, remove: true'),
      ['a {"timeout":9}', '-c'],
    ],
    ['nothing, when it is the same', crons('uid: a, timeout: 9'), crons('uid: a, timeout: 9'), []],
    [
      'a field that differs',
      crons('uid: a, timeout: 9, user: x'),
      crons('uid: a, timeout: 8, user: x'),
      ['a {"timeout":8}'],
    ],
    ['a field that came', crons('uid: a'), crons('uid: a, timeout: 8'), ['a {"timeout":8}']],
    [
      'a field that is taken away',
      crons('uid: a, user: x'),
      crons('uid: a, user: null'),
      ['a {"user":null}'],
    ],
    ['not a field that is not spoken of any more', crons('uid: a, user: x'), crons('uid: a'), []],
    ['not a cron that is not spoken of any more', crons('uid: a', 'uid: b'), crons('uid: b'), []],
    ['a cron that came', crons('uid: a'), crons('uid: a', 'uid: b, timeout: 9'), ['b {"timeout":9}']],
    ['a removal that came', crons('uid: a'), crons('uid: a, remove: true'), ['-a']],
    ['not a removal that was there', crons('uid: a, remove: true'), crons('uid: a, remove: true'), []],
    [
      'a cron that was removed and is given again',
      crons('uid: a, remove: true'),
      crons('uid: a, name: x, periodicity: "@daily"'),
      ['a {"name":"x","periodicity":"@daily"}'],
    ],
    [
      'all of a cron that is given anew, when anything of it differs',
      crons('uid: a, remove: true', 'uid: a, name: x, periodicity: "@daily", user: me'),
      crons('uid: a, remove: true', 'uid: a, name: x, periodicity: "@daily"'),
      ['-a', 'a {"name":"x","periodicity":"@daily"}'],
    ],
    [
      'nothing of a cron that is given anew as before',
      crons('uid: a, remove: true', 'uid: a, name: x, periodicity: "@daily"'),
      crons('uid: a, remove: true', 'uid: a, name: x, periodicity: "@daily"'),
      [],
    ],
    [
      'a setting that differs',
      profileIn('crontab: {activated: true, timezone: UTC}'),
      profileIn('crontab: {activated: true, timezone: Asia/Tokyo}'),
      ['timezone=Asia/Tokyo'],
    ],
  ])('is %s', (_, last, next, expected) => {
    expect(news(last, next)).toEqual(expected);
  });

  it('is nothing of a cron that people removed, unless the profile changed it; then it comes back whole', () => {
    const last = crons('uid: c, name: x, periodicity: "@daily"', 'uid: d, timeout: 9');
    expect(news(last, last)).toEqual([]);
    const next = crons('uid: c, name: x, periodicity: "@hourly"', 'uid: d, timeout: 8');
    expect(news(last, next)).toEqual(['c {"name":"x","periodicity":"@hourly"}', 'skipped d']);
  });

  it('is nothing for any profile that was applied, and all of any that was not', () => {
    fc.assert(
      fc.property(crontabs, (crontab) => {
        const profile = profileIn(writeProfile(crontab, 'yaml'));
        const site = siteOf(crontab.crons, crontab.settings);
        expect(newSince(profile, profile, site).profile).toMatchObject({ elements: [], settings: {} });
        expect(newSince(undefined, profile, site).profile).toEqual(profile);
      }),
    );
  });

  it('never touches a field that only people changed', () => {
    fc.assert(
      fc.property(crontabs, crontabs, crontabs, (one, two, people) => {
        const [last, next] = [one, two].map((crontab) => profileIn(writeProfile(crontab, 'json', true)));
        const site = siteOf(people.crons, people.settings);
        const { profile } = newSince(last, next as Profile, site);
        const { steps } = plan(profile, site, { now: NOON, runners: anyRunner });
        for (const step of steps) {
          if (step.kind !== 'change') continue;
          const before = last?.elements.find(({ uid }) => uid === step.uid)?.given ?? {};
          const after = next?.elements.find(({ uid }) => uid === step.uid)?.given ?? {};
          for (const { field } of step.changes) expect(after[field]).not.toEqual(before[field]);
        }
      }),
    );
  });
});

describe('the text of a profile that goes with a deployment', () => {
  it('gives back the same profile without its places, and is the same for files that mean the same', () => {
    fc.assert(
      fc.property(crontabs, (crontab) => {
        const [yaml, json] = (['yaml', 'json'] as const).map((format) =>
          profileIn(writeProfile(crontab, format), format),
        );
        const text = storedText(yaml as Profile);
        expect(storedText(json as Profile)).toBe(text);
        expect(storedText(storedProfile(text))).toBe(text);
        const [element] = storedProfile(text).elements;
        expect(element?.placeOf('name') ?? { line: 1, column: 1 }).toEqual({ line: 1, column: 1 });
      }),
    );
    const removal = '<crons><cron uid="a" name="x" remove="true"/></crons>';
    expect(storedProfile(storedText(profileIn(removal, 'xml')))).toMatchObject({
      whenAdded: { activated: false },
      elements: [{ uid: 'a', remove: true, given: {} }],
    });
  });
});
