/** `cloudtab ls` without a site, where there is no site of the default name. */
import { wholeSites } from '../../app/door/whole-lists.ts';
import type { Client } from '../../client/client.ts';
import type { ListOptions } from './ls.ts';
import { jsonText } from './output.ts';
import { table } from './table.ts';

/** The site to use if none is given: the one of that name if there is, or the only one. Undefined if there are several. */
export async function defaultSite({ call }: Client, name: string): Promise<string | undefined> {
  const sites = await call('siteNames', {});
  if (sites.includes(name)) return name;
  return sites.length === 1 ? sites[0] : undefined;
}

/** The text to print: the crons of every site. */
export async function listAll(client: Client, options: ListOptions): Promise<string> {
  const { listCrons } = await import('./ls.ts');
  const texts: string[] = [];
  for (const site of await client.call('siteNames', {})) texts.push(await listCrons(client, site, options));
  if (options.json) return jsonText({ sites: texts.map((text) => JSON.parse(text)) });
  return texts.join('\n\n');
}

/** The text to print: the sites with the numbers of their crons. */
export async function listSites({ call, name, note }: Client, options: ListOptions): Promise<string> {
  const sites = await wholeSites(call);
  if (options.json) {
    const { dumpSite } = await import('../../app/door/json.ts');
    return jsonText({ sites: sites.map(dumpSite) });
  }
  const head = ['SITE', 'TIME ZONE', 'CRONS', 'ACTIVE', 'FAILING', 'LATE'];
  const rows = sites.map(({ site, settings, counts: { crons, active, failing, late } }) => [
    site,
    settings.timezone,
    ...[crons, active, failing, late].map(String),
  ]);
  return [
    ...(note ? [note] : []),
    `The sites of ${name}; choose one with --site:`,
    table([head, ...rows], { ...options, head: true }),
  ].join('\n');
}
