// cspell:ignore cdefghijkl nigthly
import { describe, expect, it } from 'vitest';
import { CRON_DEFAULTS, Cron, type CronFields } from '../../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../../lib/core/domain/crontab-settings.ts';
import { attempt, ConfigurationError, NotFoundError } from '../../../lib/core/domain/errors.ts';
import { kindOf } from '../../../lib/core/domain/json-text.ts';
import type { Log } from '../../../lib/core/domain/log.ts';
import { cronNotFound } from '../../../lib/core/domain/not-found.ts';
import { Crontab } from '../../../lib/surfaces/sdk/crontab.ts';
import { loadCron } from '../../../lib/surfaces/sdk/load-cron.ts';
import { loadCrontab } from '../../../lib/surfaces/sdk/load-crontab.ts';

const log: Log = { id: '1', plannedAt: 1000, date: 2000, status: 'OK', messages: [] };

function cron(uid: string, more: Partial<CronFields> = {}, logs: readonly Log[] = []): Cron {
  return new Cron({ ...CRON_DEFAULTS, uid, name: 'heartbeat', periodicity: '@daily', ...more }, logs);
}

function crontabOf(...crons: Cron[]): Crontab {
  return new Crontab({ site: 'shop', crons }, {});
}

function ids(...uids: string[]): () => string {
  return () => uids.shift() ?? 'last';
}

describe('a crontab in memory', () => {
  it('A new crontab has no crons, is on and writable, and uses UTC', () => {
    expect(new Crontab({ site: 'shop' }, {}).dump()).toEqual({
      site: 'shop',
      ...CRONTAB_DEFAULTS,
      crons: [],
    });
  });

  it('A crontab keeps its crons in the order in which they were added', () => {
    const crontab = crontabOf(cron('b'), cron('a'));
    crontab.add(cron('0'));
    expect(crontab.crons.map(({ uid }) => uid)).toEqual(['b', 'a', '0']);
  });

  it('The method add gives a cron another uid while its uid exists already', () => {
    const crons = [cron('a', {}, [log]), cron('b')];
    const crontab = new Crontab({ site: 'shop', crons }, { newUid: ids('b', 'c') });
    const added = crontab.add(cron('a', { name: 'http' }, [log]));
    expect(added.uid).toBe('c');
    expect(crontab.byUid('c')).toBe(added);
    expect(added).toMatchObject({ name: 'http', logs: [log] });
    expect(crontab.byUid('a').name).toBe('heartbeat');
  });

  it('The methods edit and remove find a cron by its uid', () => {
    const crontab = crontabOf(cron('a', {}, [log]), cron('b'));
    expect(crontab.edit('a', { name: 'http' }).logs).toEqual([log]);
    expect(crontab.crons.map(({ name }) => name)).toEqual(['http', 'heartbeat']);
    expect(crontab.remove('a').name).toBe('http');
    expect(crontab.crons.map(({ uid }) => uid)).toEqual(['b']);
    expect(() => crontab.edit('a', {})).toThrow(NotFoundError);
    expect(() => crontab.remove('a')).toThrow(NotFoundError);
  });

  it('A lookup by an unknown uid suggests a similar uid or lists the existing ones', () => {
    const names = ['nightly', 'hourly', ...'cdefghijkl'];
    const crontab = crontabOf(...names.slice(0, 2).map((uid) => cron(uid)));
    const byUid = (uid: string) => () => crontab.byUid(uid);
    const error = (uid: string, existing: readonly string[]) => cronNotFound({ site: 'shop', uid }, existing);
    expect(byUid('nigthly')).toThrow(error('nigthly', ['nightly', 'hourly']));
    expect(byUid('weekly')).toThrow(error('weekly', ['nightly', 'hourly']));
    for (const uid of names.slice(2)) crontab.add(cron(uid));
    expect(byUid('weekly')).toThrow(error('weekly', names));
    for (const uid of names) crontab.remove(uid);
    expect(byUid('weekly')).toThrow(error('weekly', []));
  });

  it('The method by returns the crons that match every given field', () => {
    const crons = [
      cron('a', { activated: false }),
      cron('b', { name: 'http', tags: ['eu', 'nightly'] }),
      cron('c', { name: 'http', periodicity: '@hourly' }),
    ];
    const crontab = crontabOf(...crons);
    const found = (filter: Parameters<Crontab['by']>[0]) => crontab.by(filter).map(({ uid }) => uid);
    expect(crontab.byName('http').map(({ uid }) => uid)).toEqual(['b', 'c']);
    expect(found({})).toEqual(['a', 'b', 'c']);
    expect(found({ uid: undefined, activated: false })).toEqual(['a']);
    expect(found({ name: 'http', periodicity: '@hourly' })).toEqual(['c']);
    expect(found({ uid: 'a', name: 'http' })).toEqual([]);
    expect(found({ name: 'http', tag: 'eu' })).toEqual(['b']);
    expect(found({ tag: 'e' })).toEqual([]);
  });

  it('Two crontabs are equal when site, settings and crons are equal, whatever their order and run records', () => {
    const crontab = crontabOf(cron('a'), cron('b'));
    const other = (site: string, settings: Partial<CrontabSettings>, ...crons: Cron[]) =>
      crontab.equals(new Crontab({ site, ...settings, crons }, {}));
    expect(other('shop', {}, cron('a', {}, [log]), cron('b'))).toBe(true);
    expect(other('home', {}, cron('a'), cron('b'))).toBe(false);
    expect(other('shop', { activated: false }, cron('a'), cron('b'))).toBe(false);
    expect(other('shop', {}, cron('b'), cron('a'))).toBe(true);
    expect(other('shop', {}, cron('a'), cron('c'))).toBe(false);
    expect(other('shop', {}, cron('a'))).toBe(false);
    expect(other('shop', {}, cron('a'), cron('b', { environ: { x: 1 } }))).toBe(false);
  });

  it('loadCrontab reads a Crontab, its dump, and the JSON of its dump', () => {
    const settings = { activated: false, readOnly: true, timezone: 'Europe/Paris' };
    const crontab = new Crontab({ site: 'shop', ...settings, crons: [cron('b', {}, [log]), cron('a')] }, {});
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

  it('An assignment to a field of a cron throws, since it would be lost', () => {
    const crontab = crontabOf(cron('a'));
    for (const one of [crontab.byUid('a'), crontab.add(cron('b')), crontab.edit('a', { name: 'http' })]) {
      expect(() => Object.assign(one, { activated: false })).toThrow(TypeError);
      expect(one.activated).toBe(true);
    }
  });

  it('Each cron of a crontab knows its site, and one without a crontab has none', () => {
    const crontab = crontabOf(cron('a'));
    expect(cron('a').site).toBeUndefined();
    expect(crontab.byUid('a').site).toBe('shop');
    expect(crontab.add(cron('a')).site).toBe('shop');
    expect(crontab.edit('a', { name: 'http' }).site).toBe('shop');
    expect(loadCrontab(crontab.dump()).crontab.byUid('a').site).toBe('shop');
    expect(crontab.byUid('a').similar(cron('a', { name: 'http' }))).toBe(true);
  });

  it('loadCron gives a cron without a uid a new one, and keeps the one that it has', () => {
    const fields = { name: 'http', periodicity: '@daily' };
    expect(loadCron(fields).uid).toMatch(/^[\da-f-]{36}$/);
    expect(loadCron(fields).uid).not.toBe(loadCron(fields).uid);
    expect(loadCron(fields, { newUid: () => 'mine' }).uid).toBe('mine');
    expect(loadCron({ ...fields, uid: 'a' }).uid).toBe('a');
  });

  it('A loaded crontab can be changed in memory, but not saved', async () => {
    const { crontab } = loadCrontab({ site: 'shop', crons: [cron('a').fields()] });
    expect(crontab.add({ name: 'http', periodicity: '@daily' }).uid).toMatch(/^[\da-f-]{36}$/);
    const message =
      'The crontab of "shop" is in memory only. Load it from a folder or a deployment with openFolder or openStack.';
    await expect(crontab.save()).rejects.toThrow(new ConfigurationError(message));
    await expect(crontab.reload()).rejects.toThrow(ConfigurationError);
    expect(() => crontab.job('a')).toThrow(ConfigurationError);
  });

  it('loadCrontab leaves malformed crons out and reports their problems', () => {
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
      ['crons.0.periodicity', expect.stringContaining('"* * *"')],
      ['crons.1', kindOf(3)],
      ['crons.2.logs.0.status', '"FINE"'],
      ['crons.3.uid', '"b"'],
    ]);
    expect(problems.at(-1)).toMatchObject({
      wanted: 'a uid that no earlier cron has',
      fix: 'Use another uid, or leave it out.',
    });
  });

  it('loadCrontab rejects a crontab whose site or list of crons is invalid', () => {
    const text = '{"site": "Shop", "crons": {}, "activated": 1}';
    const { problems } = attempt(() => loadCrontab(text));
    expect(problems).toEqual([
      expect.objectContaining({ where: 'activated', got: '1' }),
      {
        where: 'site',
        got: '"Shop"',
        wanted: '1 to 16 lower-case letters, digits and dashes',
        fix: 'Use such a name.',
      },
      {
        where: 'crons',
        got: '{}',
        wanted: 'a list of crons',
        fix: 'Use a list, or leave it out.',
      },
    ]);
  });
});
