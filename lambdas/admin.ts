/** The admin Lambda: the dashboard and the API behind the function URL, which lets only signed calls through. */
import { handle } from 'hono/aws-lambda';
import { makeApp } from '../lib/admin/app.ts';
import { operationPorts } from '../lib/aws/deployment.ts';
import { readEnvironment } from '../lib/aws/environment.ts';
import { LogGroupOutput } from '../lib/aws/log-group-lines.ts';
import { RunnerTable } from '../lib/runners/table.ts';
import { JsonLogger } from '../lib/system/json-logger.ts';
import { runners } from './runners/index.ts';

const settings = readEnvironment('admin', process.env);
const logger = new JsonLogger({ service: 'cloudtab-admin' });

const ports = operationPorts(settings, new RunnerTable(runners, settings), logger);
const lines = new LogGroupOutput(settings.runLogGroupName, process.env.AWS_REGION ?? '');

export const handler = handle(makeApp(ports, { lines }));
