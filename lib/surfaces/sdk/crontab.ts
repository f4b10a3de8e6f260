/**
 * The crontab of a site for programs: loaded, changed in memory, and saved. What it has in memory is the domain's
 * Crontab; saving goes through the operations, as everything else that people do.
 */

import { addCron } from '../../app/operations/add-cron.ts';
import type { CronView } from '../../app/operations/cron-view.ts';
import type { CrontabView } from '../../app/operations/crontab-view.ts';
import { editCron } from '../../app/operations/edit-cron.ts';
import { editSettings } from '../../app/operations/edit-settings.ts';
import type { OperationResult } from '../../app/operations/operation-result.ts';
import { readCrontab } from '../../app/operations/read.ts';
import { removeCron } from '../../app/operations/remove-cron.ts';
import { Cron, type CronFields } from '../../core/domain/cron.ts';
import { loadCron } from '../../core/domain/cron-schema.ts';
import { type CronFilter, type CrontabDump, Crontab as CrontabInMemory } from '../../core/domain/crontab.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { NotFoundError, ReadOnlyError } from '../../core/domain/errors.ts';
import { DEFAULT_SITE } from '../../core/domain/names.ts';
import { type Problem, prefixProblems } from '../../core/domain/problem.ts';
import { sameJson } from '../../core/domain/same-json.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import { CronJob } from './cron-job.ts';
import { type CronEdit, definitionOf, differenceOf, type NewCron } from './definition.ts';

/** What saving did. */
export interface Saved {
  /** In a sentence or more. */
  readonly message: string;
  /** False when there was nothing to save, or the crontab is read only. */
  readonly changed: boolean;
  /** Whether it was refused because the crontab is read only: nothing was changed then. */
  readonly readOnly: boolean;
}

/** A cron as it was loaded or saved last, and the version of its parameter. */
interface Known {
  readonly cron: Cron;
  readonly tag: string;
}

export class Crontab {
  readonly #ports: OperationPorts;
  #now: CrontabInMemory;
  #settings: CrontabSettings;
  readonly #known = new Map<string, Known>();
  #problems: readonly Problem[] = [];

  private constructor(ports: OperationPorts, site: string) {
    this.#ports = ports;
    this.#now = new CrontabInMemory(site);
    this.#settings = this.#now.settings;
  }

  /** Loads the crontab of a site; one that nobody made yet is empty. Called by `Crontabs.load`. */
  static async load(ports: OperationPorts, site: string): Promise<Crontab> {
    const crontab = new Crontab(ports, site);
    await crontab.reload();
    return crontab;
  }

  /** Forgets what was changed in memory. */
  async reload(): Promise<void> {
    const fresh = [...this.#known.keys()].slice(0, 10);
    const view = await readOrEmpty(this.#ports, this.site, fresh);
    this.#known.clear();
    const crons = (view?.crons ?? []).flatMap((one) => this.#learn(one) ?? []);
    this.#settings = view?.settings ?? new CrontabInMemory(this.site).settings;
    this.#now = new CrontabInMemory(this.site, this.#settings, crons);
    this.#problems = (view?.crons ?? []).flatMap(({ uid, parameter }) =>
      prefixProblems(uid, parameter.problems ?? []),
    );
  }

  get site(): string {
    return this.#now.site;
  }

  /** Sorted by uid; those that were added come behind. */
  get crons(): readonly Cron[] {
    return this.#now.crons;
  }

  /** Why the latest versions of some crons are not in force, each with the uid before its place. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** The power switch. */
  get activated(): boolean {
    return this.#now.settings.activated;
  }
  set activated(activated: boolean) {
    this.#now.settings = { ...this.#now.settings, activated };
  }

  /** Whether saving changes nothing. Setting it to false, and saving, opens the crontab again. */
  get readOnly(): boolean {
    return this.#now.settings.readOnly;
  }
  set readOnly(readOnly: boolean) {
    this.#now.settings = { ...this.#now.settings, readOnly };
  }

  /** IANA name, for crons that have none of their own. */
  get timezone(): string {
    return this.#now.settings.timezone;
  }
  set timezone(timezone: string) {
    this.#now.settings = { ...this.#now.settings, timezone };
  }

  /**
   * Adds a cron at the end and returns it: of a Cron, its fields, or their JSON. One without a uid, or with one that is
   * taken, gets a new one. Throws InvalidError with all problems.
   */
  add(cron: NewCron | Cron | string): Cron {
    const newUid = () => this.#ports.random.id();
    const loaded = loadCron(cron, { newUid, runners: this.#ports.runners });
    return this.#now.add(loaded, newUid);
  }

  /** Changes the given fields of a cron and returns it as it is then. Throws NotFoundError, InvalidError. */
  edit(uid: string, fields: CronEdit): Cron {
    const before = this.byUid(uid);
    const given = Object.entries({ ...before.fields(), ...fields, uid }).filter(
      ([, value]) => value !== null,
    );
    const { runners } = this.#ports;
    const after = loadCron({ ...Object.fromEntries(given), logs: before.dump().logs }, { runners });
    this.#now.replace(after);
    return after;
  }

  /** Takes a cron away and returns it. Throws NotFoundError. */
  remove(uid: string): Cron {
    return this.#now.remove(uid);
  }

  /** Throws NotFoundError, which says which there are. */
  byUid(uid: string): Cron {
    return this.#now.byUid(uid);
  }

  /** The crons of that runner. */
  byName(name: string): Cron[] {
    return this.#now.byName(name);
  }

  /** The crons for which all that is given holds. */
  by(filter: CronFilter): Cron[] {
    return this.#now.by(filter);
  }

  /** Whether site, settings and crons are equal; logs do not count. */
  equals(other: Crontab): boolean {
    return this.#now.equals(other.#now);
  }

  /** The crontab with its crons and their logs, as JSON. */
  dump(): CrontabDump {
    return this.#now.dump();
  }

  /** What goes on with a cron, as it was saved: its job, its logs, its history; and running it now. */
  job(uid: string): CronJob {
    return new CronJob(this.#ports, this.site, uid);
  }

  /**
   * Saves all that was changed in memory, and nothing else. Throws VersionConflictError when somebody else changed the same cron
   * in the meantime; what came before it is saved then. In a read-only crontab it changes nothing and says so.
   */
  async save(): Promise<Saved> {
    const gone = [...this.#known.keys()].filter((uid) => !this.#now.crons.some((cron) => cron.uid === uid));
    const unlocks = !this.#now.settings.readOnly;
    const crons = [
      ...gone.map((uid) => () => this.#saveRemoval(uid)),
      ...this.crons.map((cron) => () => this.#saveOne(cron)),
    ];
    const settings = () => this.#saveSettings();
    return this.#saving(unlocks ? [settings, ...crons] : [...crons, settings]);
  }

  /** Saves one cron of the crontab and leaves the rest as it is. Throws NotFoundError, and what saving throws. */
  async saveCron(cron: Pick<CronFields, 'uid'>): Promise<Saved> {
    const present = this.byUid(cron.uid);
    return this.#saving([() => this.#saveOne(present)]);
  }

  async #saving(steps: readonly (() => Promise<OperationResult | undefined>)[]): Promise<Saved> {
    const messages: string[] = [];
    try {
      for (const step of steps) {
        const outcome = await step();
        if (outcome?.changed) messages.push(outcome.message);
      }
    } catch (error) {
      if (!(error instanceof ReadOnlyError)) throw error;
      return {
        message: [...messages, error.message].join(' '),
        changed: messages.length > 0,
        readOnly: true,
      };
    }
    const nothing = `The crontab of "${this.site}" is so already: nothing was changed.`;
    return { message: messages.join(' ') || nothing, changed: messages.length > 0, readOnly: false };
  }

  async #saveOne(cron: Cron): Promise<OperationResult | undefined> {
    const known = this.#known.get(cron.uid);
    if (!known) {
      const outcome = await addCron(this.#ports, this.site, { ...definitionOf(cron), uid: cron.uid });
      this.#learn(outcome.cron);
      return outcome;
    }
    if (known.cron.similar(cron)) return undefined;
    const edit = differenceOf(known.cron, cron);
    const outcome = await editCron(this.#ports, this.site, cron.uid, edit, { expected: [known.tag] });
    this.#learn(outcome.cron);
    return outcome;
  }

  async #saveRemoval(uid: string): Promise<OperationResult> {
    const tag = this.#known.get(uid)?.tag;
    const outcome = await removeCron(
      this.#ports,
      this.site,
      uid,
      tag === undefined ? {} : { expected: [tag] },
    );
    this.#known.delete(uid);
    return outcome;
  }

  async #saveSettings(): Promise<OperationResult | undefined> {
    const { settings } = this.#now;
    if (sameJson(settings, this.#settings)) return undefined;
    const outcome = await editSettings(this.#ports, this.site, { ...settings });
    this.#settings = settings;
    return outcome;
  }

  /** Remembers what is saved; nothing when no version of it was ever good. */
  #learn({ uid, definition, parameter, logs }: CronView): Cron | undefined {
    if (!definition) return undefined;
    const cron = new Cron(definition, logs);
    this.#known.set(uid, { cron, tag: parameter.tag });
    return cron;
  }
}

async function readOrEmpty(
  ports: OperationPorts,
  site: string,
  fresh: readonly string[],
): Promise<CrontabView | undefined> {
  try {
    return await readCrontab(ports, site, { fresh });
  } catch (error) {
    if (error instanceof NotFoundError && site !== DEFAULT_SITE) return undefined;
    throw error;
  }
}
