/** An operation as data: who may do it, where, what it takes, what it answers, and the function that does it. */
import type * as z from 'zod/mini';
import type { Caller, Role } from '../../core/domain/access.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { CatalogueStore } from '../../core/ports/runner-catalogue.ts';

/** Where an operation applies: to the whole deployment, to a site, or to a cron. */
export type Level = keyof Places;

export interface Places {
  readonly deployment: Readonly<Record<never, never>>;
  readonly site: SitePlace;
  readonly cron: SitePlace & { readonly uid: string };
}

export interface SitePlace {
  readonly site: string;
  /** Tags of the versions that a change may replace. Absent: any version. */
  readonly expected?: readonly string[];
  /** Whether a missing site is created. Default: false. */
  readonly newSite?: boolean;
  /** Accepts a runner that the target does not have while the cron is switched off. Default: false. */
  readonly anyRunnerWhileOff?: boolean;
  /** Uids that need a consistent read, such as that of a cron that was just saved. */
  readonly fresh?: readonly string[];
}

/** An object of input: each field has its own texts for problems. */
export type InputSchema = z.ZodMiniObject<z.core.$ZodShape, z.core.$strict>;

export interface Operation<At extends Level = Level, Input = never, Answer = unknown> {
  /** The least role that may call it. */
  readonly role: Role;
  readonly level: At;
  /** Whether it changes something: each call then leaves an audit line. */
  readonly changes: boolean;
  /** Its answer has no bound: only pages, which are made in the same process, may call it. */
  readonly isForPages?: true;
  /** The input, which `call` validates. Absent: no input, or `fields`. A function, so that the schema is made when it is needed. */
  readonly input?: () => InputSchema;
  /** The fields that the operation validates itself, together with those that are stored. */
  readonly fields?: () => z.ZodMiniType;
  /** The answer in JSON. */
  readonly answer: () => z.ZodMiniType;
  /** The answer as JSON, with times in ISO 8601. Absent: as it is. */
  json?(answer: NoInfer<Answer>): unknown;
  run(request: Request<At, Input>): Promise<Answer> | Answer;
}

export interface Request<At extends Level, Input> {
  readonly ports: CallPorts;
  readonly who: Caller;
  readonly place: Places[At];
  readonly input: Input;
}

/** The ports of all operations. */
export interface CallPorts extends OperationPorts {
  /** What the target published about its runners. Absent: nothing. */
  readonly catalogue?: Pick<CatalogueStore, 'read'>;
  /** The version of cloudtab that does the operations, for callers of another one. Absent: not said. */
  readonly version?: string;
}

/** Checks the types of an operation. That of its input is the output of the schema. */
export function operation<At extends Level, Input, Answer>(
  definition: Operation<At, Input, Answer> & { readonly input?: () => z.ZodMiniType<Input> },
): Operation<At, Input, Answer> {
  return definition;
}
