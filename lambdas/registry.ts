/** The registry Lambda: projects a parameter that changed. */
import { deployedLimits, projectPorts } from '../lib/adapters/aws/deployment.ts';
import { readEnvironment } from '../lib/adapters/aws/environment.ts';
import { changedParameter } from '../lib/adapters/aws/parameter-event.ts';
import { jsonLogger } from '../lib/adapters/json-logger.ts';
import { projectChange } from '../lib/core/engine/project-parameter.ts';
import { RunnerTable } from '../lib/runners/table.ts';
import { runners } from './own-runners.ts';

const settings = readEnvironment('registry', process.env);
const logger = jsonLogger({ service: 'cloudtab-registry' });
const limits = deployedLimits(settings);
const ports = projectPorts(settings, new RunnerTable(runners, limits), logger);

export async function handler(event: unknown): Promise<void> {
  const key = changedParameter(settings.root, event, logger);
  if (!key) return;
  await limits.load();
  await projectChange(ports, key);
}
