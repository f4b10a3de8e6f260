/** What the scheduler and the worker of a runner send each other. Everything can be serialized by V8. */
import type { CronFields } from '../../../core/domain/cron.ts';
import type { PublishedRunner } from '../../../core/domain/runner-description.ts';
import type { LogFields, LogLevel } from '../../../core/ports/logger.ts';
import type { RunContext } from '../../../core/ports/runners.ts';
import type { SiteToolSettings } from '../local-tools.ts';

/** The task of a worker. */
export interface WorkerInput {
  /** The absolute path of the runner's file. */
  readonly file: string;
  /** The run; without it the worker only describes the runner. */
  readonly run?: RunInput;
}

export interface RunInput
  extends Omit<RunContext, 'cron' | 'signal' | 'logger' | 'redact' | 'redactedStream'> {
  readonly cron: CronFields;
  readonly tools: SiteToolSettings;
}

/** From the worker: it waits for its task, lines while it does it, and a last message. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'line'; readonly level: LogLevel; readonly message: string; readonly fields: LogFields }
  | { readonly kind: 'loaded'; readonly codeVersion: string }
  | LastMessage;

export type LastMessage =
  | { readonly kind: 'described'; readonly description: Pick<PublishedRunner, 'summary' | 'settings'> }
  | { readonly kind: 'ended'; readonly messages: readonly string[] }
  | { readonly kind: 'failed'; readonly error: SentError };

/** An error as it is sent: a clone would lose its class. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly cause?: SentError;
}

/** To the worker: the run is aborted for this reason. */
export interface AbortMessage {
  readonly abort: SentError;
}
