/** The names of the secrets in Parameter Store, which `ssm:DescribeParameters` lists without their values. */
import { paginateDescribeParameters, type SSMClient } from '@aws-sdk/client-ssm';
import { translatingErrors } from './errors.ts';
import { secretParameter } from './ssm-secrets.ts';

export interface SecretNamesOptions {
  readonly client: SSMClient;
  /** The first level of the names of crontabs. */
  readonly root: string;
}

/** Sorted. After `signal` it throws UnavailableError. */
export function ssmSecretNames(
  { client, root }: SecretNamesOptions,
  site: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const path = secretParameter(root, site, '');
  const filter = { Key: 'Path', Option: 'OneLevel', Values: [path.slice(0, -1)] };
  return translatingErrors(`Cannot list the secrets below ${path}`, async () => {
    const names: string[] = [];
    const pages = paginateDescribeParameters(
      { client },
      { ParameterFilters: [filter] },
      { abortSignal: signal },
    );
    for await (const { Parameters = [] } of pages)
      for (const { Name = '' } of Parameters) names.push(Name.slice(path.length));
    return names.sort();
  });
}
