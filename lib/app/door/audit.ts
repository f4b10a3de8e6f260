/** The audit line of a call: which parameters it changed, and the versions that it found where it was refused. */
import { UID } from '../../core/domain/names.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { Parameter, Registry } from '../../core/ports/registry.ts';
import type { BulkResult } from '../operations/operation-result.ts';

interface Called {
  readonly operation: string;
  readonly site?: string | undefined;
  readonly uid?: string | undefined;
  /** Tags of the versions that the caller accepted to replace. */
  readonly expected?: readonly string[] | undefined;
}

/** What a call reads and changes, collected by the registry that it uses. */
export class Audit {
  /** The versions by uid, before any change; that of the settings by undefined. */
  readonly #found = new Map<string | undefined, number>();
  readonly #changes: object[] = [];

  /** Notes each change as soon as it is made, so that a later failure does not hide it. */
  registry(base: Registry): Registry {
    const found = this.#found;
    const changed = (key: Pick<Parameter, 'site' | 'uid'>, after?: number) => {
      const before = found.get(key.uid);
      this.#changes.push({ ...key, ...(before && { before }), ...(after && { after }) });
    };
    return {
      list: () => base.list(),
      history: (key) => base.history(key),
      labelRejected: (parameter, problems) => base.labelRejected(parameter, problems),
      unlabelRejected: (key, version) => base.unlabelRejected(key, version),
      read: async (key) => {
        const parameter = await base.read(key);
        if (parameter) found.set(key.uid, parameter.version);
        return parameter;
      },
      write: async (key, value, author) => {
        const written = await base.write(key, value, author);
        changed(key, written.version);
        return written;
      },
      remove: async (key) => {
        await base.remove(key);
        changed(key);
      },
    };
  }

  /** The result of several crons says which of them were refused or are left. */
  done(logger: Pick<Logger, 'info'>, called: Called, answer: unknown): void {
    if (!isBulk(answer)) {
      this.#log(logger, called, 'done', {});
      return;
    }
    const { done, refused, left } = answer;
    const rest = refused.length + left.length;
    const result = rest === 0 ? 'done' : done.length === 0 ? 'refused' : 'partly-done';
    this.#log(logger, called, result, {
      ...(refused.length > 0 && {
        refused: refused.map(({ uid, code }) => ({ uid, code, ...this.#before(uid) })),
      }),
      ...(left.length > 0 && { left }),
    });
  }

  /** `result` is the code of the error. */
  refused(logger: Pick<Logger, 'info'>, called: Called, result: string): void {
    const versions = called.expected?.map((tag) => Number.parseInt(tag, 10)).filter(Number.isFinite);
    const found = this.#changes.length === 0 && this.#before(called.uid);
    this.#log(logger, called, result, { ...found, ...(versions && { expected: versions }) });
  }

  #before(uid: string | undefined): { readonly before?: number } {
    const before = this.#found.get(uid);
    return before === undefined ? {} : { before };
  }

  #log(logger: Pick<Logger, 'info'>, { operation, site, uid }: Called, result: string, more: object): void {
    const where = site === undefined ? '' : ` of ${site}${uid === undefined ? '' : `/${uid}`}`;
    logger.info(`${operation}${where}: ${result}`, {
      code: 'audit',
      operation,
      ...(site !== undefined && { site }),
      ...(uid !== undefined && { uid }),
      result,
      ...(this.#changes.length > 0 && { parameters: this.#changes }),
      ...more,
    });
  }
}

/** The uid in the input of a new cron, which is not validated yet. */
export function uidIn(input: unknown): string | undefined {
  const { uid } = (input ?? {}) as { readonly uid?: unknown };
  return typeof uid === 'string' && UID.test(uid) ? uid : undefined;
}

function isBulk(answer: unknown): answer is BulkResult {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}
