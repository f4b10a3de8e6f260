import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { StsIdentity } from '../../../lib/adapters/aws/sts-identity.ts';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import { awsError } from '../../support/aws-error.ts';

const client = new STSClient({ region: 'eu-west-1' });
const sts = mockClient(client);
const session = { site: 'shop', uid: 'nightly' };
const expiration = new Date('2026-03-02T13:00:00Z');
const credentials = {
  AccessKeyId: 'id',
  SecretAccessKey: 'key',
  SessionToken: 'token',
  Expiration: expiration,
};

beforeEach(() => {
  sts.reset();
  sts.on(AssumeRoleCommand).resolves({ Credentials: credentials });
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Arn: 'arn:aws-cn:sts::123456789012:assumed-role/run/cloudtab-run' });
});

const requests = () => sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input);

describe('StsIdentity.assume', () => {
  it('StsIdentity.assume makes one call for the ARN of a role, with the name of the cron as session name and its site and uid as tags', async () => {
    const role = 'arn:aws:iam::999999999999:role/path/reader';
    expect(await new StsIdentity(client).assume(role, session)).toEqual({
      accessKeyId: 'id',
      secretAccessKey: 'key',
      sessionToken: 'token',
      expiration,
    });
    expect(requests()).toEqual([
      {
        RoleArn: role,
        RoleSessionName: 'cloudtab.shop.nightly',
        Tags: [
          { Key: 'cloudtab:site', Value: 'shop' },
          { Key: 'cloudtab:uid', Value: 'nightly' },
        ],
      },
    ]);
    expect(sts.commandCalls(GetCallerIdentityCommand)).toHaveLength(0);
  });

  it('StsIdentity.assume looks up the account once to find roles by their names', async () => {
    const identity = new StsIdentity(client);
    await identity.assume('reader', session);
    await identity.assume('writer', session);
    expect(requests().map(({ RoleArn }) => RoleArn)).toEqual([
      'arn:aws-cn:iam::123456789012:role/reader',
      'arn:aws-cn:iam::123456789012:role/writer',
    ]);
    expect(sts.commandCalls(GetCallerIdentityCommand)).toHaveLength(1);
  });

  it('StsIdentity.assume looks up the account again after a failure', async () => {
    const identity = new StsIdentity(client);
    const cause = new Error('busy');
    sts
      .on(GetCallerIdentityCommand)
      .rejectsOnce(cause)
      .resolves({ Arn: 'arn:aws:sts::123456789012:assumed-role/a/b' });
    await expect(identity.assume('reader', session)).rejects.toMatchObject({
      name: 'UnavailableError',
      message: expect.stringMatching(/^Cannot determine the AWS account: /),
      cause,
    });
    await expect(identity.assume('reader', session)).resolves.toMatchObject({ accessKeyId: 'id' });
  });

  it('StsIdentity.assume limits session names to 64 characters for the longest site and uid', async () => {
    await new StsIdentity(client).assume('arn:aws:iam::1:role/r', {
      site: 's'.repeat(16),
      uid: 'u'.repeat(36),
    });
    expect(requests()[0]?.RoleSessionName).toMatch(/^[\w+=,.@-]{2,64}$/);
  });
});

describe('StsIdentity.assume, when the role cannot be assumed', () => {
  const role = 'arn:aws:iam::999999999999:role/reader';

  it('StsIdentity.assume throws a ConfigurationError when AWS denies access', async () => {
    sts.on(AssumeRoleCommand).rejects(awsError('AccessDenied', 'not authorized'));
    await expect(new StsIdentity(client).assume(role, session)).rejects.toThrow(
      new ConfigurationError(
        `Cannot assume the role ${role}: AWS answered AccessDenied: not authorized. ` +
          'The role must exist, and let the role of the run function do sts:AssumeRole and sts:TagSession for the site "shop".',
      ),
    );
  });

  it('StsIdentity.assume throws a ThrottledError when AWS throttles', async () => {
    const cause = awsError('ThrottlingException', 'slow down');
    sts.on(AssumeRoleCommand).rejects(cause);
    await expect(new StsIdentity(client).assume(role, session)).rejects.toMatchObject({
      name: 'ThrottledError',
      message: expect.stringContaining(role),
      cause,
    });
  });

  it.each([[undefined], [{ ...credentials, SessionToken: undefined }]])(
    'StsIdentity.assume throws an UnavailableError when AWS answers with the credentials %j',
    async (Credentials) => {
      sts.on(AssumeRoleCommand).resolves({ Credentials });
      await expect(new StsIdentity(client).assume(role, session)).rejects.toThrow(
        new UnavailableError(`Cannot assume the role ${role}: AWS returned no credentials. Try again.`),
      );
    },
  );
});
