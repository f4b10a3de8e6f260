/** What npm and the release workflow require of the package. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { tempFolder } from '../support/temp-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const workflow = parse(read('.github/workflows/release.yml'));

/** The step that compares versions, in a folder with that version of the changelog. */
function compareVersions(tag: string, heading: string) {
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'package.json'), '{"version": "1.2.3"}');
  writeFileSync(join(cwd, 'CHANGELOG.md'), `# Changelog\n\n${heading}\n`);
  const { run } = workflow.jobs.publish.steps.find(({ name }: { name?: string }) =>
    name?.includes('version'),
  );
  return spawnSync('bash', ['-e', '-c', run], { cwd, env: { ...process.env, GITHUB_REF_NAME: tag } }).status;
}

it('npm accepts the package for publication, and shows where it comes from', () => {
  expect(manifest.private).toBeUndefined();
  expect(manifest.repository.url).toMatch(/^git\+https:\/\/github\.com\/.+\.git$/);
  expect(manifest.keywords).toContain('crontab');
  for (const pattern of manifest.files) {
    const file = pattern.replace('/*.md', '');
    expect(file === 'dist' || existsSync(join(ROOT, file)), pattern).toBe(true);
  }
});

it('The changelog has the version of the package, and names what it does not support', () => {
  const [, section = ''] = read('CHANGELOG.md').split(`## [${manifest.version}]`);
  const [, unsupported = ''] = section.split('### Not supported');
  expect(unsupported).toMatch(/Windows/);
  expect(unsupported).toMatch(/Seconds/);
});

it('The release workflow publishes tags with provenance after all checks, and only when it is switched on', () => {
  expect(workflow.on).toEqual({ push: { tags: ['v*'] } });
  const { check, publish } = workflow.jobs;
  expect(check).toEqual({ if: "vars.RELEASE == 'true'", uses: './.github/workflows/ci.yml' });
  expect(parse(read('.github/workflows/ci.yml')).on).toHaveProperty('workflow_call');
  expect(publish.needs).toBe('check');
  expect(publish.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  expect(publish.steps.at(-1).run).toContain('npm publish --provenance');
});

it.each([
  ['accepts a tag of the version in package.json and the changelog', 'v1.2.3', '## [1.2.3] - 2026-12-01', 0],
  ['refuses another tag', 'v1.2.4', '## [1.2.3] - 2026-12-01', 1],
  ['refuses an unreleased version', 'v1.2.3', '## [1.2.3] - unreleased', 1],
])('The release workflow %s', (_, tag, heading, status) => {
  expect(compareVersions(tag, heading)).toBe(status);
});
