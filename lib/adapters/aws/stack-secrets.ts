/** The secrets of a deployment, with the credentials of the caller. */
import type { SecretStore } from '../../core/ports/secrets.ts';
import { makeSsm } from './clients.ts';
import { readDeployment } from './deployment-outputs.ts';
import { SsmSecretStore } from './ssm-secret-store.ts';
import { stackNames } from './stack-names.ts';

/** Throws ConfigurationError when the stack is not found, or has no such deployment of cloudtab. */
export async function openStackSecrets(
  stack: string,
  root: string | undefined,
): Promise<{ readonly title: string; readonly secrets: SecretStore }> {
  const { outputs, location } = await readDeployment(stack, root);
  const { title } = stackNames(stack, root, location);
  const secrets = new SsmSecretStore({ client: makeSsm(), root: outputs.root, keyId: outputs.secretKeyId });
  return { title, secrets };
}
