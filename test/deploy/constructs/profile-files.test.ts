import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { MAX_PROFILE_CRONS } from '../../../lib/adapters/aws/table.ts';
import { deployedProfiles, profilesIn } from '../../../lib/deploy/constructs/profile-files.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { smallStack } from './small-stack.ts';

function file(name: string, text: string): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, text);
  return path;
}

it('Synthesis rejects invalid profiles with file, line and column', () => {
  const bad = file('bad.yaml', 'crons:\n  - uid: a\n    periodicity: "61 * * * *"\n');
  expect(() => deployedProfiles(smallStack(), { 'No Site': file('x.yaml', ''), shop: bad })).toThrow(
    new RegExp(
      `^The profiles cannot be deployed\\.\\n.*x\\.yaml: got the site "No Site", wanted 1 to 16 lower-case letters, digits and dashes\\.\\n${bad}:3:5 periodicity: .*"61".*$`,
    ),
  );
  expect(() => deployedProfiles(smallStack(), { shop: '/nowhere/x.yaml' })).toThrow(
    'Cannot read the profile /nowhere/x.yaml',
  );
});

it('Synthesis rejects a profile with more crons than the table can remember', () => {
  const crons = Array.from({ length: MAX_PROFILE_CRONS + 1 }, (_, index) => ({
    uid: `a${index}`,
    remove: true,
  }));
  const path = file('large.json', JSON.stringify({ crons }));
  const files = (name: string) => deployedProfiles(smallStack(), { shop: name });
  expect(() => files(path)).toThrow(
    `${path}: got 3501 crons, wanted at most 3500. Split it among sites, or use "cloudtab apply".`,
  );
  const largest = file('largest.json', JSON.stringify({ crons: crons.slice(1) }));
  expect(files(largest).shop?.elements).toHaveLength(MAX_PROFILE_CRONS);
});

it('Synthesis warns of the lines of a profile that are left out or differ', () => {
  const stack = smallStack();
  const text = '@reboot start\n@daily lambda:x\n*/90 * * * * lambda:x\n';
  deployedProfiles(stack, { shop: file('shop.crontab', text) });
  Annotations.fromStack(stack).hasWarning(
    '*',
    Match.stringLikeRegexp('shop.crontab:1 is left out: @reboot start'),
  );
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('shop.crontab:3 The step of "\\*/90"'));
});

it('profilesIn finds the profiles of a folder by the names of their sites', () => {
  const folder = tempFolder();
  expect(profilesIn(join(folder, 'none'))).toEqual({});
  for (const name of ['shop.yaml', 'blog.xml', 'README.md']) writeFileSync(join(folder, name), '');
  expect(profilesIn(folder)).toEqual({ shop: join(folder, 'shop.yaml'), blog: join(folder, 'blog.xml') });
  writeFileSync(join(folder, 'shop.json'), '');
  expect(() => profilesIn(folder)).toThrow(/shop\.yaml and .*shop\.json are both of "shop": keep one\.$/);
  mkdirSync(join(folder, 'sub'));
  expect(() => profilesIn(join(folder, 'shop.yaml'))).toThrow('ENOTDIR');
});
