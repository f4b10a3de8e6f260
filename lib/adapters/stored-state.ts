/**
 * Reading what a store holds about a cron: items that another version wrote, or that a user has changed by hand, may lack
 * what this version relies on. They are reported, and nothing is decided without them.
 */
import type { CronFields } from '../core/domain/cron.ts';
import type { CrontabSettings } from '../core/domain/crontab-settings.ts';
import type { Job } from '../core/domain/job.ts';
import type { Projection } from '../core/domain/projection.ts';

/** What each field has to be, by the kind of the item. */
const FIELDS = {
  crontab: { modified: 'number', version: 'number' },
  cron: { modified: 'number', version: 'number' },
  job: { token: 'string', leases: 'list', waitingForced: 'list', recentForced: 'list', summary: 'object' },
  definition: { uid: 'string', name: 'string', periodicity: 'string', environ: 'object', timeout: 'number' },
} as const;

/** Part of a State. */
export interface StoredState {
  readonly crontab?: Projection<CrontabSettings>;
  readonly cron?: Projection<CronFields>;
  readonly job?: Job;
  readonly unreadable?: string;
}

/** The item under its kind, or why it cannot be read. */
export function storedState(kind: 'crontab' | 'cron' | 'job', item: object): StoredState {
  const wrong = wrongField(kind, item) ?? (kind === 'cron' ? wrongDefinition(item) : undefined);
  return wrong === undefined ? { [kind]: item } : { unreadable: `its ${kind} has no valid "${wrong}"` };
}

function wrongDefinition(item: object): string | undefined {
  const value: unknown = Reflect.get(item, 'value');
  if (value === undefined) return undefined;
  return typeof value === 'object' && value !== null ? wrongField('definition', value) : 'value';
}

function wrongField(kind: keyof typeof FIELDS, item: object): string | undefined {
  return Object.entries(FIELDS[kind]).find(([field, type]) => typeOf(Reflect.get(item, field)) !== type)?.[0];
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : typeof value;
}
