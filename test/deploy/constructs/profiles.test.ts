import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { PROFILES_FILE, readProfilesFile } from '../../../lib/adapters/aws/profiles-file.ts';
import { MOST_PROFILE_CRONS } from '../../../lib/adapters/aws/table.ts';
import { parseProfilesText } from '../../../lib/app/profiles/deployed-profiles.ts';
import { CloudtabStack } from '../../../lib/deploy/constructs/cloudtab-stack.ts';
import { deployedProfiles, profilesIn } from '../../../lib/deploy/constructs/profile-files.ts';
import { tempFolder } from '../../support/temp-folder.ts';

function file(name: string, text: string): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, text);
  return path;
}

/** The stack, its template, and the folder of the setup Lambda's code. */
function synthesized(profiles?: Record<string, string>) {
  const app = new App();
  const stack = new CloudtabStack(app, 'Test', profiles ? { profiles } : {});
  const template = Template.fromStack(stack);
  const [setup] = Object.values(
    template.findResources('AWS::Lambda::Function', {
      Properties: { Description: Match.stringLikeRegexp('makes ready') },
    }),
  );
  const code = join(app.synth().directory, `asset.${setup?.Properties.Code.S3Key.replace('.zip', '')}`);
  return { stack, template, code };
}

const SHOP = 'crons:\n  - {uid: a, name: http, periodicity: "@daily"}\n';

describe('the profiles of a deployment', () => {
  // The first synthesis bundles every Lambda.
  it('The setup Lambda carries the profiles, and may then remove crons', () => {
    const { template, code } = synthesized({ shop: file('crons.yaml', SHOP) });
    expect(parseProfilesText(readProfilesFile(code)).shop?.elements).toMatchObject([
      { uid: 'a', given: { name: 'http' } },
    ]);
    expect(readFileSync(join(code, 'index.mjs'), 'utf8')).not.toBe('');
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('Setup'),
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'ssm:DeleteParameter' })]) },
    });
  }, 120_000);

  it('The setup Lambda runs again when the content of a profile changes, and not for a comment', () => {
    const codeOf = (text: string) => basename(synthesized({ shop: file('crons.yaml', text) }).code);
    const code = codeOf(SHOP);
    expect(codeOf(`# the same\n${SHOP}`)).toBe(code);
    expect(codeOf(SHOP.replace('daily', 'hourly'))).not.toBe(code);
  });

  it('The setup Lambda carries no profiles when the deployment has none', () => {
    const { code } = synthesized();
    expect(() => readFileSync(join(code, PROFILES_FILE))).toThrow('ENOENT');
  });

  it('Synthesis rejects invalid profiles with file, line and column', () => {
    const bad = file('bad.yaml', 'crons:\n  - uid: a\n    periodicity: "61 * * * *"\n');
    expect(() => synthesized({ 'No Site': file('x.yaml', ''), shop: bad })).toThrow(
      new RegExp(
        `^The profiles cannot be deployed\\.\\n.*x\\.yaml: got the site "No Site", wanted 1 to 16 lower-case letters, digits and dashes\\.\\n${bad}:3:5 periodicity: .*"61".*$`,
      ),
    );
    expect(() => synthesized({ shop: '/nowhere/x.yaml' })).toThrow('Cannot read the profile /nowhere/x.yaml');
  });

  it('Synthesis rejects a profile with more crons than the table can remember', () => {
    const crons = Array.from({ length: MOST_PROFILE_CRONS + 1 }, (_, index) => ({
      uid: `a${index}`,
      remove: true,
    }));
    const path = file('large.json', JSON.stringify({ crons }));
    const files = (name: string) => deployedProfiles(new App(), { shop: name });
    expect(() => files(path)).toThrow(`${path}: got 3501 crons, wanted at most 3500. Split it among sites.`);
    const largest = file('largest.json', JSON.stringify({ crons: crons.slice(1) }));
    expect(files(largest).shop?.elements).toHaveLength(MOST_PROFILE_CRONS);
  });

  it('Synthesis warns of the lines of a profile that are left out', () => {
    const { stack } = synthesized({ shop: file('shop.crontab', '@reboot start\n@daily lambda:x\n') });
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('shop.crontab:1 is left out: @reboot start'),
    );
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
});
