/** The person: adds, edits, breaks, repairs, removes crons, flips switches, forces runs, deploys. Sometimes in a hurry. */
import type { ParameterKey } from '../../lib/domain/names.ts';
import { Chance } from './chance.ts';
import { DAY, type Definition, HOUR, MINUTE, type Switch } from './definition.ts';
import type { Loop } from './loop.ts';

/** What a person's hands reach. A text without a meaning is one that is not valid. */
export interface Hands {
  writeCron(key: Required<ParameterKey>, text: string, meaning: Definition | undefined): void;
  writeSwitch(site: string, text: string, meaning: Switch | undefined): void;
  remove(key: ParameterKey): void;
  force(key: Required<ParameterKey>): void;
  deploy(): void;
}

interface PersonOptions {
  readonly seed: number;
  readonly loop: Loop;
  readonly crons: number;
  /** Does nothing from then on. */
  readonly until: number;
  readonly hands: Hands;
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
const BAD_TEXTS = ['{', '{"name": "task"}', '{"name": "task", "periodicity": "61 * * * *"}', '[]', ' '];
const BAD_SWITCHES = ['{"activated": "no"}', '{"timezone": "Mars/Olympus"}', 'off'];

interface Cron {
  readonly key: Required<ParameterKey>;
  good: Definition | undefined;
  isThere: boolean;
}

export class Person {
  readonly #options: PersonOptions;
  readonly #chance: Chance;
  readonly #crons: Cron[];
  readonly #switches = new Map<string, Switch>();
  readonly #pause: number;
  readonly #hurry: number;
  #marks = 0;

  constructor(options: PersonOptions) {
    this.#options = options;
    this.#chance = new Chance(options.seed, 'person');
    const chance = this.#chance;
    const sites = ['default', 'shop', 'blog'].slice(0, chance.between(1, 3));
    this.#crons = Array.from({ length: options.crons }, (_, n) => ({
      key: { site: chance.pick(sites), uid: `cron-${n}` },
      good: undefined,
      isThere: false,
    }));
    this.#pause = chance.spread(5 * MINUTE, 2 * DAY);
    this.#hurry = chance.next() * 0.8;
  }

  start(): void {
    for (const cron of this.#crons) {
      this.#wake(this.#chance.between(1, 20 * MINUTE), () => this.#saveNew(cron));
    }
    for (const site of new Set(this.#crons.map(({ key }) => key.site))) {
      if (this.#chance.hit(0.7))
        this.#wake(this.#chance.between(1, MINUTE), () => this.#saveSwitch(site, {}));
    }
    this.#next();
  }

  #next(): void {
    this.#wake(Math.round(-Math.log(1 - this.#chance.next()) * this.#pause) + 1, () => {
      this.#next();
      this.#act();
    });
  }

  #act(): void {
    const chance = this.#chance;
    const drawn = chance.next();
    const cron = chance.pick(this.#crons);
    const { site } = cron.key;
    const act = () => {
      if (drawn < 0.04) this.#options.hands.deploy();
      else if (drawn < 0.25) this.#actOnSite(site)();
      else this.#actOnCron(cron)();
    };
    act();
    if (chance.hit(0.25)) this.#flipFlop(site);
    let after = 0;
    while (chance.hit(this.#hurry)) {
      after += chance.spread(50, 40_000);
      this.#wake(after, act);
    }
  }

  /** Somebody pressed the wrong switch. */
  #flipFlop(site: string): void {
    const { activated = true } = this.#switches.get(site) ?? {};
    this.#saveSwitch(site, { activated: !activated });
    this.#wake(this.#chance.spread(500, 20_000), () => this.#saveSwitch(site, { activated }));
  }

  #actOnSite(site: string): () => void {
    const { hands } = this.#options;
    const chance = this.#chance;
    const drawn = chance.next();
    const now = this.#switches.get(site);
    if (drawn < 0.6) return () => this.#saveSwitch(site, { activated: !(now?.activated ?? true) });
    if (drawn < 0.75) return () => this.#saveSwitch(site, { timezone: chance.pick(ZONES) });
    if (drawn < 0.85) return () => hands.writeSwitch(site, chance.pick(BAD_SWITCHES), undefined);
    if (drawn < 0.95) return () => this.#saveSwitch(site, { activated: true });
    return () => {
      this.#switches.delete(site);
      hands.remove({ site });
    };
  }

  #actOnCron(cron: Cron): () => void {
    const { hands } = this.#options;
    const chance = this.#chance;
    if (!cron.isThere) return () => this.#saveNew(cron);
    const { good } = cron;
    const drawn = chance.next();
    if (!good || drawn < 0.08) return () => this.#save(cron, good ?? this.#definition(cron));
    if (drawn < 0.22) return () => this.#save(cron, { ...good, periodicity: chance.pick(PERIODICITIES) });
    if (drawn < 0.28) return () => this.#save(cron, { ...good, timezone: chance.pick(ZONES) });
    if (drawn < 0.38) return () => this.#save(cron, { ...good, ...this.#policies() });
    if (drawn < 0.42) return () => this.#save(cron, { ...good, name: chance.pick(['task', 'chore']) });
    if (drawn < 0.56) return () => this.#save(cron, { ...good, activated: !good.activated });
    if (drawn < 0.66) return () => hands.writeCron(cron.key, chance.pick(BAD_TEXTS), undefined);
    if (drawn < 0.82) return () => this.#force(cron);
    return () => this.#remove(cron);
  }

  /** Somebody is impatient, and asks again. */
  #force(cron: Cron): void {
    this.#options.hands.force(cron.key);
    let after = 0;
    while (this.#chance.hit(0.4)) {
      after += this.#chance.spread(500, 60_000);
      this.#wake(after, () => cron.isThere && this.#options.hands.force(cron.key));
    }
  }

  #remove(cron: Cron): void {
    const { hands } = this.#options;
    const chance = this.#chance;
    hands.remove(cron.key);
    cron.isThere = false;
    cron.good = undefined;
    if (chance.hit(0.6))
      this.#wake(chance.spread(20, 20 * MINUTE), () => !cron.isThere && this.#saveNew(cron));
  }

  #saveNew(cron: Cron): void {
    if (this.#chance.hit(0.05)) {
      cron.isThere = true;
      this.#options.hands.writeCron(cron.key, this.#chance.pick(BAD_TEXTS), undefined);
    } else {
      this.#save(cron, this.#definition(cron));
    }
    // Somebody thought better of it.
    if (this.#chance.hit(0.4))
      this.#wake(this.#chance.spread(100, 5_000), () => cron.isThere && this.#remove(cron));
  }

  #save(cron: Cron, definition: Definition): void {
    cron.isThere = true;
    const good = { ...definition, environ: { ...definition.environ, mark: ++this.#marks } };
    cron.good = good;
    this.#options.hands.writeCron(cron.key, JSON.stringify(good), good);
  }

  #definition({ key }: Cron): Definition {
    const chance = this.#chance;
    return {
      uid: key.uid,
      name: 'task',
      periodicity: chance.hit(0.01) ? '* * * * *' : chance.pick(PERIODICITIES),
      ...(chance.hit(0.4) ? { timezone: chance.pick(ZONES) } : {}),
      activated: chance.hit(0.95),
      ...this.#policies(),
      environ: {
        mark: 0,
        takes: chance.hit(0.25) ? chance.spread(120, 1000) : chance.spread(1, 60),
        fails: chance.hit(0.3) ? 0.2 : 0,
        ...(chance.hit(0.2) ? { password: { $secret: 'password' } } : {}),
      },
    };
  }

  #policies() {
    const chance = this.#chance;
    return {
      overlap: chance.pick(['skip', 'skip', 'buffer', 'allow'] as const),
      missed: chance.pick(['once', 'once', 'all', 'skip'] as const),
      maxLateness: chance.pick([300, 3600, 6 * 3600, 86_400]),
      logsLimit: chance.pick([1, 2, 5, 5, 10, 25]),
      timeout: chance.pick([30, 300, 840]),
    };
  }

  #saveSwitch(site: string, change: Partial<Switch>): void {
    const before = this.#switches.get(site) ?? { activated: true, timezone: this.#chance.pick(ZONES) };
    const after = { ...before, ...change };
    this.#switches.set(site, after);
    this.#options.hands.writeSwitch(site, JSON.stringify(after), after);
  }

  #wake(after: number, act: () => void): void {
    const { loop, until } = this.#options;
    if (loop.now() + after < until) loop.after(after, act);
  }
}

/** Where a seed's story begins: often just before some zone changes its clock. */
export function startOf(seed: number): number {
  const chance = new Chance(seed, 'start');
  const changes = [
    '2026-03-07',
    '2026-03-28',
    '2026-04-04',
    '2026-09-05',
    '2026-09-26',
    '2026-10-03',
    '2026-10-24',
  ];
  const day = chance.hit(0.5)
    ? Date.parse(chance.pick(changes)) - chance.between(0, 2) * DAY
    : Date.UTC(2026, 0, 1) + chance.between(0, 700) * DAY;
  return day + chance.between(0, 23) * HOUR + chance.between(0, 59) * MINUTE;
}
