import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preview } from '../../../lib/app/operations/preview.ts';
import { previewCron } from '../../../lib/app/operations/preview-cron.ts';
import { makeWorld, type World } from '../../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const add = async (count: number, fields: object, prefix = 'night') => {
  for (let n = 0; n < count; n++)
    await world.edit(`${prefix}-${n}`, JSON.stringify({ name: 'task', periodicity: '0 2 * * *', ...fields }));
};
const crowdOf = async (periodicity: string, uid?: string) =>
  (await previewCron(world.ports, 'default', { periodicity, uid })).crowd;

it('It previews as without a site, in the time zone of the crontab unless another one is given', async () => {
  await world.edit(undefined, JSON.stringify({ timezone: 'Europe/Paris' }));
  for (const periodicity of ['@daily', '61 * * * *']) {
    for (const timezone of ['Europe/Paris', 'Asia/Tokyo']) {
      const given = timezone === 'Europe/Paris' ? { periodicity } : { periodicity, timezone };
      const shown = preview(world.ports, { periodicity, timezone });
      expect(await previewCron(world.ports, 'default', given)).toEqual({ ...shown, timezone });
    }
  }
});

describe('the warning of a crowded minute', () => {
  it('It names the time, the number of the others and a periodicity that spreads them, from 20 on', async () => {
    await add(18, {});
    expect(await crowdOf('0 2 * * *')).toBeUndefined();
    await add(1, {}, 'nineteenth');
    expect(await crowdOf('0 2 * * 1-5')).toBe(
      'At 2026-03-03T02:00:00Z another 19 crons of this crontab start; 20 in one minute are crowded. Spread them: ' +
        'with "H" in place of the minute, as in "H 2 * * 1-5", each cron has a minute of its own.',
    );
    expect(await crowdOf('1 2 * * *')).toBeUndefined();
  });

  it('It looks at all runs that are shown, at a nickname and at other time zones', async () => {
    await add(20, { periodicity: '0 0 4 3 *' });
    expect(await crowdOf('@daily')).toMatch(
      /^At 2026-03-04T00:00:00Z another 20 crons .* as in "H 0 \* \* \*"/,
    );
    const inTokyo = { periodicity: '0 9 * * *', timezone: 'Asia/Tokyo' };
    const { crowd } = await previewCron(world.ports, 'default', inTokyo);
    expect(crowd).toMatch(/^At 2026-03-04T00:00:00Z another 20 crons/);
  });

  it('It suggests a general periodicity for a minute that is a list, and none for one that is spread', async () => {
    await add(60, {}, 'other');
    expect(await crowdOf('0,30 2 * * *')).toContain('as in "H 2 * * *"');
    const spread = preview(world.ports, { periodicity: 'H 3 * * *', timezone: 'UTC', uid: 'a' });
    const minute = new Date(spread.runs[0]?.plannedAt ?? 0).getUTCMinutes();
    await add(20, { periodicity: `${minute} 3 * * *` }, 'same');
    expect(await crowdOf('H 3 * * *', 'a')).toMatch(/another 20 crons .* are crowded\.$/);
  });

  it('Neither the cron itself counts, nor those that are off or run more often than every half an hour', async () => {
    await add(19, {});
    await add(5, { activated: false }, 'off');
    await add(5, { periodicity: '*/15 * * * *' }, 'often');
    expect(await crowdOf('0 2 * * *', 'night-3')).toBeUndefined();
    expect(await crowdOf('0 2 * * *', 'other')).toContain('another 19 crons');
    expect(await crowdOf('*/20 * * * *')).toBeUndefined();
  });

  it('A crontab that is off has no crowded minute', async () => {
    await add(20, {});
    await world.edit(undefined, JSON.stringify({ activated: false }));
    expect(await crowdOf('0 2 * * *')).toBeUndefined();
  });
});
