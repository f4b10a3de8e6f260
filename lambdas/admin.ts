/** The admin Lambda: the dashboard and the API behind the function URL, which accepts only signed requests. */
import { handle } from 'hono/aws-lambda';
import { makeLogs } from '../lib/adapters/aws/clients.ts';
import {
  accessOf,
  deployedLimits,
  operationPorts,
  publishedCatalogue,
} from '../lib/adapters/aws/deployment.ts';
import { readEnvironment } from '../lib/adapters/aws/environment.ts';
import { LogGroupOutput } from '../lib/adapters/aws/log-group-output.ts';
import { jsonLogger } from '../lib/adapters/json-logger.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import { makeDoor } from '../lib/app/door/call.ts';
import type { AccessList } from '../lib/core/ports/access.ts';
import { RunnerTable } from '../lib/runners/table.ts';
import { makeApp } from '../lib/surfaces/web/app.ts';
import { runners } from './own-runners.ts';

const settings = readEnvironment('admin', process.env);
const logger = jsonLogger({ service: 'cloudtab-admin' });

const limits = deployedLimits(settings);
const ports = operationPorts(settings, new RunnerTable(runners, limits), logger);
const output = new LogGroupOutput({
  client: makeLogs(),
  clock: systemClock,
  group: settings.runLogGroupName,
  region: process.env.AWS_REGION ?? '',
});

const { version, targetOption: option } = settings;
const door = makeDoor({ ...ports, output, version, option, catalogue: publishedCatalogue(settings) });
const roles = accessOf(settings);

/** Each request asks for the roles first, so that it is refused if the limits cannot be read either. */
const access: AccessList = {
  async grants() {
    const [grants] = await Promise.all([roles.grants(), limits.load()]);
    return grants;
  },
};
export const handler = handle(makeApp(door, { access }));
