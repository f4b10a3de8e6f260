/** The contract of Store for sites: their list, and the state of a whole site. */
import { expect, test } from 'vitest';
import { newJob } from '../../lib/core/domain/job.ts';
import { fullJob, gone, jobOf, NOW, recordOf, type StoreSubject, saved, switched } from './store-subjects.ts';

export function siteContract(subject: () => StoreSubject) {
  test('The list of sites is sorted and has each site once, from its first parameter on', async () => {
    const { store } = subject();
    await store.putProjection({ site: 'zoo', uid: 'a' }, saved('a'));
    await store.putProjection({ site: 'zoo', uid: 'b' }, saved('b'));
    await store.putProjection({ site: 'b-2' }, switched());
    await store.putProjection({ site: 'b', uid: 'a' }, saved('a'));
    expect(await store.sites()).toEqual(['b', 'b-2', 'zoo']);
  });

  test('A site whose parameters are all removed is still listed', async () => {
    const { store } = subject();
    await store.putProjection({ site: 'zoo', uid: 'a' }, saved('a'));
    await store.putProjection({ site: 'zoo', uid: 'a' }, gone(NOW + 1));
    expect(await store.sites()).toEqual(['zoo']);
  });

  test('A site is read with its crontab and its crons sorted by uid, with jobs, removals and orphans', async () => {
    const { store } = subject();
    await store.putProjection({ site: 'site' }, switched());
    await store.putProjection({ site: 'site', uid: 'b' }, saved('b'));
    await store.putProjection({ site: 'site', uid: 'a-1' }, gone());
    await store.putProjection({ site: 'site', uid: 'a' }, saved('a'));
    await store.putProjection({ site: 'site', uid: 'B' }, saved('B'));
    await store.putProjection({ site: 'other', uid: 'x' }, saved('x'));
    await store.commit(fullJob('a', 'one'), undefined, [recordOf(NOW)]);
    await store.commit(jobOf('c', 'two'), undefined, []);
    await store.commit({ ...newJob('other', 'a'), token: 'three' }, undefined, []);

    expect(await store.readSite('site')).toEqual({
      crontab: switched(),
      crons: [
        { uid: 'B', cron: saved('B') },
        { uid: 'a', cron: saved('a'), job: fullJob('a', 'one') },
        { uid: 'a-1', cron: gone() },
        { uid: 'b', cron: saved('b') },
        { uid: 'c', job: jobOf('c', 'two') },
      ],
    });
  });

  test('A site that is larger than a page of the medium is read completely', async () => {
    const { store } = subject();
    const uids = Array.from({ length: 12 }, (_, n) => `cron-${String(n).padStart(2, '0')}`);
    const environ = { text: 'x'.repeat(100_000) };
    for (const uid of uids) {
      await store.putProjection({ site: 'site', uid }, saved(uid, NOW, { environ }));
      await store.commit(fullJob(uid, 'one'), undefined, []);
    }
    const { crons } = await store.readSite('site');
    expect(crons).toEqual(
      uids.map((uid) => ({ uid, cron: saved(uid, NOW, { environ }), job: fullJob(uid, 'one') })),
    );
  });
}
