/** The admin Lambda: shows crontabs behind the function URL. */
import { handle } from 'hono/aws-lambda';
import { makeApp } from '../lib/admin/app.ts';
import { storeOf } from '../lib/aws/deployment.ts';
import { readEnvironment } from '../lib/aws/environment.ts';

const settings = readEnvironment('admin', process.env);

export const handler = handle(makeApp({ store: storeOf(settings) }));
