/** `cloudtab ls` without a site, where there is no site of the default name. */
import { wholeSiteNames, wholeSites } from '../../app/door/whole-lists.ts';
import type { Client } from '../../client/client.ts';
import { type ListOptions, listCrons } from './ls.ts';
import { offLine } from './off.ts';
import { jsonText } from './output.ts';
import { table } from './table.ts';
import { wrapWords } from './wrap-text.ts';

/** The text to print if no site is given: the crons of the one of that name or of the only one, else the list of sites. */
export async function listDefault(client: Client, name: string, options: ListOptions): Promise<string> {
  // Most crontabs have a site of that name, so both are asked for at once.
  const crons = listCrons(client, name, options);
  crons.catch(() => undefined);
  const sites = await wholeSiteNames(client.call);
  if (sites.includes(name)) return crons;
  const [only, ...others] = sites;
  return only === undefined || others.length > 0
    ? listSites(client, options)
    : listCrons(client, only, options);
}

/** The text to print: the crons of every site. */
export async function listAll(client: Client, options: ListOptions): Promise<string> {
  const texts: string[] = [];
  for (const site of await wholeSiteNames(client.call)) texts.push(await listCrons(client, site, options));
  if (options.json) return jsonText({ sites: texts.map((text) => JSON.parse(text)) });
  return texts.join('\n\n');
}

/** The text to print: the sites with the numbers of their crons. */
export async function listSites(client: Client, options: ListOptions): Promise<string> {
  const { call, name, note } = client;
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
  const lines = sites.flatMap(({ site, settings, off }) =>
    off ? [offLine(site, off, settings.timezone, client.now())] : [],
  );
  return [
    ...(note ? [note] : []),
    `The sites of ${name}; choose one with --site:`,
    table([head, ...rows], { ...options, head: true }),
    ...lines.flatMap((line) => wrapWords(line, options.width)),
  ].join('\n');
}
