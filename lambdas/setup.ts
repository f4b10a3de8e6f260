/** The setup Lambda: prepares the sites of a deployment that was created or updated, and resyncs every site. */
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answerCustomResource } from '../lib/adapters/aws/custom-resource.ts';
import { setupPorts } from '../lib/adapters/aws/deployment.ts';
import { readEnvironment } from '../lib/adapters/aws/environment.ts';
import { readProfilesFile } from '../lib/adapters/aws/profiles-file.ts';
import { JsonLogger } from '../lib/adapters/json-logger.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import { parseProfilesText } from '../lib/app/profiles/deployed-profiles.ts';
import { setup } from '../lib/app/setup.ts';
import { loadGrants } from '../lib/core/domain/grant-schema.ts';
import { RunnerTable } from '../lib/runners/table.ts';
import { runners } from './own-runners.ts';

const settings = readEnvironment('setup', process.env);
const logger = new JsonLogger({ service: 'cloudtab-setup' });
const ports = setupPorts(settings, new RunnerTable(runners, { bySite: settings.limits }), logger);

export function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  return answerCustomResource(event, {
    fetch: globalThis.fetch,
    clock: systemClock,
    async work({ access = [] }) {
      const profiles = parseProfilesText(readProfilesFile(import.meta.dirname));
      await setup(ports, { ...settings, access: loadGrants(access) }, profiles);
    },
  });
}
