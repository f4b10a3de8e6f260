/** The registry Lambda: a parameter changed, so its projection follows. */
import { projectPorts } from '../lib/aws/deployment.ts';
import { readEnvironment } from '../lib/aws/environment.ts';
import { changedParameter } from '../lib/aws/parameter-event.ts';
import { projectParameter } from '../lib/handlers/project.ts';
import { RunnerTable } from '../lib/runners/table.ts';
import { JsonLogger } from '../lib/system/json-logger.ts';
import { runners } from './runners/index.ts';

const settings = readEnvironment('registry', process.env);
const logger = new JsonLogger({ service: 'cloudtab-registry' });
const ports = projectPorts(settings, new RunnerTable(runners, settings), logger);

export async function handler(event: unknown): Promise<void> {
  const key = changedParameter(settings.root, event, logger);
  if (key) await projectParameter(ports, key);
}
