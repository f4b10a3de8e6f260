/** Looks up the names in the crontab that completion offers. */

import { history } from '../../app/operations/history.ts';
import { siteNames } from '../../app/operations/read.ts';
import { DEFAULT_SITE } from '../../core/domain/names.ts';
import type { Target } from '../../core/ports/target.ts';
import type { NameRequest } from './completion.ts';
import { openTarget } from './target.ts';

/** The existing names; none when the crontab cannot be opened, because completion prints no errors. */
export async function candidates({ kind, uid, options }: NameRequest): Promise<readonly string[]> {
  const { dir, stack, root, site = process.env.CLOUDTAB_SITE || DEFAULT_SITE } = options;
  try {
    await using target = await openTarget({
      ...(dir && { dir }),
      ...(stack && { stack }),
      ...(root && { root }),
    });
    return await found(target, kind, site, uid);
  } catch {
    return [];
  }
}

async function found(
  { ports }: Target,
  kind: NameRequest['kind'],
  site: string,
  uid = '',
): Promise<string[]> {
  switch (kind) {
    case 'uid': {
      const { crons } = await ports.store.readSite(site);
      return crons.filter(({ cron }) => cron && !cron.removedAt).map((cron) => cron.uid);
    }
    case 'version':
      return (await history(ports, { site, uid })).map(({ version }) => String(version));
    case 'site':
      return siteNames(ports);
    case 'runner':
      // A family of runners, such as `lambda:<function>`, has no fixed name.
      return ports.runners.describe(site).flatMap(({ name }) => (name.includes('<') ? [] : [name]));
  }
}
