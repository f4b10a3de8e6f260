/** `cloudtab whoami`: who the caller is to the target, and what that caller may do there. */
import type { Client } from '../../client/client.ts';
import type { Role } from '../../core/domain/access.ts';
import { type JsonOptions, jsonText } from './output.ts';
import { table } from './table.ts';

const MAY: Readonly<Record<Role, string>> = {
  viewer: 'look at everything',
  operator: 'also run crons and switch them on and off',
  editor: 'also add, change and remove crons and settings',
};

/** The text to print. */
export async function whoami(
  { call, title }: Pick<Client, 'call' | 'title'>,
  options: JsonOptions,
): Promise<string> {
  const rights = await call('whoami', {});
  if (options.json) return jsonText(rights);
  const { name = 'unknown', role, sites } = rights;
  const rows = [
    ...(role === undefined ? [] : [['all sites', role, MAY[role]]]),
    ...sites.map(({ site, role: higher }) => [site, higher, MAY[higher]]),
  ];
  return [`${name}, at ${title}:`, table(rows, {})].join('\n');
}
