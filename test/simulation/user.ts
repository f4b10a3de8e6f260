/** The simulated user: adds, edits, breaks, repairs and removes crons, switches crontabs, forces runs and deploys. */
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import { DAY, HOUR, MINUTE } from './durations.ts';
import type { EventLoop } from './event-loop.ts';
import type { IntendedCron, IntendedCrontab } from './intent.ts';
import { Prng } from './prng.ts';

/** The actions of the user on the system. A text without an intent is invalid. */
export interface UserActions {
  writeCron(key: Required<ParameterKey>, text: string, intent: IntendedCron | undefined): void;
  writeCrontab(site: string, text: string, intent: IntendedCrontab | undefined): void;
  remove(key: ParameterKey): void;
  force(key: Required<ParameterKey>): void;
  /** Deletes the newest run record. */
  deleteRecord(key: Required<ParameterKey>): void;
  /** Stops the latest run in progress, if there is one. */
  stop(key: Required<ParameterKey>): void;
  deploy(): void;
}

interface UserOptions {
  readonly seed: number;
  readonly loop: EventLoop;
  readonly crons: number;
  /** The user is inactive from this monotonic time on. */
  readonly until: number;
  readonly actions: UserActions;
}

const PERIODICITIES = [
  ...[
    '*/5 * * * *',
    '*/7 * * * *',
    '*/15 * * * *',
    '*/10 8-18 * * 1-5',
    '0 * * * *',
    '17 */3 * * *',
    '@hourly',
  ],
  ...['30 2 * * *', '15 1,2,3 * * *', '0 0 * * *', '@daily', '45 23 * * *', '5,35 * * * *', '0 9 * * 1-5'],
  ...[
    '0 0 1 * *',
    '59 23 L * *',
    '0 12 13 * 5',
    '30 2 * * 7',
    '*/20 0-3 * * *',
    '30 */2 * * *',
    '0 6 */2 * 1',
    '@weekly',
    '@monthly',
    '@yearly',
  ],
];
const ZONES = [
  ...['UTC', 'Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Asia/Kolkata'],
  ...['America/Santiago', 'Africa/Cairo', 'Europe/London'],
];
const INVALID_CRONS = ['{', '{"name": "task"}', '{"name": "task", "periodicity": "61 * * * *"}', '[]', ' '];
const INVALID_CRONTABS = ['{"activated": "no"}', '{"timezone": "Mars/Olympus"}', 'off'];

interface Cron {
  readonly key: Required<ParameterKey>;
  lastValid: IntendedCron | undefined;
  exists: boolean;
}

export class User {
  readonly #options: UserOptions;
  readonly #prng: Prng;
  /** A stream of its own, as other actions do not depend on stops. */
  readonly #stopPrng: Prng;
  readonly #crons: Cron[];
  readonly #crontabs = new Map<string, IntendedCrontab>();
  /** The mean time between two actions, in milliseconds. */
  readonly #meanPause: number;
  /** The probability that an action is repeated soon after. */
  readonly #repeatRate: number;
  #versionIds = 0;

  constructor(options: UserOptions) {
    this.#options = options;
    this.#prng = new Prng(options.seed, 'person');
    this.#stopPrng = new Prng(options.seed, 'stops');
    const prng = this.#prng;
    const sites = ['default', 'shop', 'blog'].slice(0, prng.integer(1, 3));
    this.#crons = Array.from({ length: options.crons }, (_, n) => ({
      key: { site: prng.pick(sites), uid: `cron-${n}` },
      lastValid: undefined,
      exists: false,
    }));
    this.#meanPause = prng.logUniform(5 * MINUTE, 2 * DAY);
    this.#repeatRate = prng.fraction() * 0.8;
  }

  start(): void {
    for (const cron of this.#crons) {
      this.#wake(this.#prng.integer(1, 20 * MINUTE), () => this.#addCron(cron));
    }
    for (const site of new Set(this.#crons.map(({ key }) => key.site))) {
      if (this.#prng.boolean(0.7))
        this.#wake(this.#prng.integer(1, MINUTE), () => this.#saveCrontab(site, {}));
    }
    this.#scheduleAction();
    this.#scheduleStop();
  }

  #scheduleStop(): void {
    this.#wake(this.#stopPrng.logUniform(MINUTE, HOUR), () => {
      this.#scheduleStop();
      this.#options.actions.stop(this.#stopPrng.pick(this.#crons).key);
    });
  }

  #scheduleAction(): void {
    this.#wake(Math.round(-Math.log(1 - this.#prng.fraction()) * this.#meanPause) + 1, () => {
      this.#scheduleAction();
      this.#act();
    });
  }

  #act(): void {
    const prng = this.#prng;
    const drawn = prng.fraction();
    const cron = prng.pick(this.#crons);
    const { site } = cron.key;
    const act = () => {
      if (drawn < 0.04) this.#options.actions.deploy();
      else if (drawn < 0.25) this.#actOnSite(site)();
      else this.#actOnCron(cron)();
    };
    act();
    if (prng.boolean(0.25)) this.#switchBriefly(site);
    let delay = 0;
    while (prng.boolean(this.#repeatRate)) {
      delay += prng.logUniform(50, 40_000);
      this.#wake(delay, act);
    }
  }

  /** Switches the crontab by mistake and back again. */
  #switchBriefly(site: string): void {
    const { activated = true } = this.#crontabs.get(site) ?? {};
    this.#saveCrontab(site, { activated: !activated });
    this.#wake(this.#prng.logUniform(500, 20_000), () => this.#saveCrontab(site, { activated }));
  }

  #actOnSite(site: string): () => void {
    const { actions } = this.#options;
    const prng = this.#prng;
    const drawn = prng.fraction();
    const crontab = this.#crontabs.get(site);
    if (drawn < 0.6) return () => this.#saveCrontab(site, { activated: !(crontab?.activated ?? true) });
    if (drawn < 0.75) return () => this.#saveCrontab(site, { timezone: prng.pick(ZONES) });
    if (drawn < 0.85) return () => actions.writeCrontab(site, prng.pick(INVALID_CRONTABS), undefined);
    if (drawn < 0.95) return () => this.#saveCrontab(site, { activated: true });
    return () => {
      this.#crontabs.delete(site);
      actions.remove({ site });
    };
  }

  #actOnCron(cron: Cron): () => void {
    const { actions } = this.#options;
    const prng = this.#prng;
    if (!cron.exists) return () => this.#addCron(cron);
    const { lastValid } = cron;
    const drawn = prng.fraction();
    if (!lastValid || drawn < 0.08) return () => this.#save(cron, lastValid ?? this.#newDefinition(cron));
    if (drawn < 0.22) return () => this.#save(cron, { ...lastValid, periodicity: prng.pick(PERIODICITIES) });
    if (drawn < 0.28) return () => this.#save(cron, { ...lastValid, timezone: prng.pick(ZONES) });
    if (drawn < 0.38) return () => this.#save(cron, { ...lastValid, ...this.#policies() });
    if (drawn < 0.42) return () => this.#save(cron, { ...lastValid, name: prng.pick(['task', 'chore']) });
    if (drawn < 0.56) return () => this.#save(cron, { ...lastValid, activated: !lastValid.activated });
    if (drawn < 0.66) return () => actions.writeCron(cron.key, prng.pick(INVALID_CRONS), undefined);
    if (drawn < 0.7) return () => actions.deleteRecord(cron.key);
    if (drawn < 0.84) return () => this.#force(cron);
    return () => this.#remove(cron);
  }

  /** Forces a run, and sometimes several. */
  #force(cron: Cron): void {
    this.#options.actions.force(cron.key);
    let delay = 0;
    while (this.#prng.boolean(0.4)) {
      delay += this.#prng.logUniform(500, 60_000);
      this.#wake(delay, () => cron.exists && this.#options.actions.force(cron.key));
    }
  }

  #remove(cron: Cron): void {
    const { actions } = this.#options;
    const prng = this.#prng;
    actions.remove(cron.key);
    cron.exists = false;
    cron.lastValid = undefined;
    if (prng.boolean(0.6))
      this.#wake(prng.logUniform(20, 20 * MINUTE), () => !cron.exists && this.#addCron(cron));
  }

  #addCron(cron: Cron): void {
    if (this.#prng.boolean(0.05)) {
      cron.exists = true;
      this.#options.actions.writeCron(cron.key, this.#prng.pick(INVALID_CRONS), undefined);
    } else {
      this.#save(cron, this.#newDefinition(cron));
    }
    // Some crons are removed again at once.
    if (this.#prng.boolean(0.4))
      this.#wake(this.#prng.logUniform(100, 5_000), () => cron.exists && this.#remove(cron));
  }

  #save(cron: Cron, definition: IntendedCron): void {
    cron.exists = true;
    const intent = { ...definition, environ: { ...definition.environ, versionId: ++this.#versionIds } };
    cron.lastValid = intent;
    this.#options.actions.writeCron(cron.key, JSON.stringify(intent), intent);
  }

  #newDefinition({ key }: Cron): IntendedCron {
    const prng = this.#prng;
    return {
      uid: key.uid,
      name: 'task',
      periodicity: prng.boolean(0.01) ? '* * * * *' : prng.pick(PERIODICITIES),
      ...(prng.boolean(0.4) ? { timezone: prng.pick(ZONES) } : {}),
      activated: prng.boolean(0.95),
      ...this.#policies(),
      environ: {
        versionId: 0,
        seconds: prng.boolean(0.25) ? prng.logUniform(120, 1000) : prng.logUniform(1, 60),
        failureRate: prng.boolean(0.3) ? 0.2 : 0,
        ...(prng.boolean(0.2) ? { password: { $secret: 'password' } } : {}),
      },
    };
  }

  #policies() {
    const prng = this.#prng;
    return {
      overlap: prng.pick(['skip', 'skip', 'buffer', 'allow'] as const),
      missed: prng.pick(['once', 'once', 'all', 'skip'] as const),
      maxLateness: prng.pick([300, 3600, 6 * 3600, 86_400]),
      logsLimit: prng.pick([1, 2, 5, 5, 10, 25]),
      timeout: prng.pick([30, 300, 840]),
    };
  }

  #saveCrontab(site: string, changes: Partial<IntendedCrontab>): void {
    const before = this.#crontabs.get(site) ?? { activated: true, timezone: this.#prng.pick(ZONES) };
    const after = { ...before, ...changes };
    this.#crontabs.set(site, after);
    this.#options.actions.writeCrontab(site, JSON.stringify(after), after);
  }

  #wake(delay: number, act: () => void): void {
    const { loop, until } = this.#options;
    if (loop.monotonic() + delay < until) loop.after(delay, act);
  }
}

/** The virtual time at which a seed's run starts: often shortly before a time zone changes its clock. */
export function startTime(seed: number): number {
  const prng = new Prng(seed, 'start');
  const clockChanges = [
    '2026-03-07',
    '2026-03-28',
    '2026-04-04',
    '2026-09-05',
    '2026-09-26',
    '2026-10-03',
    '2026-10-24',
  ];
  const day = prng.boolean(0.5)
    ? Date.parse(prng.pick(clockChanges)) - prng.integer(0, 2) * DAY
    : Date.UTC(2026, 0, 1) + prng.integer(0, 700) * DAY;
  return day + prng.integer(0, 23) * HOUR + prng.integer(0, 59) * MINUTE;
}
