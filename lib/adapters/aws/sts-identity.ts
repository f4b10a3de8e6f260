/** The Identity on STS. The user of a cron is the ARN of a role, or the name of a role of this account. */
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  type STSClient,
  type Credentials as StsCredentials,
} from '@aws-sdk/client-sts';
import { ConfigurationError, messageOf, UnavailableError } from '../../core/domain/errors.ts';
import type { Credentials, Identity, Session } from '../../core/ports/identity.ts';
import { awsErrorName, translatingErrors } from './errors.ts';

/** The errors that persist until the user fixes the role. */
const PERSISTENT = /AccessDenied|ValidationError/;

export class StsIdentity implements Identity {
  readonly #client: STSClient;
  /** The start of the ARN of each role of this account. */
  #prefix: Promise<string> | undefined;

  constructor(client: STSClient) {
    this.#client = client;
  }

  async assume(user: string, { site, uid }: Session): Promise<Credentials> {
    const role = user.startsWith('arn:') ? user : `${await this.#rolePrefix()}${user}`;
    const command = new AssumeRoleCommand({
      RoleArn: role,
      // Within the limit of 64 characters: a site has at most 16, a uid 36.
      RoleSessionName: `cloudtab.${site}.${uid}`,
      // The trust policy of a role can demand them, and so the site.
      Tags: [
        { Key: 'cloudtab:site', Value: site },
        { Key: 'cloudtab:uid', Value: uid },
      ],
    });
    const what = `Cannot assume the role ${role}`;
    return translatingErrors(what, async () => {
      try {
        return credentialsOf((await this.#client.send(command)).Credentials, what);
      } catch (error) {
        if (!PERSISTENT.test(awsErrorName(error))) throw error;
        const fix = `The role must exist, and let the role of the run function do sts:AssumeRole and sts:TagSession for the site "${site}".`;
        throw new ConfigurationError(
          `${what}: AWS answered ${awsErrorName(error)}: ${messageOf(error)}. ${fix}`,
          {
            cause: error,
          },
        );
      }
    });
  }

  /** Asks AWS once; after a failure, the next call asks again. */
  #rolePrefix(): Promise<string> {
    this.#prefix ??= this.#askPrefix().catch((error: unknown) => {
      this.#prefix = undefined;
      throw error;
    });
    return this.#prefix;
  }

  async #askPrefix(): Promise<string> {
    const [, partition, , , account] = (await readCaller(this.#client)).split(':');
    return `arn:${partition}:iam::${account}:role/`;
  }
}

/** The ARN of the role or user whose credentials this process has. Needs no permission. */
export async function readCaller(client: STSClient): Promise<string> {
  const { Arn = '' } = await translatingErrors('Cannot determine the AWS account', () =>
    client.send(new GetCallerIdentityCommand({})),
  );
  return Arn;
}

function credentialsOf(answer: StsCredentials | undefined, what: string): Credentials {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = answer ?? {};
  const { SessionToken: sessionToken, Expiration: expiration } = answer ?? {};
  if (!accessKeyId || !secretAccessKey || !sessionToken || !expiration) {
    throw new UnavailableError(`${what}: AWS returned no credentials. Try again.`);
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}
