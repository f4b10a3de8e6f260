/** The operations on one cron, its runs and its logs. */
import type { JsonObject } from '../../core/domain/cron.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import { dumpLog } from '../../core/domain/log.ts';
import { deleteLogs } from '../operations/delete-logs.ts';
import { draftCron } from '../operations/draft-cron.ts';
import { editCron } from '../operations/edit-cron.ts';
import { forceRun } from '../operations/force-run.ts';
import { historyPage, rollback } from '../operations/history.ts';
import { readCron } from '../operations/read.ts';
import { type LogPage, readLogs } from '../operations/read-logs.ts';
import { readOutput } from '../operations/read-output.ts';
import { readRun } from '../operations/read-run.ts';
import { readLog } from '../operations/read-runs.ts';
import { readText } from '../operations/read-text.ts';
import { removeCron } from '../operations/remove-cron.ts';
import { restoreCron } from '../operations/restore-cron.ts';
import { stopRun } from '../operations/stop-run.ts';
import { switchCron } from '../operations/switch-cron.ts';
import { explain } from '../operations/why.ts';
import { answers } from './answers.ts';
import * as inputs from './inputs.ts';
import { dumpCron, dumpCronResult, dumpJob, dumpOutput, dumpRun, dumpVersion, dumpWhy } from './json.ts';
import { listAnswer } from './list-answer.ts';
import { operation, type Request } from './operation.ts';
import { runAnswers } from './run-answers.ts';

export const cronOperations = {
  readCron: operation({
    role: 'viewer',
    level: 'cron',
    changes: false,
    answer: () => answers().cron,
    json: dumpCron,
    run: ({ ports, place: { site, uid } }) => readCron(ports, site, uid),
  }),
  readJob: operation({
    role: 'viewer',
    level: 'cron',
    changes: false,
    answer: () => answers().job,
    json: dumpJob,
    run: async ({ ports, place: { site, uid } }) => (await readCron(ports, site, uid)).job,
  }),
  readText: operation({
    role: 'editor',
    level: 'cron',
    changes: false,
    answer: () => answers().text,
    run: ({ ports, place: { site, uid } }) => readText(ports, site, uid),
  }),
  draftCron: operation({
    role: 'editor',
    level: 'cron',
    changes: false,
    answer: () => answers().draft,
    run: ({ ports, place: { site, uid } }) => draftCron(ports, site, uid),
  }),
  editCron: operation({
    role: 'editor',
    level: 'cron',
    changes: true,
    fields: inputs.cronEdit,
    answer: () => answers().cronResult,
    json: dumpCronResult,
    run: ({ ports, place, input }: Request<'cron', JsonObject>) =>
      editCron(ports, place.site, place.uid, input, place),
  }),
  switchCron: operation({
    role: 'operator',
    level: 'cron',
    changes: true,
    input: inputs.powerSwitch,
    answer: () => answers().cronResult,
    json: dumpCronResult,
    run: ({ ports, place, input }) => switchCron(ports, place.site, place.uid, input),
  }),
  removeCron: operation({
    role: 'editor',
    level: 'cron',
    changes: true,
    answer: () => answers().result,
    run: ({ ports, place }) => removeCron(ports, place.site, place.uid, place),
  }),
  restoreCron: operation({
    role: 'editor',
    level: 'cron',
    changes: true,
    answer: () => answers().cronResult,
    json: dumpCronResult,
    run: ({ ports, place }) => restoreCron(ports, place.site, place.uid),
  }),
  runCron: operation({
    role: 'operator',
    level: 'cron',
    changes: true,
    input: inputs.forcing,
    answer: () => answers().runResult,
    run: ({ ports, place: { site, uid }, input }) => forceRun(ports, site, uid, input),
  }),
  readHistory: operation({
    role: 'viewer',
    level: 'cron',
    changes: false,
    input: inputs.page,
    ...listAnswer('versions', () => answers().version, dumpVersion),
    run: async ({ ports, place: { site, uid }, input }) => {
      await readCron(ports, site, uid);
      return historyPage(ports, { site, uid }, input);
    },
  }),
  rollbackCron: operation({
    role: 'editor',
    level: 'cron',
    changes: true,
    input: inputs.versionNumber,
    answer: () => answers().result,
    run: ({ ports, place, input }) =>
      rollback(ports, { site: place.site, uid: place.uid }, input.version, place),
  }),
  readLogs: operation({
    role: 'viewer',
    level: 'cron',
    changes: false,
    input: inputs.logPage,
    answer: () => runAnswers().logPage,
    json: ({ logs, ...page }: LogPage) => ({ logs: logs.map(dumpLog), ...page }),
    run: ({ ports, place, input }) => readLogs(ports, place.site, place.uid, input),
  }),
  readLog: operation({
    role: 'viewer',
    level: 'cron',
    changes: false,
    input: inputs.logId,
    answer: () => answers().log,
    json: dumpLog,
    run: ({ ports, place, input }) => readLog(ports, place.site, place.uid, input.id),
  }),
  deleteLogs: operation({
    role: 'editor',
    level: 'cron',
    changes: true,
    input: inputs.logIds,
    answer: () => answers().logsResult,
    run: async ({ ports, place, input }) => {
      const result = await deleteLogs(ports, place.site, place.uid, input.ids ?? 'all');
      if (input.ids && result.deleted === 0) throw new NotFoundError(result.message);
      return result;
    },
  }),
  readOutput: operation({
    role: 'viewer',
    level: 'cron',
    changes: false,
    input: inputs.outputPage,
    answer: () => runAnswers().output,
    json: dumpOutput,
    run: ({ ports, place, input }) => readOutput(ports, place.site, place.uid, input.id, input.cursor),
  }),
  why: operation({
    role: 'viewer',
    level: 'cron',
    changes: false,
    input: inputs.moment,
    answer: () => runAnswers().why,
    json: dumpWhy,
    run: ({ ports, place, input }) =>
      explain(ports, place.site, place.uid, Date.parse(input.time), input.timezone),
  }),
  stopRun: operation({
    role: 'operator',
    level: 'cron',
    changes: true,
    input: inputs.logId,
    answer: () => answers().result,
    run: ({ ports, place, input }) => stopRun(ports, place.site, place.uid, input.id),
  }),
  readRun: operation({
    role: 'viewer',
    level: 'cron',
    changes: false,
    input: inputs.logId,
    answer: () => runAnswers().run,
    json: dumpRun,
    run: ({ ports, place, input }) => readRun(ports, place.site, place.uid, input.id),
  }),
};
