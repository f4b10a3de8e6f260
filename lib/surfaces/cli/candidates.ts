/** Looks up the names in the crontab that completion offers. */

import { wholeCrontab, wholeHistory, wholeSiteNames } from '../../app/door/whole-lists.ts';
import { openClient, type TargetOptions } from '../../client/chosen-target.ts';
import type { Client } from '../../client/client.ts';
import { DEFAULT_SITE } from '../../core/domain/names.ts';
import type { NameRequest } from './completion.ts';

/** Names that no shell takes for anything else. The name of a file may be a command: `$(…)` is expanded when Enter is pressed. */
const HARMLESS = /^[\w.:][\w.:-]*$/;

/** The existing names; none when the crontab cannot be opened, because completion prints no errors. */
export async function candidates(request: NameRequest): Promise<readonly string[]> {
  return (await names(request)).filter((name) => HARMLESS.test(name));
}

async function names({ kind, uid, options }: NameRequest): Promise<readonly string[]> {
  const { site = process.env.CLOUDTAB_SITE || DEFAULT_SITE } = options;
  const given: TargetOptions = Object.fromEntries(Object.entries(options).filter(([, value]) => value));
  try {
    await using client = await openClient(given);
    switch (kind) {
      case 'uid':
        return (await wholeCrontab(client.call, site)).crons.map((cron) => cron.uid);
      case 'site':
        return await wholeSiteNames(client.call);
      case 'version':
        return await versions(client, site, uid);
      default:
        return await runners(client, site);
    }
  } catch {
    return [];
  }
}

async function versions({ call }: Client, site: string, uid: string | undefined): Promise<string[]> {
  const all = await wholeHistory(call, { site, uid: uid || undefined });
  return all.map(({ version }) => String(version));
}

/** A family of runners, such as `lambda:<function>`, has no fixed name. */
async function runners(client: Client, site: string): Promise<string[]> {
  const described = (await client.runners()).describe(site);
  return described.flatMap(({ name }) => (name.includes('<') ? [] : [name]));
}
