/** A secret of a deployment: kept by the command, read by a run, shown by nothing, and denied to every other role. */
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { makeSts } from '../../lib/adapters/aws/clients.ts';
import type { DeploymentOutputs } from '../../lib/adapters/aws/deployment-outputs.ts';
import { secretParameter } from '../../lib/adapters/aws/ssm-secrets.ts';
import { type Cloudtab, commandLine } from './command-line.ts';
import { step } from './report.ts';

const VALUE = 'correct-horse-battery';
const CRON = { name: 'heartbeat', periodicity: '0 0 1 1 *' };

/** The site `shop` exists; `editor` may change it. */
export async function useSecrets(
  stack: string,
  { runFunctionName, root }: DeploymentOutputs,
  editor: Cloudtab,
): Promise<void> {
  const secret = commandLine(stack, { input: VALUE });
  const atShop = ['--site', 'shop'];
  const parameter = secretParameter(root, 'shop', 'horse');
  await step('secret set keeps a secret, whose name alone is listed', async () => {
    equal((await secret('secret', 'set', 'horse', ...atShop)).changed, true);
    const listed = await secret('secret', 'ls', ...atShop);
    deepEqual(listed.names, ['horse']);
    equal(JSON.stringify(listed).includes(VALUE), false);
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
