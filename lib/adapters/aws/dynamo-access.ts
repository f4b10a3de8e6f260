/** The grants of a deployment: one item of its table, which the setup Lambda alone may write. */
import type { Grant } from '../../core/domain/access.ts';
import { attempt, UnavailableError } from '../../core/domain/errors.ts';
import { loadGrants } from '../../core/domain/grant-schema.ts';
import { formatProblem } from '../../core/domain/problem.ts';
import type { AccessList } from '../../core/ports/access.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ItemKey } from './dynamo-items.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { ACCESS } from './table.ts';

interface AccessItem extends ItemKey {
  readonly grants: readonly Grant[];
}

const KEY: ItemKey = { pk: ACCESS, sk: ACCESS };

/** How long a role that was taken away may still count. */
const KEPT_MS = 5_000;

export class DynamoAccess implements AccessList {
  readonly #table: DynamoTable;
  readonly #clock: Pick<Clock, 'now'>;
  #kept: { readonly grants: readonly Grant[]; readonly until: number } | undefined;

  constructor(table: DynamoTable, clock: Pick<Clock, 'now'>) {
    this.#table = table;
    this.#clock = clock;
  }

  async grants(): Promise<readonly Grant[]> {
    const now = this.#clock.now();
    if (!this.#kept || now >= this.#kept.until) {
      this.#kept = { grants: await this.#read(), until: now + KEPT_MS };
    }
    return this.#kept.grants;
  }

  async #read(): Promise<readonly Grant[]> {
    const item = await this.#table.get<AccessItem>('read the roles from', KEY);
    if (!item) throw this.#unreadable('the deployment has not been finished.');
    const loaded = attempt(() => loadGrants(item.grants));
    if ('value' in loaded) return loaded.value;
    throw this.#unreadable(loaded.problems.map(formatProblem).join(' '));
  }

  #unreadable(reason: string): UnavailableError {
    return new UnavailableError(
      `Cannot read the roles from the table ${this.#table.name}: ${reason} Deploy again.`,
    );
  }
}

/** Replaces all grants. Not a method: setup alone needs it. */
export async function writeGrants(table: DynamoTable, grants: readonly Grant[]): Promise<void> {
  const Item: AccessItem = { ...KEY, grants };
  await table.put('write the roles to', { Item });
}
