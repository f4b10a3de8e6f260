/** `cloudtab allow`: which hosts the `http` runner of a folder may call besides the public ones. */
import { changeSettings, readSettings } from '../../adapters/local/folder-settings.ts';
import { checkFolder, chosen, type Environment, type TargetOptions } from '../../client/chosen-target.ts';
import { ConfigurationError, InvalidError } from '../../core/domain/errors.ts';
import { didYouMean } from '../../core/domain/nearest.ts';
import { formatValue } from '../../core/domain/problem.ts';
import { normalEntry } from '../../runners/allowed-url.ts';
import { listed } from '../../runners/limits.ts';
import type { JsonOptions } from './output.ts';

export interface AllowOptions extends Pick<TargetOptions, 'dir' | 'stack'>, JsonOptions {
  readonly remove?: true;
}

/**
 * Adds the hosts to the folder's settings, or removes them, and returns all that are allowed then. A scheduler that runs
 * follows within a second. Throws InvalidError for an entry that covers no host, and ConfigurationError for a deployment.
 */
export function allow(hosts: readonly string[], options: AllowOptions, env: Environment) {
  const { dir, stack } = chosen(options, env);
  if (stack !== undefined) {
    throw new ConfigurationError(
      `The hosts of the deployment ${stack} are a property of its construct. Add them to allowedHosts, and deploy it.`,
    );
  }
  checkFolder(dir);
  const entries = [...new Set(hosts.map(entryOf))];
  const before = readSettings(dir).allowedHosts;
  if (options.remove) checkListed(entries, before);
  const others = before.filter((host) => !entries.includes(host));
  const allowedHosts = options.remove ? others : [...others, ...entries];
  if (hosts.length > 0) changeSettings(dir, { allowedHosts });
  const named = allowedHosts.length === 0 ? 'no other' : allowedHosts.join(', ');
  return { allowedHosts, message: `Crons in ${dir} may call every public host, and ${named}.` };
}

function checkListed(entries: readonly string[], allowedHosts: readonly string[]): void {
  const unknown = entries.filter((entry) => !allowedHosts.includes(entry));
  if (unknown.length === 0) return;
  throw new InvalidError(
    unknown.map((entry) => ({
      where: 'host',
      got: formatValue(entry),
      wanted: `one of the hosts that are allowed: ${listed(allowedHosts)}`,
      fix: didYouMean(entry, allowedHosts, 'Run cloudtab allow to list them.'),
    })),
  );
}

function entryOf(host: string): string {
  const entry = normalEntry(host);
  if (entry !== undefined) return entry;
  throw new InvalidError([
    {
      where: 'host',
      got: formatValue(host),
      wanted: 'a host without a path, such as localhost:8080, http://nas.local or 10.0.0.0/8',
      fix: 'Leave out the path.',
    },
  ]);
}
