/** Compares the version of a deployment with that of this program. */
import { type Finding, versionFinding } from '../core/domain/finding.ts';
import type { Client } from './client.ts';
import { version as ownVersion } from './version.ts';

/** None if the versions are equal. Throws the errors of a call of the deployment. */
export async function deployedVersionFindings(
  { call }: Pick<Client, 'call'>,
  own = ownVersion(),
): Promise<Finding[]> {
  const { version } = await call('whoami', {});
  if (version === own) return [];
  const isNewer = version !== undefined && version.localeCompare(own, 'en', { numeric: true }) > 0;
  const fix = isNewer
    ? `Install the version of the deployment: npm install cloudtab@${version}`
    : 'Deploy this version: npx cdk deploy';
  return [versionFinding('The deployment', version, { own, fix })];
}
