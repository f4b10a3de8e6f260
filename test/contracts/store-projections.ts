/** The contract of Store for projections: what is read back, and which version remains. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CronFields } from '../../lib/core/domain/cron.ts';
import { environProblems } from '../../lib/core/domain/environ.ts';
import type { Projection } from '../../lib/core/domain/projection.ts';
import { DAY, fullJob, gone, KEY, NOW, type StoreSubject, saved, switched } from './store-subjects.ts';

export function projectionContract(subject: () => StoreSubject) {
  test('A projected cron is read back with all its fields', async () => {
    const { store } = subject();
    const projection = saved('a', NOW, {
      user: 'arn:aws:iam::123456789012:role/editor',
      timezone: 'Europe/Paris',
      environ: { text: '', none: null, list: [1, [], {}], deep: { 'a.b': 'π 🕐', '#': -0.5 } },
    });
    expect(await store.putProjection(KEY, projection)).toBe(true);

    expect(await store.read('site', 'a')).toEqual({ cron: projection });
    expect(await store.readProjection(KEY)).toEqual(projection);
  });

  test('An environ may be any JSON that validation accepts, whatever a medium thinks of names and numbers', async () => {
    const { store } = subject();
    const environ = fc
      .dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))
      .map((any) => JSON.parse(JSON.stringify(any)))
      .filter((any) => environProblems(any).length === 0);
    await fc.assert(
      fc.asyncProperty(environ, async (anyEnviron) => {
        const projection = saved('a', NOW, { environ: anyEnviron });
        await store.putProjection(KEY, projection);
        expect((await store.read('site', 'a')).cron).toEqual(projection);
      }),
      { numRuns: 25 },
    );
    const extremes = { big: Number.MAX_SAFE_INTEGER, negative: Number.MIN_SAFE_INTEGER, small: 1e-100 };
    expect(environProblems(extremes)).toEqual([]);
    await store.putProjection(KEY, saved('a', NOW, { environ: extremes }));
    expect((await store.read('site', 'a')).cron).toEqual(saved('a', NOW, { environ: extremes }));
  });

  test('A projection of an invalid version keeps the last good value beside its problems', async () => {
    const { store } = subject();
    const problems = [{ where: 'name', got: 'nothing', wanted: 'a runner', fix: 'Add a name.' }];
    const projection = { ...saved('a'), problems };
    await store.putProjection(KEY, projection);
    expect((await store.read('site', 'a')).cron).toEqual(projection);
  });

  test('A projection of a parameter that was never valid has problems and no value', async () => {
    const { store } = subject();
    const problems = [{ where: 'value', got: '"{"', wanted: 'JSON', fix: 'Close the brace.' }];
    const projection: Projection<CronFields> = { modified: NOW, version: 3, problems };
    await store.putProjection(KEY, projection);
    expect((await store.read('site', 'a')).cron).toEqual(projection);
  });

  test('The crontab of a site is read with each of its crons, and with no other site', async () => {
    const { store } = subject();
    const settings = switched(NOW, { activated: false, timezone: 'Asia/Tokyo' });
    expect(await store.putProjection({ site: 'site' }, settings)).toBe(true);
    await store.putProjection(KEY, saved('a'));

    expect(await store.read('site', 'a')).toEqual({ crontab: settings, cron: saved('a') });
    expect(await store.read('site', 'b')).toEqual({ crontab: settings });
    expect(await store.read('site-2', 'a')).toEqual({});
    expect(await store.readProjection({ site: 'site' })).toEqual(settings);
  });

  test('Crons whose uids are names of the layout do not collide with it', async () => {
    const { store } = subject();
    const uids = ['cron', 'crontab', 'job', 'profile', 'run', 'site'];
    for (const uid of uids) await store.putProjection({ site: 'site', uid }, saved(uid));
    const { crontab, crons } = await store.readSite('site');
    expect(crontab).toBeUndefined();
    expect(crons.map((cron) => cron.cron?.value?.uid)).toEqual(uids);
  });

  const presence = saved('a', NOW);
  test.each<[string, Projection<CronFields>, Projection<CronFields>, boolean]>([
    ['A later version replaces an earlier one', presence, { ...saved('a', NOW + 1), version: 2 }, true],
    ['An earlier version changes nothing', presence, { ...saved('a', NOW - 1), version: 9 }, false],
    ['The same version may be projected again', presence, presence, true],
    ['A version replaces another of the same time', presence, { ...presence, version: 2 }, true],
    ['A later removal replaces a version', presence, gone(NOW + 1), true],
    ['A removal of the same time replaces a version', presence, gone(NOW), true],
    ['An earlier removal changes nothing', presence, gone(NOW - 1), false],
    ['A version of the same time does not replace a removal', gone(NOW), presence, false],
    ['An earlier version does not replace a removal', gone(NOW), saved('a', NOW - 1), false],
    ['A later version replaces a removal', gone(NOW), saved('a', NOW + 1), true],
    ['A removal may be projected again', gone(NOW), gone(NOW), true],
    ['A later removal replaces a removal', gone(NOW), gone(NOW + 5), true],
    ['An earlier removal does not replace a removal', gone(NOW), gone(NOW - 5), false],
  ])('%s', async (_, first, second, isReplaced) => {
    const { store } = subject();
    expect(await store.putProjection(KEY, first)).toBe(true);
    expect(await store.putProjection(KEY, second)).toBe(isReplaced);
    expect((await store.read('site', 'a')).cron).toEqual(isReplaced ? second : first);
  });

  test('The latest of many versions remains, in whatever order they are projected', async () => {
    const { store } = subject();
    const times = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.uuid(), times, async (uid, order) => {
        const put = (n: number) =>
          store.putProjection({ site: 'site', uid }, { ...saved(uid, NOW + n), version: n });
        await Promise.all(order.map(put));
        expect((await store.read('site', uid)).cron?.version).toBe(Math.max(...order));
      }),
      { numRuns: 15 },
    );
  });

  test('A removed cron keeps its last definition for 90 days', async () => {
    const { store, clock } = subject();
    await store.putProjection(KEY, gone());
    clock.set(NOW + 90 * DAY - 1_000);
    expect((await store.readSite('site')).crons).toEqual([{ uid: 'a', cron: gone() }]);
    clock.set(NOW + 90 * DAY);
    expect((await store.readSite('site')).crons).toEqual([]);
  });

  test('Projecting a cron leaves its job alone', async () => {
    const { store } = subject();
    await store.commit(fullJob('a', 'one'), undefined, []);
    await store.putProjection(KEY, saved('a'));
    expect((await store.read('site', 'a')).job).toEqual(fullJob('a', 'one'));
  });
}
