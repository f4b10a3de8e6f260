/** The roles of a deployment: callers with sessions of IAM roles, at the real URL. */
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { makeDynamo, makeSts } from '../../lib/adapters/aws/clients.ts';
import { type DeploymentOutputs, readDeployment } from '../../lib/adapters/aws/deployment-outputs.ts';
import { DynamoAccess } from '../../lib/adapters/aws/dynamo-access.ts';
import { DynamoStore } from '../../lib/adapters/aws/dynamo-store.ts';
import { DynamoTable } from '../../lib/adapters/aws/dynamo-table.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { CRON_DEFAULTS, Cron } from '../../lib/core/domain/cron.ts';
import { cdk } from './cdk.ts';
import type { Emulator } from './emulator.ts';
import { ACCOUNT, ROOT } from './places.ts';
import { step } from './report.ts';
import { type RoleCredentials, useClients } from './role-clients.ts';
import { useSecrets } from './secrets.ts';
import { SOON_SECONDS } from './stage.ts';
import { until } from './until.ts';

const STACK = 'Guarded';

/** The status of an answer, and the code of its problem. */
interface Answer {
  readonly status: number;
  readonly code?: string;
}

/** Sends a signed request to the URL of the deployment. */
type Ask = (method: string, path: string, body?: object) => Promise<Answer>;

const DONE = { status: 200 };
const REFUSED = { status: 403, code: 'forbidden' };
/** What only `blog` may reach. */
const WANTED = [
  { name: 'lambda:blog-report' },
  { name: 'http', environ: { url: 'https://api.blog.example/' } },
  { name: 'heartbeat', user: 'blog-cron' },
];
const CRON = { uid: 'night', name: 'heartbeat', periodicity: '0 0 1 1 *' };
const AT_SHOP = '/api/sites/shop/crons/night';
const AT_BLOG = '/api/sites/blog/crons/night';

export async function runRoles({ endpoint, folder }: Emulator): Promise<void> {
  const assembly = join(folder, 'guarded.out');
  const outputs = await step('cdk deploy creates a deployment whose callers have roles', async () => {
    await deploy(assembly);
    return (await readDeployment(STACK)).outputs;
  });
  const as = async (role: string) => askAs(await credentialsOf(role), outputs, endpoint);
  const [viewer, operator, editor, author, stranger] = await Promise.all(
    ['viewer', 'operator', 'editor', 'author', 'stranger'].map(as),
  );
  if (!viewer || !operator || !editor || !author || !stranger) throw new Error('a caller is missing');

  await step('Setup has written the roles into the table', async () => {
    deepEqual(await rolesIn(outputs), [
      { principal: arnOf('viewer'), role: 'viewer' },
      { principal: arnOf('operator'), role: 'operator', sites: ['shop'] },
      { principal: arnOf('editor'), role: 'editor' },
      { principal: arnOf('author'), role: 'editor', sites: ['blog'] },
    ]);
  });
  await step('An editor adds, changes and runs crons of every site', async () => {
    for (const site of ['shop', 'blog']) {
      deepEqual(await editor('POST', `/api/sites/${site}/crons`, CRON), { status: 201 });
    }
    deepEqual(await editor('PATCH', AT_BLOG, { description: 'at night' }), DONE);
    deepEqual(await editor('POST', `${AT_BLOG}/run`), { status: 202 });
  });
  await step('A viewer sees every site, and changes and runs nothing', async () => {
    for (const path of ['/api/sites', AT_SHOP, AT_BLOG]) deepEqual(await viewer('GET', path), DONE);
    deepEqual(await viewer('PATCH', AT_SHOP, { description: 'mine' }), REFUSED);
    deepEqual(await viewer('POST', `${AT_SHOP}/run`), REFUSED);
    deepEqual(await viewer('DELETE', AT_SHOP), REFUSED);
  });
  await step('An operator of one site runs its crons, changes none, and reaches no other site', async () => {
    deepEqual(await operator('POST', `${AT_SHOP}/run`), { status: 202 });
    deepEqual(await operator('PATCH', AT_SHOP, { description: 'mine' }), REFUSED);
    for (const [method, path] of [
      ['POST', `${AT_BLOG}/run`],
      ['GET', AT_BLOG],
    ] as const) {
      deepEqual(await operator(method, path), REFUSED);
    }
  });
  await step(
    'An editor of one site changes its crons, and neither changes nor sees those of another',
    async () => {
      deepEqual(await author('PATCH', AT_BLOG, { description: 'by its author' }), DONE);
      deepEqual(await author('PATCH', AT_SHOP, { description: 'mine' }), REFUSED);
      deepEqual(await author('GET', AT_SHOP), REFUSED);
    },
  );
  await step('The API answers the names of secrets to editors of their site alone', async () => {
    const secrets = '/api/sites/shop/secrets';
    deepEqual(await editor('GET', secrets), DONE);
    for (const caller of [viewer, operator, author]) deepEqual(await caller('GET', secrets), REFUSED);
    deepEqual(await author('GET', '/api/sites/blog/secrets'), DONE);
  });
  await step('A principal without a role is refused everywhere but at /health', async () => {
    deepEqual(await stranger('GET', '/health'), DONE);
    for (const path of ['/api/sites', '/api/runners', AT_SHOP]) {
      deepEqual(await stranger('GET', path), REFUSED);
    }
    equal((await stranger('GET', '/sites/shop')).status, 403);
    deepEqual(await stranger('POST', `${AT_SHOP}/run`), REFUSED);
  });
  const [id] = new URL(outputs.adminUrl).hostname.split('.');
  const url = `${endpoint}/_aws/lambda-url/${id}`;
  await useClients(url, credentialsOf);
  await step(
    'An editor cannot let one site reach what only another one may: a function, a host, a role',
    async () => {
      for (const wanted of WANTED) {
        const asked = { ...wanted, periodicity: '0 0 1 1 *' };
        const uid = `of-${wanted.name.slice(0, 4)}`;
        deepEqual(await editor('POST', '/api/sites/shop/crons', { ...asked, uid }), {
          status: 422,
          code: 'invalid',
        });
        deepEqual(await editor('POST', '/api/sites/blog/crons', { ...asked, uid }), { status: 201 });
      }
    },
  );
  await step('A run is refused what its site may no longer reach, and its record says so', async () => {
    // As accepted before the limits were narrowed: by a projection that no surface would write.
    const store = storeIn(outputs);
    for (const wanted of WANTED) {
      const uid = `had-${wanted.name.slice(0, 4)}`;
      const value = new Cron({ ...CRON_DEFAULTS, ...wanted, uid, periodicity: '0 0 1 1 *' }).fields();
      await store.putProjection({ site: 'shop', uid }, { modified: Date.now(), version: 1, value });
      deepEqual(await editor('POST', `/api/sites/shop/crons/${uid}/run`), { status: 202 });
      await until(`the run of ${uid} has a record`, SOON_SECONDS, async () => {
        const { records } = await store.records('shop', uid, { limit: 1 });
        equal(records[0]?.reason, 'refused');
        match(records[0]?.messages[0] ?? '', /The site "shop" may/);
      });
    }
  });
  await useSecrets(STACK, { outputs, endpoint, url }, credentialsOf);
  await step('A viewer cannot invoke the function itself with the name of an editor', async () => {
    const lambda = new LambdaClient({ credentials: await credentialsOf('viewer') });
    const userArn = arnOf('editor');
    const event = { requestContext: { authorizer: { iam: { userArn } } } };
    const FunctionName = outputs.adminFunctionName;
    await rejects(
      lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) })),
      ({ name }: Error) => match(name, /AccessDenied/) === undefined,
    );
  });
  await step('A deployment that drops all roles makes every caller an editor again', async () => {
    await deploy(assembly, '--context=grants=none');
    deepEqual(await rolesIn(outputs), []);
    await until('the admin function reads the roles again', SOON_SECONDS, async () => {
      deepEqual(await stranger('PATCH', AT_SHOP, { description: 'everyone' }), DONE);
    });
  });
  await step('cdk destroy removes the stack', () =>
    cdk(ROOT, 'destroy', STACK, '--force', '--app', assembly),
  );
}

async function deploy(assembly: string, ...context: string[]): Promise<void> {
  const app = `--app=node ${join(ROOT, 'test/e2e/guarded-stack.ts')}`;
  await cdk(ROOT, 'deploy', STACK, '--require-approval=never', app, `--output=${assembly}`, ...context);
}

const arnOf = (role: string) => `arn:aws:iam::${ACCOUNT}:role/team/guarded-${role}`;

async function credentialsOf(role: string): Promise<RoleCredentials> {
  const asked = { RoleArn: arnOf(role), RoleSessionName: 'ada' };
  const { Credentials } = await makeSts().send(new AssumeRoleCommand(asked));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

function rolesIn({ tableName }: DeploymentOutputs) {
  return new DynamoAccess(new DynamoTable(makeDynamo(), tableName, systemClock), systemClock).grants();
}

function storeIn({ tableName }: DeploymentOutputs): DynamoStore {
  return new DynamoStore({ client: makeDynamo(), table: tableName, clock: systemClock, retentionDays: 90 });
}

/** Requests of a caller with these credentials. */
function askAs(
  credentials: LambdaClientConfig['credentials'],
  { adminUrl }: DeploymentOutputs,
  endpoint: string,
): Ask {
  const { config } = new LambdaClient(credentials ? { credentials } : {});
  const { region, sha256 } = config;
  const signer = new SignatureV4({ credentials: config.credentials, region, service: 'lambda', sha256 });
  const [id] = new URL(adminUrl).hostname.split('.');
  return async (method, path, content) => {
    const url = new URL(`${endpoint}/_aws/lambda-url/${id}${path}`);
    const body = content && JSON.stringify(content);
    const { headers } = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query: {},
      headers: { host: url.host, 'x-cloudtab': '1', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body }),
    });
    const { host: _, ...sent } = headers;
    const answer = await fetch(url, { method, headers: sent, ...(body && { body }) });
    const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
    const text = await answer.text();
    return { status: answer.status, ...(isProblem && { code: JSON.parse(text).code }) };
  };
}
