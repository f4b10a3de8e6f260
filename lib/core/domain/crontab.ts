/**
 * A crontab: the crons of a site, in order, and the settings that hold for all of them. Lives in memory: reading and
 * saving is for the registry. What a valid one looks like is crontab-schema.ts.
 */
import type { Cron, CronFields } from './cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from './crontab-settings.ts';
import { cronNotFound } from './not-found.ts';
import { sameJson } from './same-json.ts';

/** What crons are looked for by; what is absent does not matter. */
export type CronFilter = Partial<Pick<CronFields, 'uid' | 'name' | 'activated' | 'periodicity'>>;

export type CrontabDump = {
  readonly site: string;
  readonly crons: readonly ReturnType<Cron['dump']>[];
} & CrontabSettings;

export class Crontab {
  readonly site: string;
  /** Replace it to change a setting. */
  settings: CrontabSettings;
  readonly #crons = new Map<string, Cron>();

  /** Of crons with the same uid, the last one stays, in the place of the first. */
  constructor(site: string, settings: CrontabSettings = CRONTAB_DEFAULTS, crons: Iterable<Cron> = []) {
    this.site = site;
    this.settings = settings;
    for (const cron of crons) this.#crons.set(cron.uid, cron);
  }

  /** In the order in which they were added. */
  get crons(): readonly Cron[] {
    return [...this.#crons.values()];
  }

  /** Adds a cron at the end and returns it; under a new uid from `newUid` when its own is taken. */
  add(cron: Cron, newUid: () => string): Cron {
    let added = cron;
    while (this.#crons.has(added.uid)) added = cron.withUid(newUid());
    this.#crons.set(added.uid, added);
    return added;
  }

  /** Puts a cron in the place of the one with its uid. Throws NotFoundError when there is none. */
  replace(cron: Cron): void {
    this.byUid(cron.uid);
    this.#crons.set(cron.uid, cron);
  }

  /** Takes a cron away and returns it. Throws NotFoundError when there is none of that uid. */
  remove(uid: string): Cron {
    const cron = this.byUid(uid);
    this.#crons.delete(uid);
    return cron;
  }

  /** Throws NotFoundError that says which uids there are. */
  byUid(uid: string): Cron {
    const cron = this.#crons.get(uid);
    if (!cron) throw cronNotFound({ site: this.site, uid }, [...this.#crons.keys()]);
    return cron;
  }

  /** The crons that the runner of that name does. */
  byName(name: string): Cron[] {
    return this.by({ name });
  }

  /** The crons for which all that is given holds. */
  by(filter: CronFilter): Cron[] {
    const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
    return this.crons.filter((cron) =>
      wanted.every(([key, value]) => cron[key as keyof CronFilter] === value),
    );
  }

  /** Whether site, settings and crons are equal, their order included; logs do not count. */
  equals(other: Crontab): boolean {
    const [mine, others] = [this.crons, other.crons];
    return (
      this.site === other.site &&
      sameJson(this.settings, other.settings) &&
      mine.length === others.length &&
      mine.every((cron, index) => others[index]?.similar(cron))
    );
  }

  /** The crontab with its crons and their logs, as JSON. */
  dump(): CrontabDump {
    return { site: this.site, ...this.settings, crons: this.crons.map((cron) => cron.dump()) };
  }
}
