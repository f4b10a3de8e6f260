/**
 * Plans how to apply a profile to a site: all steps, changed fields and next runs. Pure. apply.ts carries out the plan; each
 * step contains all that it needs.
 */
import { Cron, type JsonObject } from '../../core/domain/cron.ts';
import {
  CRON_FIELDS,
  changedFields,
  diffFields,
  type FieldDifference,
  mergeFields,
  pickFields,
} from '../../core/domain/cron-fields.ts';
import { type RunnerCheck, readCron } from '../../core/domain/cron-schema.ts';
import { loadCrontabSettings } from '../../core/domain/crontab-schema.ts';
import { CRONTAB_FIELDS, type CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { shorten } from '../../core/domain/problem.ts';
import { isActive } from '../../core/domain/timing.ts';
import type { CurrentCron, CurrentSite } from './current-site.ts';
import { type DesiredState, desiredState } from './desired-state.ts';
import { wholeEdit, writtenOf, writtenProblems } from './plan-fields.ts';
import type { Profile, ProfileElement } from './profile.ts';
import { byPosition, type LeftOut, type Note, type ProfileProblem } from './source-position.ts';

export interface ProfilePlan {
  readonly site: string;
  /** Changes of the crontab's settings; empty when there are none. */
  readonly settings: readonly FieldDifference[];
  readonly settingsAfter: CrontabSettings;
  /** In the order of the file; pruned crons come last. */
  readonly steps: readonly Step[];
  /** Uids of the file that need no change. */
  readonly unchanged: readonly string[];
  /** Uids that the file does not name and that stay. */
  readonly others: readonly string[];
  /** Crons of these two whose next run changes only because of the settings. They are not written. */
  readonly moved: readonly Moved[];
  /** A plan with problems cannot be applied. */
  readonly problems: readonly ProfileProblem[];
  /** Parts of the file that are skipped; empty unless the options allow it. */
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly Note[];
  /** Crons that are switched off because this target does not have their runner; empty unless the options allow it. */
  readonly withoutRunner: readonly WithoutRunner[];
  /** The lock of the crontab keeps the steps from being applied. */
  readonly locked: boolean;
}

export type Step = AddStep | ChangeStep | RemoveStep;

/** Times are epoch milliseconds, absent when it does not run. */
export interface AddStep {
  readonly kind: 'add';
  readonly uid: string;
  /** As they are to be written. */
  readonly fields: JsonObject;
  readonly cron: Cron;
  /** Why its runner was not checked. */
  readonly unchecked?: string;
  readonly next?: number;
}

export interface ChangeStep {
  readonly kind: 'change';
  readonly uid: string;
  readonly changes: readonly FieldDifference[];
  /** The edit; null removes a field. */
  readonly edit: JsonObject;
  /** The cron after the edit. */
  readonly cron: Cron;
  /** Why its runner was not checked. */
  readonly unchecked?: string;
  /** The current version is not valid, and is replaced. */
  readonly repairs: boolean;
  readonly tag: string;
  readonly nextBefore?: number;
  readonly nextAfter?: number;
}

export interface RemoveStep {
  readonly kind: 'remove';
  readonly uid: string;
  /** The file does not name it. */
  readonly pruned: boolean;
  readonly tag: string;
  /** The run that will not take place. */
  readonly nextBefore?: number;
}

/** Times are epoch milliseconds, absent when it does not run. */
export interface Moved {
  readonly uid: string;
  readonly nextBefore?: number;
  readonly nextAfter?: number;
}

export interface WithoutRunner {
  readonly uid: string;
  /** The name of the runner. */
  readonly name: string;
}

export interface PlanOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Validates runners and environs. */
  readonly runners: RunnerCheck;
  /** Removes crons that the file does not name. */
  readonly prune?: boolean;
  /** Skips the parts of the file that cloudtab cannot represent, which are problems otherwise. */
  readonly skipUnsupported?: boolean;
  /** Switches crons off whose runner this target does not have, or does not allow. It is a problem otherwise. */
  readonly keepUnknown?: boolean;
}

/** `got` of a required field that neither the profile nor the site gives. */
export const MISSING = 'nothing, and no such cron to take it from';

/** `where` of a part of the file that cloudtab cannot represent. */
export const UNSUPPORTED = 'file';

export function planProfile(profile: Profile, site: CurrentSite, options: PlanOptions): ProfilePlan {
  const wanted = desiredState(profile);
  const settings = loadCrontabSettings(mergeFields({ ...site.settings }, profile.settings, CRONTAB_FIELDS));
  const planner = new Planner(profile, site, settings, options);
  for (const [uid, one] of wanted) planner.take(uid, one);
  const others = [...site.crons.keys()].filter((uid) => !wanted.has(uid));
  if (options.prune) for (const uid of others) planner.remove(uid, true);
  const { steps, unchanged, problems } = planner;
  const { leftOut, notes } = profile;
  const unsupported = options.skipUnsupported ? [] : leftOut.map(unsupportedProblem);
  const changes = { settings: diffFields({ ...site.settings }, { ...settings }, CRONTAB_FIELDS), steps };
  return {
    site: site.site,
    ...changes,
    settingsAfter: settings,
    unchanged,
    others: options.prune ? [] : others,
    moved: planner.moved(),
    problems: [...unsupported, ...problems].sort(byPosition),
    leftOut: options.skipUnsupported ? leftOut : [],
    notes,
    withoutRunner: planner.withoutRunner,
    locked: site.settings.readOnly && settings.readOnly && hasChanges(changes),
  };
}

/** Whether applying it would write anything. */
export function hasChanges({ settings, steps }: Pick<ProfilePlan, 'settings' | 'steps'>): boolean {
  return settings.length + steps.length > 0;
}

class Planner {
  readonly steps: Step[] = [];
  readonly unchanged: string[] = [];
  readonly problems: ProfileProblem[] = [];
  readonly withoutRunner: WithoutRunner[] = [];
  readonly #profile: Profile;
  readonly #site: CurrentSite;
  readonly #settings: CrontabSettings;
  readonly #options: PlanOptions;

  /** `settings` are those that the profile wants. */
  constructor(profile: Profile, site: CurrentSite, settings: CrontabSettings, options: PlanOptions) {
    this.#profile = profile;
    this.#site = site;
    this.#settings = settings;
    this.#options = options;
  }

  take(uid: string, { kind, element }: DesiredState): void {
    const now = this.#site.crons.get(uid);
    if (kind === 'absent') this.remove(uid, false);
    else if (!now) this.#add(element);
    else this.#change(element, now, kind === 'replaced' || !now.fields);
  }

  remove(uid: string, pruned: boolean): void {
    const now = this.#site.crons.get(uid);
    if (!now) this.unchanged.push(uid);
    else this.steps.push({ kind: 'remove', uid, pruned, tag: now.tag, nextBefore: this.#nextBefore(now) });
  }

  /** Crons without a step whose next run changes because of the settings. Call it after all steps are planned. */
  moved(): Moved[] {
    const taken = new Set(this.steps.map(({ uid }) => uid));
    return [...this.#site.crons].flatMap(([uid, now]) => {
      if (!now.fields || taken.has(uid)) return [];
      const [nextBefore, nextAfter] = [this.#nextBefore(now), this.#next(new Cron(now.fields))];
      return nextBefore === nextAfter ? [] : [{ uid, nextBefore, nextAfter }];
    });
  }

  #add(element: ProfileElement): void {
    const { uid } = element;
    const { whenAdded } = this.#profile;
    const fields = mergeFields(whenAdded, this.#given(element, whenAdded));
    const cron = this.#validated(element, fields);
    if (!cron) return;
    const unchecked = this.#unchecked(cron);
    const next = this.#next(cron);
    this.steps.push({ kind: 'add', uid, fields: { uid, ...fields }, cron, unchecked, next });
  }

  /** `isReplaced`: current fields that are not given are removed. */
  #change(element: ProfileElement, now: CurrentCron, isReplaced: boolean): void {
    const { uid } = element;
    const base = isReplaced ? this.#profile.whenAdded : writtenOf(now.fields);
    const given = this.#given(element, base);
    const fields = mergeFields(base, given);
    // An unchanged cron is not checked against the runners: an export stays applicable when a runner is gone.
    const { cron: wanted } = readCron(fields, { uid });
    const before = { ...now.fields };
    if (wanted && !now.rejected && changedFields(before, { ...wanted.fields() }).length === 0) {
      this.unchanged.push(uid);
      return;
    }
    const cron = this.#validated(element, fields);
    if (!cron) return;
    const after = { ...cron.fields() };
    const changes = diffFields(before, after, CRON_FIELDS);
    const isWhole = now.rejected || isReplaced;
    const edit = isWhole ? wholeEdit(cron, given) : pickFields(given, changedFields(before, after));
    this.steps.push({
      kind: 'change',
      uid,
      changes,
      edit,
      cron,
      unchecked: this.#unchecked(cron),
      repairs: now.rejected,
      tag: now.tag,
      nextBefore: this.#nextBefore(now),
      nextAfter: this.#next(cron),
    });
  }

  /** The given fields; switched off if the target does not have the runner and the options allow it. */
  #given({ uid, given }: ProfileElement, base: JsonObject): JsonObject {
    const { keepUnknown, runners } = this.#options;
    if (!keepUnknown) return given;
    const { cron } = readCron(mergeFields(base, given), { uid });
    // A problem of the name is one of the runner itself, not of its settings.
    if (!cron || !runners.problems(cron).some(({ where }) => where === 'name')) return given;
    this.withoutRunner.push({ uid, name: cron.name });
    return { ...given, activated: false };
  }

  /** The cron of these fields; undefined when they are not valid, and the plan then has their problems. */
  #validated(element: ProfileElement, fields: JsonObject): Cron | undefined {
    const { uid, positionOf } = element;
    const { runners, keepUnknown = false } = this.#options;
    const read = readCron(fields, { uid, site: this.#site.site, runners, anyRunnerWhileOff: keepUnknown });
    const problems = read.cron ? writtenProblems(fields) : read.problems;
    if (read.cron && problems.length === 0) return read.cron;
    const missing = (where: string) => (where === 'name' || where === 'periodicity') && !(where in fields);
    this.problems.push(
      ...problems.map((problem) => ({
        ...problem,
        ...(missing(problem.where) && { got: MISSING }),
        uid,
        ...positionOf(problem.where),
      })),
    );
    return undefined;
  }

  #unchecked({ name }: Cron): string | undefined {
    return this.#options.runners.unchecked?.(name, this.#site.site);
  }

  #nextBefore({ fields }: CurrentCron): number | undefined {
    return fields && this.#next(new Cron(fields), this.#site.settings);
  }

  #next(cron: Cron, settings = this.#settings): number | undefined {
    return isActive(cron, settings) ? cron.next(this.#options.now, settings.timezone) : undefined;
  }
}

function unsupportedProblem({ text, reason, line, column }: LeftOut): ProfileProblem {
  const got = shorten(JSON.stringify(text));
  return { where: UNSUPPORTED, got, wanted: 'a part that can become a cron', fix: reason, line, column };
}
