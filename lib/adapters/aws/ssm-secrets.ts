/** The Secrets in Parameter Store: the parameters `/<root>-secrets/<site>/<name>`, of type SecureString or String. */
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { secretsRoot } from '../../core/domain/names.ts';
import { secretCommand } from '../../core/domain/secret.ts';
import type { Secrets } from '../../core/ports/secrets.ts';
import { ignoring, translatingErrors } from './errors.ts';

export class SsmSecrets implements Secrets {
  readonly #client: SSMClient;
  readonly #root: string;
  readonly #option: string | undefined;

  /** `root` is the first level of the names of crontabs; `option` chooses the deployment, for hints. */
  constructor(client: SSMClient, root: string, option?: string) {
    this.#client = client;
    this.#root = root;
    this.#option = option;
  }

  read(site: string, name: string): Promise<string | undefined> {
    const Name = secretParameter(this.#root, site, name);
    return translatingErrors(`Cannot read the secret ${Name}`, async () => {
      const command = new GetParameterCommand({ Name, WithDecryption: true });
      const answer = await ignoring(['ParameterNotFound'], this.#client.send(command));
      return answer?.Parameter?.Value;
    });
  }

  location(site: string, name: string): string {
    return secretLocation(this.#root, site, name, this.#option);
  }
}

export function secretParameter(root: string, site: string, name: string): string {
  return `/${secretsRoot(root)}/${site}/${name}`;
}

export function secretLocation(root: string, site: string, name: string, option?: string): string {
  return `the SecureString parameter ${secretParameter(root, site, name)}, with: ${secretCommand(site, name, option)}`;
}
