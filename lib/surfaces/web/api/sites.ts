/** The endpoints of sites and their crontabs. */
import * as z from 'zod/mini';
import { editSettings } from '../../../app/operations/edit-settings.ts';
import { history } from '../../../app/operations/history.ts';
import { listSites, readCrontab } from '../../../app/operations/read.ts';
import { dumpCron, dumpSettings, dumpSite, dumpVersion } from './dumps.ts';
import type { Endpoint } from './endpoint.ts';
import {
  settingsEditSchema,
  settingsOutcomeSchema,
  siteSchema,
  siteWithCronsSchema,
  versionSchema,
} from './schemas.ts';

export const SITES: readonly Endpoint[] = [
  {
    method: 'get',
    path: '/sites',
    id: 'listSites',
    summary: 'Sites with their switches and counts',
    answer: { status: 200, description: 'Sorted by name', schema: z.object({ sites: z.array(siteSchema) }) },
    refusals: [],
    handle: async ({ ports }) => ({ body: { sites: (await listSites(ports)).map(dumpSite) } }),
  },
  {
    method: 'get',
    path: '/sites/{site}',
    id: 'readSite',
    summary: 'A crontab with its crons',
    description: 'Eventually consistent; a request for a single cron is strongly consistent.',
    answer: { status: 200, description: 'The crontab', schema: siteWithCronsSchema, tagged: true },
    refusals: [404],
    handle: async ({ ports, site }) => {
      const view = await readCrontab(ports, site);
      const body = { ...dumpSite(view), crons: view.crons.map(dumpCron) };
      return view.parameter ? { body, tag: view.parameter.tag } : { body };
    },
  },
  {
    method: 'patch',
    path: '/sites/{site}',
    id: 'editSite',
    summary: 'Switch a crontab on or off, lock it, or set its time zone',
    description: 'A read-only crontab accepts only a change that sets "readOnly" to false.',
    body: settingsEditSchema,
    conditional: true,
    answer: { status: 200, description: 'The result', schema: settingsOutcomeSchema, tagged: true },
    refusals: [404, 409, 412, 422],
    handle: async ({ ports, site, body, expected }) => {
      const { settings, ...outcome } = await editSettings(ports, site, body, { expected });
      const tag = settings.parameter?.tag;
      return { body: { ...outcome, crontab: dumpSettings(settings) }, ...(tag === undefined ? {} : { tag }) };
    },
  },
  {
    method: 'get',
    path: '/sites/{site}/history',
    id: 'readSiteHistory',
    summary: 'Versions of the settings, with their authors and times',
    answer: {
      status: 200,
      description: 'Newest first',
      schema: z.object({ versions: z.array(versionSchema) }),
    },
    refusals: [404],
    handle: async ({ ports, site }) => ({
      body: { versions: (await history(ports, { site })).map(dumpVersion) },
    }),
  },
];
