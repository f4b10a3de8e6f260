import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseProfilesText, profilesText } from '../../../lib/app/profiles/deployed-profiles.ts';
import { writeProfile } from '../../../lib/app/profiles/formats.ts';
import { crontabs } from './arbitrary.ts';
import { profileIn } from './support.ts';

it('No profiles are parsed from an empty object', () => {
  expect(parseProfilesText('{}')).toEqual({});
});

it('A deployed profile is the same profile without its positions', () => {
  const xml = '<crons>\n  <cron uid="a" name="x"/>\n  <cron uid="b" remove="true"/></crons>';
  const profile = parseProfilesText(profilesText({ shop: profileIn(xml, 'xml') })).shop;
  expect(profile).toMatchObject({
    settings: {},
    whenAdded: { activated: false },
    leftOut: [],
    elements: [
      { uid: 'a', remove: false, given: { name: 'x' }, line: 1, column: 1 },
      { uid: 'b', remove: true, given: {}, line: 1, column: 1 },
    ],
  });
  expect(profile?.elements[0]?.positionOf('name')).toEqual({ line: 1, column: 1 });
});

it('Profiles with the same content in YAML and in JSON have the same deployed text', () => {
  fc.assert(
    fc.property(crontabs, (crontab) => {
      const [yaml, json] = (['yaml', 'json'] as const).map((format) =>
        profilesText({ shop: profileIn(writeProfile(crontab, format), format) }),
      );
      expect(json).toBe(yaml);
    }),
  );
});
