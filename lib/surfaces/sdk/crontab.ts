/**
 * A crontab for programs: the crons of a site, in order, and the settings for all of them. Programs change it in memory;
 * saving goes through the operations, like every other change by users.
 */
import { wholeCrontab } from '../../app/door/whole-lists.ts';
import type { CronView } from '../../app/operations/cron-view.ts';
import type { CrontabView } from '../../app/operations/crontab-view.ts';
import type { BulkResult, OperationResult } from '../../app/operations/operation-result.ts';
import type { Client } from '../../client/client.ts';
import { logsOf } from '../../client/logs-of.ts';
import { Cron, type CronFields } from '../../core/domain/cron.ts';
import { editBetween, mergeFields, withoutDefaults } from '../../core/domain/cron-fields.ts';
import { type CronContext, loadCron } from '../../core/domain/cron-schema.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { ConfigurationError, NotFoundError, ReadOnlyError } from '../../core/domain/errors.ts';
import { DEFAULT_SITE } from '../../core/domain/names.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import { type Problem, prefixProblems } from '../../core/domain/problem.ts';
import { sameJson } from '../../core/domain/same-json.ts';
import { type BulkAction, CronJob, toEach } from './cron-job.ts';
import type { CronEdit, CronFilter, CrontabDump, NewCron } from './definition.ts';

/** The result of saving. */
export interface Saved {
  /** In a sentence or more. */
  readonly message: string;
  /** False if there was nothing to save, or the crontab is read-only. */
  readonly changed: boolean;
  /** Whether saving was refused since the crontab is read-only: nothing was changed then. */
  readonly readOnly: boolean;
}

export interface LoadOptions {
  /** Whether the program may not change what is stored: saving changes nothing and reports that. Default: false. */
  readonly readOnly?: boolean;
}

/** What a new crontab holds; settings have their defaults. */
type CrontabContent = { readonly site: string; readonly crons?: readonly Cron[] } & Partial<CrontabSettings>;

/** A cron as it was loaded or saved last, and the version of its parameter. */
interface Known {
  readonly cron: Cron;
  readonly tag: string;
}

export class Crontab {
  readonly site: string;
  /** The power switch. */
  activated = CRONTAB_DEFAULTS.activated;
  /** Whether saving changes nothing. Setting it to false, and saving, opens the crontab again. */
  readOnly = CRONTAB_DEFAULTS.readOnly;
  /** IANA name, for crons that have none of their own. */
  timezone = CRONTAB_DEFAULTS.timezone;
  readonly #context: CronContext;
  readonly #client: Client | undefined;
  #crons: Map<string, Cron>;
  readonly #known = new Map<string, Known>();
  #knownSettings: CrontabSettings = CRONTAB_DEFAULTS;
  #problems: readonly Problem[] = [];
  #mayWrite = true;

  /** Use `Crontabs.load` or `loadCrontab`. Without `client` it is in memory only. */
  constructor({ site, crons = [], ...settings }: CrontabContent, context: CronContext, client?: Client) {
    this.site = site;
    this.#context = context;
    this.#client = client;
    this.#settings = { ...CRONTAB_DEFAULTS, ...settings };
    this.#crons = byUid(crons.map((cron) => cron.withSite(site)));
  }

  /** Loads the crontab of a site; that of a missing site is empty. Called by `Crontabs.load`. */
  static async load(client: Client, site: string, { readOnly = false }: LoadOptions = {}): Promise<Crontab> {
    const context = { runners: await client.runners(), site };
    const crontab = new Crontab({ site }, context, client);
    crontab.#mayWrite = !readOnly;
    await crontab.reload();
    return crontab;
  }

  /** Discards the changes in memory. */
  async reload(): Promise<void> {
    const fresh = [...this.#known.keys()].slice(0, 10);
    const { call } = this.#connected;
    const { settings, crons } = await readOrEmpty(call, this.site, fresh);
    const logs = await logsOf(call, this.site, crons);
    this.#known.clear();
    this.#knownSettings = settings;
    this.#settings = settings;
    this.#crons = byUid(crons.flatMap((one) => this.#learn(one, logs.get(one.uid)) ?? []));
    this.#problems = crons.flatMap(({ uid, parameter }) => prefixProblems(uid, parameter.problems ?? []));
  }

  /** In the order in which they were added; those that are loaded come first, sorted by uid. */
  get crons(): readonly Cron[] {
    return [...this.#crons.values()];
  }

  /** Why the latest versions of some crons are not in force, each with the uid before its place. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /**
   * Adds a cron at the end and returns it: of a Cron, its fields, or their JSON. One without a uid, or with one that is
   * taken, gets a new one. Throws InvalidError with all problems.
   */
  add(cron: NewCron | Cron | string): Cron {
    const { newUid = () => crypto.randomUUID() } = this.#context;
    let added = loadCron(cron, { ...this.#context, newUid });
    while (this.#crons.has(added.uid)) added = added.withUid(newUid());
    added = added.withSite(this.site);
    this.#crons.set(added.uid, added);
    return added;
  }

  /** Changes the given fields of a cron and returns it as it is then. Throws NotFoundError, InvalidError. */
  edit(uid: string, fields: CronEdit): Cron {
    const before = this.byUid(uid);
    const definition = mergeFields({ ...before.fields() }, { ...fields, uid });
    const after = loadCron({ ...definition, logs: before.logs }, this.#context).withSite(this.site);
    this.#crons.set(uid, after);
    return after;
  }

  /** Takes a cron away and returns it. Throws NotFoundError. */
  remove(uid: string): Cron {
    const cron = this.byUid(uid);
    this.#crons.delete(uid);
    return cron;
  }

  /** Throws NotFoundError, which lists the existing uids. */
  byUid(uid: string): Cron {
    const cron = this.#crons.get(uid);
    if (cron) return cron;
    throw cronNotFound({ site: this.site, uid }, [...this.#crons.keys()]);
  }

  /** The crons of that runner. */
  byName(name: string): Cron[] {
    return this.by({ name });
  }

  /** The crons for which all that is given holds. */
  by(filter: CronFilter): Cron[] {
    const { tag, ...fields } = filter;
    const wanted = Object.entries(fields).filter(([, value]) => value !== undefined);
    return this.crons.filter(
      (cron) =>
        (tag === undefined || cron.tags?.includes(tag)) &&
        wanted.every(([key, value]) => cron[key as keyof typeof fields] === value),
    );
  }

  /** Whether site, settings and crons are equal; the order of the crons and their logs do not count. */
  equals(other: Crontab): boolean {
    return (
      this.site === other.site &&
      sameJson(this.#settings, other.#settings) &&
      this.#crons.size === other.#crons.size &&
      this.crons.every((cron) => other.#crons.get(cron.uid)?.similar(cron))
    );
  }

  /** The crontab with its crons and their logs, as JSON. */
  dump(): CrontabDump {
    return { site: this.site, ...this.#settings, crons: this.crons.map((cron) => cron.dump()) };
  }

  /** Runs, switches or removes several saved crons: one that is refused does not stop the others. Reload the crontab then. */
  each(uids: readonly string[], action: BulkAction): Promise<BulkResult> {
    return toEach(this.#connected, this.site, uids, action, this.#mayWrite);
  }

  /** The job, the runs, the logs and the history of a saved cron. */
  job(uid: string): CronJob {
    return new CronJob(this.#connected, this.site, uid, this.#mayWrite);
  }

  /**
   * Saves the changes in memory. Throws VersionConflictError if another change of the same cron came first; the crons before
   * it are saved then. In a read-only crontab it changes nothing and reports that.
   */
  async save(): Promise<Saved> {
    const gone = [...this.#known].filter(([uid]) => !this.#crons.has(uid));
    const crons = [
      ...gone.map(
        ([uid, { tag }]) =>
          () =>
            this.#saveRemoval(uid, tag),
      ),
      ...this.crons.map((cron) => () => this.#saveOne(cron)),
    ];
    const settings = () => this.#saveSettings();
    return this.#saving(this.readOnly ? [...crons, settings] : [settings, ...crons]);
  }

  /** Saves one cron of the crontab and leaves the rest as it is. Throws NotFoundError, and what saving throws. */
  async saveCron(cron: Pick<CronFields, 'uid'>): Promise<Saved> {
    const present = this.byUid(cron.uid);
    return this.#saving([() => this.#saveOne(present)]);
  }

  async #saving(steps: readonly (() => Promise<OperationResult | undefined>)[]): Promise<Saved> {
    if (!this.#mayWrite) {
      const message = `The crontab of "${this.site}" was loaded with readOnly: nothing was saved.`;
      return { message, changed: false, readOnly: true };
    }
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
    const nothing = `The crontab of "${this.site}" needs no change: nothing was saved.`;
    return { message: messages.join(' ') || nothing, changed: messages.length > 0, readOnly: false };
  }

  async #saveOne(cron: Cron): Promise<OperationResult | undefined> {
    const { site } = this;
    const known = this.#known.get(cron.uid);
    if (known?.cron.similar(cron)) return undefined;
    const fields = { ...cron.fields() };
    const { call } = this.#connected;
    const outcome = known
      ? await call(
          'editCron',
          { site, uid: cron.uid, expected: [known.tag] },
          editBetween({ ...known.cron.fields() }, fields),
        )
      : await call('addCron', { site, newSite: true }, withoutDefaults(fields));
    this.#learn(outcome.cron);
    return outcome;
  }

  async #saveRemoval(uid: string, tag: string): Promise<OperationResult> {
    const outcome = await this.#connected.call('removeCron', { site: this.site, uid, expected: [tag] });
    this.#known.delete(uid);
    return outcome;
  }

  async #saveSettings(): Promise<OperationResult | undefined> {
    const settings = this.#settings;
    if (sameJson(settings, this.#knownSettings)) return undefined;
    const outcome = await this.#connected.call('editSite', { site: this.site }, { ...settings });
    this.#knownSettings = settings;
    return outcome;
  }

  /** Remembers the stored version. Undefined if no version has been valid. */
  #learn({ uid, definition, parameter }: CronView, logs = this.#known.get(uid)?.cron.logs): Cron | undefined {
    if (!definition) return undefined;
    const cron = new Cron(definition, logs, this.site);
    this.#known.set(uid, { cron, tag: parameter.tag });
    return cron;
  }

  get #settings(): CrontabSettings {
    const { activated, readOnly, timezone } = this;
    return { activated, readOnly, timezone };
  }
  set #settings({ activated, readOnly, timezone }: CrontabSettings) {
    this.activated = activated;
    this.readOnly = readOnly;
    this.timezone = timezone;
  }

  get #connected(): Client {
    if (this.#client) return this.#client;
    throw new ConfigurationError(
      `The crontab of "${this.site}" is in memory only. Load it from a folder or a deployment with openFolder or openStack.`,
    );
  }
}

function byUid(crons: readonly Cron[]): Map<string, Cron> {
  return new Map(crons.map((cron) => [cron.uid, cron]));
}

async function readOrEmpty(
  call: Client['call'],
  site: string,
  fresh: readonly string[],
): Promise<Pick<CrontabView, 'settings' | 'crons'>> {
  try {
    return await wholeCrontab(call, site, fresh);
  } catch (error) {
    if (!(error instanceof NotFoundError) || site === DEFAULT_SITE) throw error;
    return { settings: CRONTAB_DEFAULTS, crons: [] };
  }
}
