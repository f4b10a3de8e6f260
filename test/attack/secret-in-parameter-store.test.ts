/** A function of a deployment, or the owner of another deployment, that wants the secrets of a site. */
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { addCron } from '../../lib/app/operations/add-cron.ts';
import { Cloudtab } from '../../lib/deploy/constructs/cloudtab.ts';
import { logicalId, permissionsOf, smallStack } from '../deploy/constructs/small-stack.ts';
import { makeWorld } from '../support/world.ts';

const stack = smallStack();
const key = new Key(stack, 'Key');
const cloudtab = new Cloudtab(stack, 'Cloudtab', { root: 'cloudtab', encryptionKey: key });
const { registryFunction, runFunction, syncFunction, adminFunction, setupFunction } = cloudtab;
const DENIAL = 'Deny kms:Decrypt * if {"StringLike":{"kms:ViaService":"ssm.*"}}';
const SECRETS = /^ssm:\S+ ssm:::parameter\/cloudtab-secrets/;

describe.each(Object.entries({ registryFunction, syncFunction, adminFunction, setupFunction }))(
  'The role of the %s does not read a secret',
  (_, { role }) => {
    it('because it may call nothing on the parameters of secrets', () => {
      // A pattern of the crontabs would cover secrets below the same root.
      const patterns = permissionsOf(role).filter((line) => line.startsWith('ssm:'));
      expect(patterns.filter((line) => line.endsWith(':::*') || SECRETS.test(line))).toEqual([]);
    });

    it('and could not decrypt one, with the key of the deployment or any other', () => {
      expect(permissionsOf(role)).toContain(DENIAL);
    });
  },
);

it('The run function reads secrets that the key of the deployment encrypts, and changes none', () => {
  const permissions = permissionsOf(runFunction.role);
  expect(permissions.filter((line) => SECRETS.test(line))).toEqual([
    'ssm:GetParameter ssm:::parameter/cloudtab-secrets/*',
  ]);
  expect(permissions).not.toContain(DENIAL);
  expect(permissions).toContain('kms:Decrypt <Key.Arn>');
  Template.fromStack(stack).hasOutput('CloudtabSecretKeyId', {
    Value: { 'Fn::GetAtt': [logicalId(key), 'Arn'] },
  });
});

it('Another deployment does not take the place of the secrets as its root', () => {
  expect(() => new Cloudtab(smallStack(), 'Thief', { root: 'cloudtab-secrets' })).toThrow(
    'root: got "cloudtab-secrets", which is the place of the secrets of another deployment',
  );
});

it('A secret that is written into a cron does not go unnoticed, and is not repeated in the warning', async () => {
  const world = makeWorld();
  const environ = { headers: { authorization: 'Bearer hunter2-hunter2' } };
  const cron = { uid: 'a', name: 'task', periodicity: '@daily', environ };
  const { message } = await addCron(world.ports, 'default', cron, { newSite: true });
  expect(message).toContain('environ.headers.authorization is in clear text');
  expect(message).toContain('Run: cloudtab secret set authorization,');
  await world.edit('b', JSON.stringify({ ...cron, uid: undefined }));
  expect(world.logger.linesOf('secret-in-clear').map(({ fields }) => fields.uid)).toEqual(['a', 'b']);
  expect(JSON.stringify([message, world.logger.lines])).not.toContain('hunter2');
  world.close();
});
