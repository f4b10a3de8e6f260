/**
 * The setup Lambda handles two resources of a deployment. The first one is what runners may reach, before the other Lambdas
 * are updated; the last one prepares the sites and resyncs every site.
 */
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import {
  answerCustomResource,
  type CustomResourceParts,
  RESOURCE_TYPES,
} from '../lib/adapters/aws/custom-resource.ts';
import { limitsPorts, setupPorts } from '../lib/adapters/aws/deployment.ts';
import { readEnvironment } from '../lib/adapters/aws/environment.ts';
import { readProfilesFile } from '../lib/adapters/aws/profiles-file.ts';
import { jsonLogger } from '../lib/adapters/json-logger.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import { parseProfilesText } from '../lib/app/profiles/deployed-profiles.ts';
import { dropLimits, setLimits, setup } from '../lib/app/setup.ts';
import { loadGrants } from '../lib/core/domain/grant-schema.ts';
import { runners } from './own-runners.ts';

const settings = readEnvironment('setup', process.env);
const logger = jsonLogger({ service: 'cloudtab-setup' });

/** As the construct writes them. */
interface Properties {
  readonly access?: unknown;
  readonly sites?: readonly string[];
  readonly limitsId?: string;
  readonly syncFunctionName?: string;
}

const deployment: Pick<CustomResourceParts, 'work'> = {
  async work({ access = [], sites = [], limitsId = '', syncFunctionName = '' }: Properties) {
    const profiles = parseProfilesText(readProfilesFile(import.meta.dirname));
    const grants = loadGrants(access);
    const ports = setupPorts({ ...settings, limitsId, syncFunctionName }, runners, logger);
    await setup(ports, { sites, timezone: settings.timezone, access: grants }, profiles);
    return undefined;
  },
};

function limitsOf(event: CloudFormationCustomResourceEvent): Pick<CustomResourceParts, 'work' | 'remove'> {
  const ports = limitsPorts(settings, logger, `${event.StackId} ${event.LogicalResourceId}`);
  return {
    work: ({ limits }) => setLimits(ports, JSON.parse(String(limits))),
    remove: (id) => dropLimits(ports, id),
  };
}

export function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  const resource = event.ResourceType === RESOURCE_TYPES.limits ? limitsOf(event) : deployment;
  return answerCustomResource(event, { fetch: globalThis.fetch, clock: systemClock, ...resource });
}
