/** The operations on sites, their crontabs, and several crons at once. */
import * as z from 'zod/mini';
import type { JsonObject } from '../../core/domain/cron.ts';
import { dumpLog } from '../../core/domain/log.ts';
import { withDescription } from '../../core/domain/validate.ts';
import { addCron } from '../operations/add-cron.ts';
import { forceRuns, removeCrons, restoreCrons, switchCrons } from '../operations/bulk.ts';
import { checkSteps } from '../operations/check-steps.ts';
import { isWantedCron } from '../operations/cron-filter.ts';
import type { SiteSummary } from '../operations/crontab-view.ts';
import { editSettings } from '../operations/edit-settings.ts';
import { historyPage, rollback } from '../operations/history.ts';
import { listSecrets } from '../operations/list-secrets.ts';
import { fitting, pageOf } from '../operations/page.ts';
import { currentSettings } from '../operations/preconditions.ts';
import { previewCron } from '../operations/preview-cron.ts';
import { listSites, readCrontab, siteNames } from '../operations/read.ts';
import { type LogsOfCron, readLogsOf } from '../operations/read-logs.ts';
import { readRuns } from '../operations/read-runs.ts';
import { readTimeline } from '../operations/read-timeline.ts';
import { switchSite } from '../operations/switch-site.ts';
import { answers } from './answers.ts';
import * as inputs from './inputs.ts';
import {
  dumpCron,
  dumpCronResult,
  dumpPreview,
  dumpRunPage,
  dumpSettingsResult,
  dumpSite,
  dumpTimeline,
  dumpVersion,
} from './json.ts';
import { listAnswer } from './list-answer.ts';
import { operation, type Request } from './operation.ts';
import { runAnswers } from './run-answers.ts';

export const siteOperations = {
  siteNames: operation({
    role: 'viewer',
    level: 'deployment',
    changes: false,
    input: inputs.page,
    ...listAnswer('sites', () => z.string()),
    run: async ({ ports, input }) => pageOf(await siteNames(ports), (site) => site, input),
  }),
  listSites: operation({
    role: 'viewer',
    level: 'deployment',
    changes: false,
    input: inputs.page,
    ...listAnswer('sites', () => answers().site, dumpSite),
    run: async ({ ports, input }) => pageOf(await listSites(ports), ({ site }) => site, input),
  }),
  readSite: operation({
    role: 'viewer',
    level: 'site',
    changes: false,
    answer: () => answers().site,
    json: dumpSite,
    run: async ({ ports, place }): Promise<SiteSummary> => {
      const { crons: _, ...summary } = await readCrontab(ports, place.site, place);
      return summary;
    },
  }),
  readWholeSite: operation({
    role: 'viewer',
    level: 'site',
    changes: false,
    isForPages: true,
    answer: () => answers().site,
    json: dumpSite,
    run: ({ ports, place }) => readCrontab(ports, place.site, place),
  }),
  readSettings: operation({
    role: 'viewer',
    level: 'site',
    changes: false,
    answer: () => answers().settings,
    run: ({ ports, place }) => currentSettings(ports, place.site),
  }),
  listCrons: operation({
    role: 'viewer',
    level: 'site',
    changes: false,
    input: inputs.cronFilter,
    ...listAnswer('crons', () => answers().cron, dumpCron),
    run: async ({ ports, place, input }) => {
      const { crons, ...crontab } = await readCrontab(ports, place.site, place);
      const { name: runner, ...filter } = input;
      const found = crons.filter((cron) => isWantedCron(cron, { ...filter, runner }));
      return { ...pageOf(found, ({ uid }) => uid, input), crontab };
    },
  }),
  editSite: operation({
    role: 'editor',
    level: 'site',
    changes: true,
    fields: inputs.settingsEdit,
    answer: () => answers().settingsResult,
    json: dumpSettingsResult,
    run: ({ ports, place, input }: Request<'site', JsonObject>) =>
      editSettings(ports, place.site, input, place),
  }),
  switchSite: operation({
    role: 'operator',
    level: 'site',
    changes: true,
    input: inputs.powerSwitch,
    answer: () => answers().settingsResult,
    json: dumpSettingsResult,
    run: ({ ports, place, input }) => switchSite(ports, place.site, input),
  }),
  readRuns: operation({
    role: 'viewer',
    level: 'site',
    changes: false,
    input: inputs.runRequest,
    answer: () => runAnswers().runPage,
    json: dumpRunPage,
    run: ({ ports, place, input }) => readRuns(ports, place.site, input),
  }),
  readAllRuns: operation({
    role: 'viewer',
    level: 'deployment',
    changes: false,
    input: inputs.runRequest,
    answer: () => runAnswers().runPage,
    json: dumpRunPage,
    run: ({ ports, input }) => readRuns(ports, undefined, input),
  }),
  readTimeline: operation({
    role: 'viewer',
    level: 'site',
    changes: false,
    input: inputs.timelinePage,
    answer: () => runAnswers().timeline,
    json: dumpTimeline,
    run: ({ ports, place, input }) => readTimeline(ports, place.site, input.cursor),
  }),
  readSiteHistory: operation({
    role: 'viewer',
    level: 'site',
    changes: false,
    input: inputs.page,
    ...listAnswer('versions', () => answers().version, dumpVersion),
    run: ({ ports, place: { site }, input }) => historyPage(ports, { site }, input),
  }),
  rollbackSite: operation({
    role: 'editor',
    level: 'site',
    changes: true,
    input: inputs.versionNumber,
    answer: () => answers().result,
    run: ({ ports, place, input }) => rollback(ports, { site: place.site }, input.version, place),
  }),
  readLogsOf: operation({
    role: 'viewer',
    level: 'site',
    changes: false,
    input: inputs.logsOf,
    answer: () => runAnswers().logsOf,
    json: ({ logs, left }: LogsAnswer) => ({
      logs: logs.map((one) => ({ ...one, logs: one.logs.map(dumpLog) })),
      left,
    }),
    run: async ({ ports, place, input }) => {
      const all = await readLogsOf(ports, place.site, input);
      const logs = fitting(all);
      return { logs, left: all.slice(logs.length).map(({ uid }) => uid) };
    },
  }),
  previewCron: operation({
    role: 'viewer',
    level: 'site',
    changes: false,
    input: inputs.previewRequest,
    answer: () => answers().cronPreview,
    json: dumpPreview,
    run: ({ ports, place, input }) => previewCron(ports, place.site, input),
  }),
  listSecrets: operation({
    role: 'editor',
    level: 'site',
    changes: false,
    input: inputs.page,
    ...listAnswer('secrets', () => withDescription(z.string(), 'A name, never a value')),
    run: async ({ ports, place, input }) =>
      pageOf(await listSecrets(ports, place.site), (name) => name, input),
  }),
  checkSteps: operation({
    role: 'editor',
    level: 'site',
    changes: false,
    input: inputs.steps,
    answer: () => answers().bulkResult,
    run: ({ ports, place, input }) => checkSteps(ports, place.site, input),
  }),
  addCron: operation({
    role: 'editor',
    level: 'site',
    changes: true,
    fields: inputs.newCron,
    answer: () => answers().cronResult,
    json: dumpCronResult,
    run: ({ ports, place, input }: Request<'site', JsonObject>) => addCron(ports, place.site, input, place),
  }),
  runCrons: operation({
    role: 'operator',
    level: 'site',
    changes: true,
    input: inputs.bulk,
    answer: () => answers().bulkResult,
    run: ({ ports, place, input }) => forceRuns(ports, place.site, input.uids),
  }),
  switchCrons: operation({
    role: 'operator',
    level: 'site',
    changes: true,
    input: inputs.bulkSwitch,
    answer: () => answers().bulkResult,
    run: ({ ports, place, input }) => switchCrons(ports, place.site, input.uids, input),
  }),
  removeCrons: operation({
    role: 'editor',
    level: 'site',
    changes: true,
    input: inputs.bulk,
    answer: () => answers().bulkResult,
    run: ({ ports, place, input }) => removeCrons(ports, place.site, input.uids),
  }),
  restoreCrons: operation({
    role: 'editor',
    level: 'site',
    changes: true,
    input: inputs.bulk,
    answer: () => answers().bulkResult,
    run: ({ ports, place, input }) => restoreCrons(ports, place.site, input.uids),
  }),
};

interface LogsAnswer {
  readonly logs: readonly LogsOfCron[];
  readonly left: readonly string[];
}
