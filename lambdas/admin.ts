/** The admin Lambda: the dashboard and the API behind the function URL, which accepts only signed requests. */
import { handle } from 'hono/aws-lambda';
import { makeLogs } from '../lib/adapters/aws/clients.ts';
import { accessOf, operationPorts, publishedCatalogue } from '../lib/adapters/aws/deployment.ts';
import { readEnvironment } from '../lib/adapters/aws/environment.ts';
import { LogGroupOutput } from '../lib/adapters/aws/log-group-output.ts';
import { JsonLogger } from '../lib/adapters/json-logger.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import { makeDoor } from '../lib/app/door/call.ts';
import { RunnerTable } from '../lib/runners/table.ts';
import { makeApp } from '../lib/surfaces/web/app.ts';
import { runners } from './own-runners.ts';

const settings = readEnvironment('admin', process.env);
const logger = new JsonLogger({ service: 'cloudtab-admin' });

const ports = operationPorts(settings, new RunnerTable(runners, { bySite: settings.limits }), logger);
const output = new LogGroupOutput({
  client: makeLogs(),
  clock: systemClock,
  group: settings.runLogGroupName,
  region: process.env.AWS_REGION ?? '',
});

const door = makeDoor({ ...ports, output, catalogue: publishedCatalogue(settings) });
export const handler = handle(makeApp(door, { access: accessOf(settings) }));
