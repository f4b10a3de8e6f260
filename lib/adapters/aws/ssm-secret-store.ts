/**
 * The SecretStore in Parameter Store, with the permissions of the caller: `ssm:DescribeParameters` to list, `ssm:PutParameter`
 * and the use of the key to write, `ssm:DeleteParameter` to remove. It reads no value.
 */
import {
  DeleteParameterCommand,
  PutParameterCommand,
  paginateDescribeParameters,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import type { SecretStore } from '../../core/ports/secrets.ts';
import { ignoring, translatingErrors } from './errors.ts';
import { secretLocation, secretParameter } from './ssm-secrets.ts';

export interface SsmSecretStoreOptions {
  readonly client: SSMClient;
  /** The first level of the names of crontabs. */
  readonly root: string;
  /** The KMS key that encrypts the secrets. */
  readonly keyId: string;
}

export class SsmSecretStore implements SecretStore {
  readonly #options: SsmSecretStoreOptions;

  constructor(options: SsmSecretStoreOptions) {
    this.#options = options;
  }

  names(site: string): Promise<readonly string[]> {
    const { client, root } = this.#options;
    const path = secretParameter(root, site, '');
    const filter = { Key: 'Path', Option: 'OneLevel', Values: [path.slice(0, -1)] };
    return translatingErrors(`Cannot list the secrets below ${path}`, async () => {
      const names: string[] = [];
      for await (const { Parameters = [] } of paginateDescribeParameters(
        { client },
        { ParameterFilters: [filter] },
      ))
        for (const { Name = '' } of Parameters) names.push(Name.slice(path.length));
      return names.sort();
    });
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
