/**
 * The SecretStore in Parameter Store, with the permissions of the caller: `ssm:DescribeParameters` to list, `ssm:PutParameter`
 * and the use of the key to write, `ssm:DeleteParameter` to remove. It reads no value.
 */
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { SecretStore } from '../../core/ports/secrets.ts';
import { makeSsm } from './clients.ts';
import { readDeployment } from './deployment-outputs.ts';
import { ignoring, translatingErrors } from './errors.ts';
import { type SecretNamesOptions, ssmSecretNames } from './ssm-secret-names.ts';
import { secretLocation, secretParameter } from './ssm-secrets.ts';

export interface SsmSecretStoreOptions extends SecretNamesOptions {
  /** The KMS key that encrypts the secrets. */
  readonly keyId: string;
}

export class SsmSecretStore implements SecretStore {
  readonly #options: SsmSecretStoreOptions;

  constructor(options: SsmSecretStoreOptions) {
    this.#options = options;
  }

  names(site: string): Promise<readonly string[]> {
    return ssmSecretNames(this.#options, site);
  }

  async write(site: string, name: string, value: string): Promise<void> {
    const { client, root, keyId } = this.#options;
    const Name = secretParameter(root, site, name);
    const parameter = { Name, Value: value, KeyId: keyId, Overwrite: true } as const;
    await translatingErrors(`Cannot write the secret ${Name}`, () =>
      client.send(
        new PutParameterCommand({ ...parameter, Type: 'SecureString', Tier: 'Intelligent-Tiering' }),
      ),
    );
  }

  remove(site: string, name: string): Promise<boolean> {
    const { client, root } = this.#options;
    const Name = secretParameter(root, site, name);
    return translatingErrors(`Cannot remove the secret ${Name}`, async () => {
      const removed = client.send(new DeleteParameterCommand({ Name }));
      return (await ignoring(['ParameterNotFound'], removed)) !== undefined;
    });
  }

  location(site: string, name: string): string {
    return secretLocation(this.#options.root, site, name);
  }
}

/** The secrets of a deployment. Throws ConfigurationError when the stack is not found, or has no such deployment of cloudtab. */
export async function openStackSecrets(
  stack: string,
  root: string | undefined,
): Promise<{ readonly title: string; readonly secrets: SecretStore }> {
  const { outputs, names } = await readDeployment(stack, root);
  const secrets = new SsmSecretStore({ client: makeSsm(), root: outputs.root, keyId: outputs.secretKeyId });
  return { title: names.title, secrets };
}
