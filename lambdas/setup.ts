/** The setup Lambda: a deployment changed something, so every site is made ready and restored. */
import { readDeployedProfiles } from '../lib/aws/deployed-profiles.ts';
import { setUpPorts } from '../lib/aws/deployment.ts';
import { readEnvironment } from '../lib/aws/environment.ts';
import { setUp } from '../lib/aws/set-up.ts';
import { RunnerTable } from '../lib/runners/table.ts';
import { JsonLogger } from '../lib/system/json-logger.ts';
import { runners } from './runners/index.ts';

const settings = readEnvironment('setup', process.env);
const log = new JsonLogger({ service: 'cloudtab-setup' });
const ports = setUpPorts(settings, new RunnerTable(runners, settings), log);

export function handler(): Promise<void> {
  return setUp(ports, settings, readDeployedProfiles(import.meta.dirname));
}
