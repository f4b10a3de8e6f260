import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { StsIdentity } from '../../lib/aws/sts-identity.ts';
import { ConfigurationError, UnavailableError } from '../../lib/domain/errors.ts';

const client = new STSClient({ region: 'eu-west-1' });
const sts = mockClient(client);
const session = { site: 'shop', uid: 'nightly' };
const expiration = new Date('2026-03-02T13:00:00Z');
const given = { AccessKeyId: 'id', SecretAccessKey: 'key', SessionToken: 'token', Expiration: expiration };

beforeEach(() => {
  sts.reset();
  sts.on(AssumeRoleCommand).resolves({ Credentials: given });
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Arn: 'arn:aws-cn:sts::123456789012:assumed-role/run/cloudtab-run' });
});

const asked = () => sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input);

describe('acting as a role', () => {
  it('by its ARN asks once, in the name of the cron', async () => {
    const role = 'arn:aws:iam::999999999999:role/path/reader';
    expect(await new StsIdentity(client).assume(role, session)).toEqual({
      accessKeyId: 'id',
      secretAccessKey: 'key',
      sessionToken: 'token',
      expiration,
    });
    expect(asked()).toEqual([{ RoleArn: role, RoleSessionName: 'cloudtab.shop.nightly' }]);
    expect(sts.commandCalls(GetCallerIdentityCommand)).toHaveLength(0);
  });

  it('by its name means the account that this runs in, which is asked for once', async () => {
    const identity = new StsIdentity(client);
    await identity.assume('reader', session);
    await identity.assume('writer', session);
    expect(asked().map(({ RoleArn }) => RoleArn)).toEqual([
      'arn:aws-cn:iam::123456789012:role/reader',
      'arn:aws-cn:iam::123456789012:role/writer',
    ]);
    expect(sts.commandCalls(GetCallerIdentityCommand)).toHaveLength(1);
  });

  it('by its name asks for the account again after a failure', async () => {
    const identity = new StsIdentity(client);
    sts
      .on(GetCallerIdentityCommand)
      .rejectsOnce(new Error('busy'))
      .resolves({ Arn: 'arn:aws:sts::123456789012:assumed-role/a/b' });
    await expect(identity.assume('reader', session)).rejects.toThrow(
      'Cannot find out which AWS account this is: AWS answered Error: busy.',
    );
    await expect(identity.assume('reader', session)).resolves.toMatchObject({ accessKeyId: 'id' });
  });

  it('names sessions in 64 characters, whatever site and uid', async () => {
    await new StsIdentity(client).assume('arn:aws:iam::1:role/r', {
      site: 's'.repeat(16),
      uid: 'u'.repeat(36),
    });
    expect(asked()[0]?.RoleSessionName).toMatch(/^[\w+=,.@-]{2,64}$/);
  });
});

describe('a role that cannot be had', () => {
  const role = 'arn:aws:iam::999999999999:role/reader';

  it('is for a person to mend when AWS refuses', async () => {
    const denied = Object.assign(new Error('not authorized'), { name: 'AccessDenied' });
    sts.on(AssumeRoleCommand).rejects(denied);
    await expect(new StsIdentity(client).assume(role, session)).rejects.toThrow(
      new ConfigurationError(
        `Cannot act as ${role}: AWS answered AccessDenied: not authorized. ` +
          'The role must exist, and trust the role of the run function.',
      ),
    );
  });

  it('may be had later when AWS does not answer', async () => {
    const busy = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    sts.on(AssumeRoleCommand).rejects(busy);
    const acting = new StsIdentity(client).assume(role, session);
    await expect(acting).rejects.toBeInstanceOf(UnavailableError);
    await expect(acting).rejects.toThrow(
      `Cannot act as ${role}: AWS answered ThrottlingException: slow down.`,
    );
  });

  it.each([[undefined], [{ ...given, SessionToken: undefined }]])(
    'is an answer without credentials: %j',
    async (Credentials) => {
      sts.on(AssumeRoleCommand).resolves({ Credentials });
      await expect(new StsIdentity(client).assume(role, session)).rejects.toThrow(
        new UnavailableError(`Cannot act as ${role}: AWS answered without credentials. Try again.`),
      );
    },
  );
});
