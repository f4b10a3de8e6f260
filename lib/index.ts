/**
 * The public API of `cloudtab`: crontabs of a folder or a deployment, and the base of runners. `cloudtab/cdk` has the
 * constructs of a deployment. docs/typescript.md explains its use.
 */

export type { ForceOptions } from './app/operations/force-run.ts';
export type { JobStatus } from './app/operations/job-status.ts';
export type { Power } from './app/operations/switch-cron.ts';
export { type Line, type Tried, type TryOptions, tryRunner } from './client/try-runner.ts';
export { Cron, type CronFields, type Json, type JsonObject } from './core/domain/cron.ts';
export type { CronContext } from './core/domain/cron-schema.ts';
export {
  AlreadyExistsError,
  CloudtabError,
  ConfigurationError,
  ConflictError,
  InvalidError,
  NotFoundError,
  ReadOnlyError,
  UnavailableError,
  VersionConflictError,
} from './core/domain/errors.ts';
export type { Event } from './core/domain/event.ts';
export { dumpLog, type Log, type LogDump } from './core/domain/log.ts';
export { loadLog } from './core/domain/log-schema.ts';
export type { Problem } from './core/domain/problem.ts';
export type { Logger } from './core/ports/logger.ts';
export type { RunnerResult } from './core/ports/runners.ts';
export { type EnvironFields, Runner, type RunnerClass } from './runners/runner.ts';
export { type BulkAction, CronJob, type ForcedRun, type RunFilter } from './surfaces/sdk/cron-job.ts';
export { Crontab, type LoadOptions, type Saved } from './surfaces/sdk/crontab.ts';
export {
  Crontabs,
  FolderCrontabs,
  type OpenFolderOptions,
  type OpenStackOptions,
  openFolder,
  openStack,
  openUrl,
} from './surfaces/sdk/crontabs.ts';
export type { CronEdit, CronFilter, CrontabDump, NewCron } from './surfaces/sdk/definition.ts';
export { loadCron } from './surfaces/sdk/load-cron.ts';
export { loadCrontab } from './surfaces/sdk/load-crontab.ts';
