/** Finds a deployment by its stack or its function URL. */
import { readDeployment } from '../adapters/aws/deployment-outputs.ts';
import { InvalidError } from '../core/domain/errors.ts';
import { formatValue } from '../core/domain/problem.ts';
import type { Client } from './client.ts';
import { deploymentClient, type FoundDeployment } from './deployment-client.ts';

/** The hosts of this computer, as of an emulator of AWS. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

export interface NamedDeployment {
  readonly stack?: string | undefined;
  /** Instead of the stack. */
  readonly url?: string | undefined;
  /** The root of the deployment, for a stack that contains several. Default: the only one. */
  readonly root?: string | undefined;
}

/** Throws ConfigurationError if there is none, InvalidError for a URL that is none, and UnavailableError if AWS does not answer or denies access. */
export async function openDeployment(named: NamedDeployment): Promise<Client> {
  return deploymentClient(await findDeployment(named));
}

/** Throws as `openDeployment`. */
export async function findDeployment({ stack = '', url, root }: NamedDeployment): Promise<FoundDeployment> {
  if (url === undefined) {
    const { outputs, names } = await readDeployment(stack, root);
    return { url: outputs.adminUrl, ...names };
  }
  if (!isFunctionUrl(url)) {
    const wanted = 'the function URL of a deployment, such as https://abc.lambda-url.eu-west-1.on.aws';
    throw new InvalidError([
      { where: '--url', got: formatValue(url), wanted, fix: 'It is an output of the stack.' },
    ]);
  }
  return { url, name: `the deployment at ${new URL(url).host}`, title: url, option: `--url ${url}` };
}

/** Without encryption, the network could read a request with its session token, and answer it: allowed on this computer only. */
function isFunctionUrl(url: string): boolean {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(url);
  if (`${username}${password}${search}${hash}` !== '') return false;
  return protocol === 'https:' || LOOPBACK.test(hostname);
}
