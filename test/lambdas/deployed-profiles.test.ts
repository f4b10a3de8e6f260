import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  PROFILES_FILE,
  profilesText,
  readDeployedProfiles,
} from '../../lib/adapters/aws/deployed-profiles.ts';
import { writeProfile } from '../../lib/app/profiles/formats.ts';
import type { Profile } from '../../lib/app/profiles/profile.ts';
import { crontabs } from '../app/profiles/arbitrary.ts';
import { profileIn } from '../app/profiles/support.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** The profile as the setup Lambda reads it. */
function deployed(profile: Profile): Profile | undefined {
  const folder = tempFolder();
  writeFileSync(join(folder, PROFILES_FILE), profilesText({ shop: profile }));
  return readDeployedProfiles(folder).shop;
}

it('A deployment without a file of profiles has no profiles', () => {
  expect(readDeployedProfiles(tempFolder())).toEqual({});
});

it('A file of profiles that cannot be read is an error', () => {
  const folder = tempFolder();
  mkdirSync(join(folder, PROFILES_FILE));
  expect(() => readDeployedProfiles(folder)).toThrow('EISDIR');
});

it('A deployed profile is the same profile without its positions', () => {
  const xml = '<crons>\n  <cron uid="a" name="x"/>\n  <cron uid="b" remove="true"/></crons>';
  const profile = deployed(profileIn(xml, 'xml'));
  expect(profile).toMatchObject({
    settings: {},
    whenAdded: { activated: false },
    leftOut: [],
    elements: [
      { uid: 'a', remove: false, given: { name: 'x' }, line: 1, column: 1 },
      { uid: 'b', remove: true, given: {}, line: 1, column: 1 },
    ],
  });
  expect(profile?.elements[0]?.placeOf('name')).toEqual({ line: 1, column: 1 });
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
