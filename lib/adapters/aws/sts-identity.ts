/** Acting as a role: a cron's user is its ARN, or its name in the account that this runs in. */
import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { ConfigurationError, UnavailableError } from '../../core/domain/errors.ts';
import type { Credentials, Identity, Session } from '../../core/ports/identity.ts';
import { awsErrorName, translatingErrors } from './errors.ts';

/** Refusals that a person has to mend; anything else may pass. */
const REFUSED = /AccessDenied|ValidationError/;

export class StsIdentity implements Identity {
  readonly #client: STSClient;
  /** What the ARN of a role of this account begins with. */
  #prefix: Promise<string> | undefined;

  constructor(client: STSClient) {
    this.#client = client;
  }

  async assume(user: string, { site, uid }: Session): Promise<Credentials> {
    const role = user.startsWith('arn:') ? user : `${await this.#rolePrefix()}${user}`;
    // At most 64 characters: a site has 16, a uid 36.
    const command = new AssumeRoleCommand({ RoleArn: role, RoleSessionName: `cloudtab.${site}.${uid}` });
    const what = `Cannot act as ${role}`;
    return translatingErrors(what, async () => {
      try {
        return credentialsOf((await this.#client.send(command)).Credentials, what);
      } catch (error) {
        if (!REFUSED.test(awsErrorName(error))) throw error;
        const said = error instanceof Error ? error.message : String(error);
        const fix = 'The role must exist, and trust the role of the run function.';
        throw new ConfigurationError(`${what}: AWS answered ${awsErrorName(error)}: ${said}. ${fix}`, {
          cause: error,
        });
      }
    });
  }

  /** Asked once; asked again after a failure. */
  #rolePrefix(): Promise<string> {
    this.#prefix ??= this.#askPrefix().catch((error: unknown) => {
      this.#prefix = undefined;
      throw error;
    });
    return this.#prefix;
  }

  async #askPrefix(): Promise<string> {
    const { Arn = '' } = await translatingErrors('Cannot find out which AWS account this is', () =>
      this.#client.send(new GetCallerIdentityCommand({})),
    );
    const [, partition, , , account] = Arn.split(':');
    return `arn:${partition}:iam::${account}:role/`;
  }
}

interface Answered {
  readonly AccessKeyId: string | undefined;
  readonly SecretAccessKey: string | undefined;
  readonly SessionToken: string | undefined;
  readonly Expiration: Date | undefined;
}

function credentialsOf(given: Answered | undefined, what: string): Credentials {
  if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken || !given.Expiration) {
    throw new UnavailableError(`${what}: AWS answered without credentials. Try again.`);
  }
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
    expiration: given.Expiration,
  };
}
