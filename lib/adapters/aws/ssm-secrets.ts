/** The Secrets in Parameter Store: the parameters `/<root>/<site>/secrets/<name>`, of type SecureString or String. */
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Secrets } from '../../core/ports/secrets.ts';
import { awsErrorName, translatingErrors } from './errors.ts';

export class SsmSecrets implements Secrets {
  readonly #client: SSMClient;
  readonly #root: string;

  /** `root` is the first level of the parameters' names. */
  constructor(client: SSMClient, root: string) {
    this.#client = client;
    this.#root = root;
  }

  read(site: string, name: string): Promise<string | undefined> {
    const parameter = this.#name(site, name);
    return translatingErrors(`Cannot read the secret ${parameter}`, async () => {
      try {
        const command = new GetParameterCommand({ Name: parameter, WithDecryption: true });
        return (await this.#client.send(command)).Parameter?.Value;
      } catch (error) {
        if (awsErrorName(error) === 'ParameterNotFound') return undefined;
        throw error;
      }
    });
  }

  location(site: string, name: string): string {
    return `the SecureString parameter ${this.#name(site, name)}`;
  }

  #name(site: string, name: string): string {
    return `/${this.#root}/${site}/secrets/${name}`;
  }
}
