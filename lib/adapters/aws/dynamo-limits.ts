/**
 * What the runners of a deployment may reach: items of its table, which the setup Lambda alone may write. The key of an item
 * contains a hash of its content, and a Lambda's environment names the key, so that code and limits change together.
 */
import { hash } from 'node:crypto';
import { UnavailableError } from '../../core/domain/errors.ts';
import type { LimitsBySite } from '../../core/domain/site-limits.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { TargetLimits } from '../../runners/limits.ts';
import { storedLimits } from '../stored-state.ts';
import type { ItemKey } from './dynamo-items.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { LIMITS, TABLE } from './table.ts';

interface LimitsItem extends ItemKey {
  readonly limits: LimitsBySite;
}

/** How long replaced limits are kept, for versions of a function that still run with them. */
const KEPT_SECONDS = 30 * 86_400;

/** The limits of that id. They never change, so they are read once. */
export class DynamoLimits implements TargetLimits {
  readonly #table: DynamoTable;
  readonly #id: string;
  #bySite: LimitsBySite | undefined;

  constructor(table: DynamoTable, id: string) {
    this.#table = table;
    this.#id = id;
  }

  /** Reads them unless they were. Throws UnavailableError if they are absent or cannot be read; the next call tries again. */
  async load(): Promise<void> {
    if (this.#bySite) return;
    const item = await this.#table.get<LimitsItem>('read the limits of runners from', keyOf(this.#id));
    this.#bySite = storedLimits(item?.limits);
    if (!this.#bySite) throw this.#unreadable(item ? 'is not valid' : 'does not exist');
  }

  /** Throws UnavailableError before they were loaded: without them, a run would be refused for a wrong reason. */
  get bySite(): LimitsBySite {
    if (!this.#bySite) throw this.#unreadable('was not read');
    return this.#bySite;
  }

  #unreadable(reason: string): UnavailableError {
    return new UnavailableError(
      `Cannot read the limits of runners from the table ${this.#table.name}: the item ${LIMITS} ${this.#id} ${reason}. ` +
        'Change the limits and deploy: a deployment writes them when they change.',
    );
  }
}

/** Writes the limits, unless they are there. Returns their id, which differs for each `owner`. */
export async function writeLimits(table: DynamoTable, limits: LimitsBySite, owner: string): Promise<string> {
  const id = hash('sha256', JSON.stringify([owner, limits])).slice(0, 32);
  const Item: LimitsItem = { ...keyOf(id), limits };
  await table.put('write the limits of runners to', { Item });
  return id;
}

/** Lets the limits of that id expire in 30 days, if they exist. */
export async function expireLimits(
  table: DynamoTable,
  id: string,
  { now }: Pick<Clock, 'now'>,
): Promise<void> {
  const item = await table.get<LimitsItem>('read the limits of runners from', keyOf(id));
  if (!item) return;
  const expires = Math.floor(now() / 1000) + KEPT_SECONDS;
  await table.put('write the limits of runners to', { Item: { ...item, [TABLE.timeToLive]: expires } });
}

function keyOf(id: string): ItemKey {
  return { pk: LIMITS, sk: id };
}
