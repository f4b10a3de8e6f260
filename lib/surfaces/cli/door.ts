/** `cloudtab door`: prints the secret address of a folder's dashboard, or changes it. */

import { checkFolder, chosen, type Environment } from '../../client/chosen-target.ts';
import { doorOf } from '../../client/folder-client.ts';
import { ConfigurationError, UnavailableError } from '../../core/domain/errors.ts';
import { dashboardUrl } from '../web/local-server.ts';
import type { JsonOptions } from './output.ts';

export interface DoorOptions extends JsonOptions {
  readonly dir?: string;
  /** Make a new secret. */
  readonly renew?: true;
}

/**
 * The address of the scheduler that runs, for a browser and for programs. Throws UnavailableError if none runs, unless the
 * secret was to be renewed, and ConfigurationError for a deployment.
 */
export function door(options: DoorOptions, env: Environment) {
  const { dir, stack } = chosen(options, env);
  if (stack !== undefined) {
    throw new ConfigurationError(
      `The dashboard of the deployment ${stack} has no address of its own on this computer. Run: cloudtab open --stack ${stack}`,
    );
  }
  checkFolder(dir);
  const folderDoor = doorOf(dir);
  if (options.renew) folderDoor.renew();
  const current = folderDoor.current();
  const missing = `No scheduler runs the crontab of ${dir}, so its dashboard has no address.`;
  const fix = `Run: cloudtab start --dir ${dir}`;
  if (current) {
    const dashboard = dashboardUrl(current.address, current.token);
    return { message: dashboard, dashboard, ...current };
  }
  if (options.renew) return { message: `The old address of the dashboard is void. ${missing} ${fix}` };
  throw new UnavailableError(`${missing} A bookmark works again when one does. ${fix}`);
}
