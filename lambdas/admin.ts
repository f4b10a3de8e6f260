/** The admin Lambda: the API of the crontabs behind the function URL, which lets only signed calls through. */
import { handle } from 'hono/aws-lambda';
import { makeApp } from '../lib/admin/app.ts';
import { operationPorts } from '../lib/aws/deployment.ts';
import { readEnvironment } from '../lib/aws/environment.ts';
import { JsonLogger } from '../lib/aws/json-logger.ts';
import { RunnerTable } from '../lib/runners/table.ts';
import { runners } from './runners/index.ts';

const settings = readEnvironment('admin', process.env);
const log = new JsonLogger({ service: 'cloudtab-admin' });

export const handler = handle(makeApp(operationPorts(settings, new RunnerTable(runners, settings), log)));
