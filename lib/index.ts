/**
 * What programs import from `cloudtab`: crontabs of a folder or a deployment, and what runners are made of. The
 * constructs of a deployment are in `cloudtab/cdk`. docs/typescript.md shows how it is used.
 */
export { CronJob, type ForcedRun } from './api/cron-job.ts';
export { Crontab, type Saved } from './api/crontab.ts';
export {
  Crontabs,
  FolderCrontabs,
  type OpenFolderOptions,
  type OpenOptions,
  openFolder,
  openStack,
} from './api/crontabs.ts';
export type { CronEdit, NewCron } from './api/definition.ts';
export { type Line, type Tried, type TryOptions, tryRunner } from './api/try-runner.ts';
export { Cron, type CronFields, type Json, type JsonObject } from './domain/cron.ts';
export { type CronContext, loadCron } from './domain/cron-schema.ts';
export type { CronFilter, CrontabDump } from './domain/crontab.ts';
export { loadCrontab } from './domain/crontab-schema.ts';
export {
  CloudtabError,
  ConfigurationError,
  InvalidError,
  NotFoundError,
  UnavailableError,
} from './domain/errors.ts';
export { dumpLog, type Log, type LogDump, type Status } from './domain/log.ts';
export { loadLog } from './domain/log-schema.ts';
export type { Problem } from './domain/problem.ts';
export type { JobStatus } from './operations/job-status.ts';
export {
  AlreadyExistsError as TakenError,
  ConflictError,
  ReadOnlyError,
  VersionConflictError as ChangedError,
} from './operations/refusals.ts';
export type { Event } from './ports/events.ts';
export type { Logger } from './ports/logger.ts';
export type { EnvironFields } from './runners/environ.ts';
export { Runner, type RunnerClass, type RunnerResult } from './runners/runner.ts';
