/**
 * The only way from the surfaces to the crontab. A call checks the role of the caller and the input, does the operation, and
 * writes an audit line about each change and each refusal.
 */
import { type Caller, type Role, roleAnywhere, roleAt, suffices } from '../../core/domain/access.ts';
import { CloudtabError, errorReport, ForbiddenError, InvalidError } from '../../core/domain/errors.ts';
import { limitProblems } from '../../core/domain/problem.ts';
import { validate } from '../../core/domain/validate.ts';
import type { Logger } from '../../core/ports/logger.ts';
import { Audit, uidIn } from './audit.ts';
import type { CallPorts, Operation, Places } from './operation.ts';
import { type AnswerOf, type InputOf, OPERATIONS, type OperationId, type PlaceOf } from './operations.ts';

/**
 * Calls an operation. Throws ForbiddenError, InvalidError with all problems of the input, and the errors of the operation.
 */
export type Call = <Id extends OperationId>(
  id: Id,
  place: PlaceOf<Id>,
  ...input: unknown extends InputOf<Id> ? [] : [input: InputOf<Id>]
) => Promise<AnswerOf<Id>>;

/** A call of an operation that is known only at run time, as by a route. */
export type UntypedCall = (id: OperationId, place: Place, input?: unknown) => Promise<unknown>;

/** The way to the crontab of one target. */
export interface Door {
  /** The calls of that caller. */
  as(who: Caller): Call;
  /** Epoch milliseconds. */
  now(): number;
  /** The user of this process, who calls if no one else is known. */
  readonly by?: string;
  /** The option of the command line that chooses the target, for hints. */
  readonly option?: string;
  /** Whether the output of runs can be read. */
  readonly hasOutput: boolean;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

export function makeDoor(ports: CallPorts): Door {
  const { clock, logger, by, option, output } = ports;
  return {
    as: (who) => {
      const call: UntypedCall = (id, place, input) => callOne(ports, who, id, place, input);
      return call as Call;
    },
    now: () => clock.now(),
    logger,
    hasOutput: output !== undefined,
    ...(by !== undefined && { by }),
    ...(option !== undefined && { option }),
  };
}

/** Whether the caller may do this at that site; without a site, anywhere. */
export function may(who: Caller, id: OperationId, site?: string): boolean {
  return suffices(site === undefined ? roleAnywhere(who) : roleAt(who, site), OPERATIONS[id].role);
}

interface Place {
  readonly site?: string;
  readonly uid?: string;
  readonly expected?: readonly string[];
}

async function callOne(
  base: CallPorts,
  who: Caller,
  id: OperationId,
  place: Place,
  input: unknown,
): Promise<unknown> {
  const operation: Operation = OPERATIONS[id];
  const { role, changes, input: schema } = operation;
  const audit = new Audit();
  const ports = portsOf(base, who, changes ? audit : undefined);
  const { site, uid = id === 'addCron' ? uidIn(input) : undefined, expected } = place;
  const called = { operation: id, site, uid, expected };
  try {
    const at = operation.level === 'deployment' ? undefined : (site ?? '');
    if (!may(who, id, at)) throw new ForbiddenError(refusal(who, role, at));
    const request = {
      ports,
      who,
      place: place as Places['cron'],
      input: (schema ? checked(schema, input) : input) as never,
    };
    const answer = await operation.run(request);
    if (changes) audit.done(ports.logger, called, answer);
    return answer;
  } catch (error) {
    if (changes || error instanceof ForbiddenError) {
      audit.refused(
        ports.logger,
        called,
        error instanceof CloudtabError ? errorReport(error).code : 'failed',
      );
    }
    throw error;
  }
}

/** The author of changes is the caller, and lists of sites have only those that the caller may see. */
function portsOf(ports: CallPorts, who: Caller, audit: Audit | undefined): CallPorts {
  const { name } = who;
  return {
    ...ports,
    ...(name !== undefined && { by: name, logger: ports.logger.with({ by: name }) }),
    sees: (site) => suffices(roleAt(who, site), 'viewer'),
    ...(audit && { registry: audit.registry(ports.registry) }),
  };
}

function checked(schema: NonNullable<Operation['input']>, input: unknown): unknown {
  const { value, problems } = validate(schema(), input ?? {});
  if (problems.length > 0) throw new InvalidError(limitProblems(problems));
  return value;
}

function refusal(who: Caller, needed: Role, site: string | undefined): string {
  const name = who.name ?? 'the caller';
  const where = site === undefined ? '' : ` at the site "${site}"`;
  const has = site === undefined ? roleAnywhere(who) : roleAt(who, site);
  const got = has === undefined ? 'has no role' : `is ${has}`;
  // It does not begin with the name, whose first letter a page would change.
  return `this needs the role ${needed}${where}, and ${name} ${got}. Someone who deploys cloudtab can give it.`;
}
