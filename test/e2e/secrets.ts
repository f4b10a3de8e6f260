/**
 * A secret of a deployment: kept by the command, listed for editors of its site, read by a run, shown by nothing, and denied to
 * every other role.
 */
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { makeSts } from '../../lib/adapters/aws/clients.ts';
import type { DeploymentOutputs } from '../../lib/adapters/aws/deployment-outputs.ts';
import { secretParameter } from '../../lib/adapters/aws/ssm-secrets.ts';
import { openUrl } from '../../lib/surfaces/sdk/crontabs.ts';
import { commandLine } from './command-line.ts';
import { withBrowser } from './dashboard.ts';
import { step } from './report.ts';
import { type RoleCredentials, refused, variables, withVariables } from './role-clients.ts';

const VALUE = 'correct-horse-battery';
const CRON = { name: 'heartbeat', periodicity: '0 0 1 1 *' };

interface Place {
  readonly outputs: DeploymentOutputs;
  readonly endpoint: string;
  /** The function URL. */
  readonly url: string;
}

/** The site `shop` exists. The callers have no permission but to call the URL. */
export async function useSecrets(
  stack: string,
  { outputs, endpoint, url }: Place,
  credentialsOf: (role: string) => Promise<RoleCredentials>,
): Promise<void> {
  const { runFunctionName, root } = outputs;
  const environmentOf = async (role: string) => variables(await credentialsOf(role));
  const as = async (role: string) => commandLine('', { url, env: await environmentOf(role) });
  const editor = await as('editor');
  const secret = commandLine(stack, { input: VALUE });
  const atShop = ['--site', 'shop'];
  const parameter = secretParameter(root, 'shop', 'horse');
  await step('secret set keeps a secret', async () => {
    equal((await secret('secret', 'set', 'horse', ...atShop)).changed, true);
  });
  await step(
    'An editor of the site gets the names of its secrets: by command, by program, in the form',
    async () => {
      const listed = await editor('secret', 'ls', ...atShop);
      deepEqual(listed.secrets, ['horse']);
      equal(JSON.stringify(listed).includes(VALUE), false);
      await withVariables(await environmentOf('editor'), async () => {
        await using crontabs = await openUrl(url);
        deepEqual(await crontabs.secretNames('shop'), ['horse']);
        await withBrowser({ outputs }, endpoint, async (ada) => {
          await ada.open('/sites/shop/new');
          await ada.ticks('[name="runner"][value="heartbeat"]');
          const options = ada.page.locator('#secrets option');
          deepEqual(await options.evaluateAll((all) => all.map((one) => one.getAttribute('value'))), [
            'horse',
          ]);
          await ada.page.locator('.secret:has([name="secret.message@heartbeat"]) > summary').click();
          await ada.types('secret.message@heartbeat', 'hose');
          await ada.finds('.missing', 'cloudtab secret set hose');
          await ada.types('secret.message@heartbeat', 'horse');
          await ada.misses('.missing:not(:empty)');
        });
      });
    },
  );
  await step('A viewer, an operator and an editor of another site are refused the names', async () => {
    for (const role of ['viewer', 'operator', 'author']) {
      await refused(await as(role), 'secret', 'ls', ...atShop);
      await withVariables(await environmentOf(role), async () => {
        await using crontabs = await openUrl(url);
        await rejects(crontabs.secretNames('shop'), { name: 'ForbiddenError' });
        await withBrowser({ outputs }, endpoint, async (ada) => {
          await ada.open('/sites/shop/new');
          await ada.finds('main', /this needs the role/i);
          equal((await ada.page.content()).includes('horse'), false);
        });
      });
    }
    deepEqual((await (await as('author'))('secret', 'ls', '--site', 'blog')).secrets, []);
  });
  await step('A run reads the secret, and neither its record nor a list shows it', async () => {
    const environ = JSON.stringify({ message: { $secret: 'horse' }, warn: { $secret: 'horse' } });
    await editor('add', CRON.name, CRON.periodicity, '--uid', 'secretive', '--environ', environ, ...atShop);
    const { log } = await editor('run', 'secretive', ...atShop);
    deepEqual([log.status, log.messages], ['WARN', ['[secret]']]);
    for (const shown of [
      await editor('show', 'secretive', ...atShop),
      await editor('runs', 'secretive', ...atShop),
    ])
      equal(JSON.stringify(shown).includes(VALUE), false);
  });
  await step(
    'The role of the run function reads the secret, and that of no other function does',
    async () => {
      const lambda = new LambdaClient();
      const { Functions = [] } = await lambda.send(new ListFunctionsCommand());
      const own = Functions.filter(({ Handler }) => Handler === 'index.handler');
      const denied: string[] = [];
      for (const { FunctionName = '', Role = '' } of own) {
        if (FunctionName === runFunctionName) equal(await readAs(Role, parameter), VALUE);
        else {
          await rejects(
            readAs(Role, parameter),
            ({ name }: Error) => match(name, /AccessDenied/) === undefined,
          );
          denied.push(FunctionName);
        }
      }
      equal(denied.length >= 4, true, `functions: ${own.map(({ FunctionName }) => FunctionName)}`);
    },
  );
  await step('secret rm removes the secret, and a run that needs it fails with where to put it', async () => {
    equal((await secret('secret', 'rm', 'horse', ...atShop)).changed, true);
    await rejects(editor('run', 'secretive', ...atShop));
    const [latest] = (await editor('show', 'secretive', ...atShop)).logs;
    match(latest.messages[0], /has no secret "horse"/);
  });
}

async function readAs(RoleArn: string, Name: string): Promise<string | undefined> {
  const { Credentials } = await makeSts().send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'thief' }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
  const asked = new GetParameterCommand({ Name, WithDecryption: true });
  return (await new SSMClient({ credentials }).send(asked)).Parameter?.Value;
}
