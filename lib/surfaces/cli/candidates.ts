/** Looks up the names in the crontab that completion offers. */

import { siteNames } from '../../app/operations/read.ts';
import { DEFAULT_SITE } from '../../core/domain/names.ts';
import type { ReadTarget, Target } from '../../core/ports/target.ts';
import type { NameRequest } from './completion.ts';
import { openReader, openTarget } from './target.ts';

/** The existing names; none when the crontab cannot be opened, because completion prints no errors. */
export async function candidates({ kind, uid, options }: NameRequest): Promise<readonly string[]> {
  const { dir, stack, root, region, profile, site = process.env.CLOUDTAB_SITE || DEFAULT_SITE } = options;
  const chosen = {
    ...(dir && { dir }),
    ...(stack && { stack }),
    ...(root && { root }),
    ...(region && { region }),
    ...(profile && { profile }),
  };
  try {
    if (kind === 'uid' || kind === 'site') {
      await using target = await openReader(chosen);
      return await (kind === 'uid' ? uids(target, site) : siteNames(target.ports));
    }
    await using target = await openTarget(chosen);
    return await (kind === 'version' ? versions(target, site, uid) : runners(target, site));
  } catch {
    return [];
  }
}

async function uids({ ports }: ReadTarget, site: string): Promise<string[]> {
  const { crons } = await ports.store.readSite(site);
  return crons.filter(({ cron }) => cron && !cron.removedAt).map((cron) => cron.uid);
}

async function versions({ ports }: Target, site: string, uid = ''): Promise<string[]> {
  const { history } = await import('../../app/operations/history.ts');
  return (await history(ports, { site, uid })).map(({ version }) => String(version));
}

/** A family of runners, such as `lambda:<function>`, has no fixed name. */
async function runners({ ports }: Target, site: string): Promise<string[]> {
  return ports.runners.describe(site).flatMap(({ name }) => (name.includes('<') ? [] : [name]));
}
