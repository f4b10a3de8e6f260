/** Examines and repairs a deployment, and compares its version with that of this program. */
import { openStackTarget } from '../adapters/aws/stack-target.ts';
import { version as ownVersion } from '../adapters/version.ts';
import { type Finding, versionFinding } from '../core/domain/finding.ts';
import type { Client } from './client.ts';
import { deploymentClient, type FoundDeployment } from './deployment-client.ts';
import { type Doctor, doctorOf } from './doctor.ts';
import { quietLogger } from './quiet-logger.ts';

/** `find` looks up its function URL. Throws as `openStackTarget`. */
export async function deploymentDoctor(
  stack: string,
  root: string | undefined,
  find: () => Promise<FoundDeployment>,
): Promise<Doctor> {
  const target = await openStackTarget(stack, { logger: quietLogger, root });
  return doctorOf(target, async () => versionFindings(deploymentClient(await find())));
}

/** None if the versions are equal. Throws the errors of a call of the deployment. */
async function versionFindings({ call }: Pick<Client, 'call'>): Promise<Finding[]> {
  const own = ownVersion();
  const { version } = await call('whoami', {});
  if (version === own) return [];
  const isNewer = version !== undefined && version.localeCompare(own, 'en', { numeric: true }) > 0;
  const fix = isNewer
    ? `Install the version of the deployment: npm install cloudtab@${version}`
    : 'Deploy this version: npx cdk deploy';
  return [versionFinding('The deployment', version, { own, fix })];
}
