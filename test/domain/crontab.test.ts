import { describe, expect, it } from 'vitest';
import { CRON_DEFAULTS, Cron, type CronFields } from '../../lib/domain/cron.ts';
import { Crontab } from '../../lib/domain/crontab.ts';
import { loadCrontab, loadCrontabSettings } from '../../lib/domain/crontab-schema.ts';
import { CRONTAB_DEFAULTS } from '../../lib/domain/crontab-settings.ts';
import { InvalidError, NotFoundError } from '../../lib/domain/errors.ts';
import type { Log } from '../../lib/domain/log.ts';
import { problemText } from '../../lib/domain/problem.ts';

const log: Log = { id: '1', at: 1000, date: 2000, status: 'OK', messages: [] };

function cron(uid: string, more: Partial<CronFields> = {}, logs: readonly Log[] = []): Cron {
  return new Cron({ ...CRON_DEFAULTS, uid, name: 'heartbeat', periodicity: '@daily', ...more }, logs);
}

function ids(...uids: string[]): () => string {
  return () => uids.shift() ?? 'last';
}

function messages(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof InvalidError) return error.problems.map(problemText);
    throw error;
  }
  return [];
}

describe('A crontab', () => {
  it('is empty, on, open and in UTC at first', () => {
    const { site, settings, crons } = new Crontab('shop');
    expect({ site, settings, crons }).toEqual({ site: 'shop', settings: CRONTAB_DEFAULTS, crons: [] });
  });

  it('keeps its crons in the order in which they were added', () => {
    const crontab = new Crontab('shop', CRONTAB_DEFAULTS, [cron('b'), cron('a')]);
    crontab.add(cron('0'), ids());
    expect(crontab.crons.map(({ uid }) => uid)).toEqual(['b', 'a', '0']);
  });

  it('gives a cron with a taken uid a new one, until it is free', () => {
    const crontab = new Crontab('shop', CRONTAB_DEFAULTS, [cron('a', {}, [log]), cron('b')]);
    const added = crontab.add(cron('a', { name: 'http' }, [log]), ids('b', 'c'));
    expect(added.uid).toBe('c');
    expect(crontab.byUid('c')).toBe(added);
    expect(added).toMatchObject({ name: 'http', logs: [log] });
    expect(crontab.byUid('a').name).toBe('heartbeat');
  });

  it('replaces and removes by uid', () => {
    const crontab = new Crontab('shop', CRONTAB_DEFAULTS, [cron('a'), cron('b')]);
    crontab.replace(cron('a', { name: 'http' }));
    expect(crontab.crons.map(({ name }) => name)).toEqual(['http', 'heartbeat']);
    expect(crontab.remove('a').name).toBe('http');
    expect(crontab.crons.map(({ uid }) => uid)).toEqual(['b']);
    expect(() => crontab.replace(cron('a'))).toThrow(NotFoundError);
    expect(() => crontab.remove('a')).toThrow(NotFoundError);
  });

  it('says what there is when a cron is not', () => {
    const names = ['nightly', 'hourly', ...'cdefghijkl'];
    const crontab = new Crontab(
      'shop',
      CRONTAB_DEFAULTS,
      names.slice(0, 2).map((uid) => cron(uid)),
    );
    const message = (uid: string) => {
      try {
        return crontab.byUid(uid).uid;
      } catch (error) {
        return error instanceof NotFoundError ? error.message : error;
      }
    };
    expect(message('nigthly')).toBe('The crontab of "shop" has no cron "nigthly". Did you mean "nightly"?');
    expect(message('weekly')).toBe('The crontab of "shop" has no cron "weekly". There is nightly, hourly.');
    for (const uid of names.slice(2)) crontab.add(cron(uid), ids());
    expect(message('weekly')).toBe(
      'The crontab of "shop" has no cron "weekly". There is nightly, hourly, c, d, e, f, g, h, i, j and 2 more.',
    );
    for (const uid of names) crontab.remove(uid);
    expect(message('weekly')).toBe('The crontab of "shop" has no cron "weekly". It has none at all.');
  });

  it('finds crons by name, and by all that is given', () => {
    const crons = [
      cron('a', { activated: false }),
      cron('b', { name: 'http' }),
      cron('c', { name: 'http', periodicity: '@hourly' }),
    ];
    const crontab = new Crontab('shop', CRONTAB_DEFAULTS, crons);
    const found = (filter: Parameters<Crontab['by']>[0]) => crontab.by(filter).map(({ uid }) => uid);
    expect(crontab.byName('http').map(({ uid }) => uid)).toEqual(['b', 'c']);
    expect(found({})).toEqual(['a', 'b', 'c']);
    expect(found({ uid: undefined, activated: false })).toEqual(['a']);
    expect(found({ name: 'http', periodicity: '@hourly' })).toEqual(['c']);
    expect(found({ uid: 'a', name: 'http' })).toEqual([]);
  });

  it('equals another with the same site, settings and crons; logs do not count, order does', () => {
    const crontab = new Crontab('shop', CRONTAB_DEFAULTS, [cron('a'), cron('b')]);
    const other = (site: string, settings: object, ...crons: Cron[]) =>
      crontab.equals(new Crontab(site, { ...CRONTAB_DEFAULTS, ...settings }, crons));
    expect(other('shop', {}, cron('a', {}, [log]), cron('b'))).toBe(true);
    expect(other('home', {}, cron('a'), cron('b'))).toBe(false);
    expect(other('shop', { activated: false }, cron('a'), cron('b'))).toBe(false);
    expect(other('shop', {}, cron('b'), cron('a'))).toBe(false);
    expect(other('shop', {}, cron('a'))).toBe(false);
    expect(other('shop', {}, cron('a'), cron('b', { environ: { x: 1 } }))).toBe(false);
  });

  it('is loaded from an instance, its dump, or the JSON of it', () => {
    const settings = { activated: false, readOnly: true, timezone: 'Europe/Paris' };
    const crontab = new Crontab('shop', settings, [cron('b', {}, [log]), cron('a')]);
    for (const input of [crontab, crontab.dump(), JSON.stringify(crontab.dump())]) {
      const loaded = loadCrontab(input);
      expect(loaded.problems).toEqual([]);
      expect(loaded.crontab.equals(crontab)).toBe(true);
      expect(loaded.crontab.dump()).toEqual(crontab.dump());
    }
    expect(loadCrontab({ site: 'shop' }).crontab.dump()).toEqual({
      site: 'shop',
      ...CRONTAB_DEFAULTS,
      crons: [],
    });
  });

  it('is loaded without its malformed entries, and says what is wrong with them', () => {
    const crons = [
      { uid: 'a', name: 'x', periodicity: '* * *' },
      3,
      { uid: 'b', name: 'x', periodicity: '@daily', logs: [{ ...log, status: 'FINE' }, log] },
      { uid: 'b', name: 'y', periodicity: '@daily' },
      { name: 'z', periodicity: '@daily' },
    ];
    const { crontab, problems } = loadCrontab({ site: 'shop', crons }, { newUid: ids('new') });
    expect(crontab.crons.map(({ uid, name }) => [uid, name])).toEqual([
      ['b', 'x'],
      ['new', 'z'],
    ]);
    expect(crontab.byUid('b').logs).toEqual([log]);
    expect(problems.map(({ where, got }) => [where, got])).toEqual([
      ['crons.0.periodicity', '3 fields, "* * *"'],
      ['crons.1', 'a number'],
      ['crons.2.logs.0.status', '"FINE"'],
      ['crons.3.uid', '"b"'],
    ]);
    expect(problems.map(problemText).at(-1)).toBe(
      'crons.3.uid: got "b", wanted a uid that no cron before it has. Give it another one, or leave it out.',
    );
  });

  it('is not loaded when it is no crontab at all', () => {
    expect(messages(() => loadCrontab('{"site": "Shop", "crons": {}, "activated": 1}'))).toEqual([
      'activated: got 1, wanted true or false. Write true or false without quotes, or leave it out for true.',
      'site: got "Shop", wanted 1 to 16 lower-case letters, digits and dashes. Choose such a name.',
      'crons: got {}, wanted a list of crons. Write a list, or leave it out for none.',
    ]);
  });
});

describe('The settings of a crontab', () => {
  it('are on, open and in UTC when nothing is said', () => {
    expect(loadCrontabSettings('{}')).toEqual(CRONTAB_DEFAULTS);
    expect(loadCrontabSettings({ timezone: null })).toEqual(CRONTAB_DEFAULTS);
  });

  it('are what is said', () => {
    const settings = { activated: false, readOnly: true, timezone: 'America/New_York' };
    expect(loadCrontabSettings(settings)).toEqual(settings);
    expect(loadCrontabSettings(JSON.stringify(settings))).toEqual(settings);
  });

  it('are refused with all that is wrong', () => {
    const text = '{"active": true, "readonly": true, "timezone": "Europe/Pariss", "activated": "on"}';
    const keys = 'activated, readOnly, timezone';
    expect(messages(() => loadCrontabSettings(text))).toEqual([
      'activated: got "on", wanted true or false. Write true or false without quotes, or leave it out for true.',
      'timezone: got "Europe/Pariss", wanted the name of a time zone, such as "Europe/Paris" or "UTC". Did you mean "Europe/Paris"?',
      `active: got an unknown key, wanted one of ${keys}. Take it away, or put it into "environ" if it is for the runner.`,
      `readonly: got an unknown key, wanted one of ${keys}. Did you mean "readOnly"?`,
    ]);
    expect(messages(() => loadCrontabSettings('{"activated": true'))).toEqual([
      'value: got an end at line 1, column 19, wanted a JSON object. Close what is open: } is missing.',
    ]);
  });
});
