import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CRON_DEFAULTS, type CronFields } from '../../lib/domain/cron.ts';
import { loadCron } from '../../lib/domain/cron-schema.ts';
import { CRONTAB_DEFAULTS } from '../../lib/domain/crontab-settings.ts';
import type { Exported } from '../../lib/profiles/dump.ts';
import { FORMATS, type Format, writeProfile } from '../../lib/profiles/formats.ts';
import { hasChanges, plan } from '../../lib/profiles/plan.ts';
import type { SiteNow } from '../../lib/profiles/site-now.ts';
import { NOON } from '../support/jobs.ts';
import { crontabs } from './arbitrary.ts';
import { anyRunner, profileIn, siteOf } from './support.ts';

const options = { now: NOON, runners: anyRunner };

/** The site after the profile was applied, in memory. */
function applied(text: string, format: Format, before: SiteNow): SiteNow {
  const { steps, settings, problems } = plan(profileIn(text, format), before, options);
  expect(problems).toEqual([]);
  const crons = new Map([...before.crons].map(([uid, { fields }]) => [uid, fields as CronFields]));
  for (const step of steps) {
    if (step.kind === 'remove') crons.delete(step.uid);
    else if (step.kind === 'add') crons.set(step.uid, loadCron(step.fields).fields());
    else {
      const edited = Object.entries({ ...crons.get(step.uid), ...step.edit }).filter(
        ([, value]) => value !== null,
      );
      crons.set(step.uid, loadCron(Object.fromEntries(edited)).fields());
    }
  }
  const changed = Object.fromEntries(settings.map(({ field, after }) => [field, after]));
  return siteOf([...crons.values()], { ...before.settings, ...changed });
}

function exported({ site, settings, crons }: SiteNow): Exported {
  return { site, settings, crons: [...crons.values()].map(({ fields }) => fields as CronFields) };
}

/** What the format has no place for is at its default. */
function expressible(crontab: Exported, format: Format): Exported {
  const settings = ['yaml', 'json'].includes(format) ? crontab.settings : CRONTAB_DEFAULTS;
  if (format !== 'collective') return { ...crontab, settings };
  const crons = crontab.crons.map(({ uid, name, periodicity, activated, environ, logsLimit, user }) => ({
    ...CRON_DEFAULTS,
    ...{ uid, name, periodicity, activated, environ, logsLimit },
    ...(user === undefined ? {} : { user }),
  }));
  return { ...crontab, settings, crons };
}

describe.each(FORMATS)('a crontab in the format %s', (format) => {
  it('is the same after export and import into an empty site', () => {
    fc.assert(
      fc.property(crontabs, (crontab) => {
        const wanted = expressible(crontab, format);
        const there = applied(writeProfile(wanted, format), format, siteOf());
        expect(exported(there)).toEqual(wanted);
      }),
    );
  });

  it('changes nothing when its export is applied to where it comes from', () => {
    fc.assert(
      fc.property(crontabs, ({ settings, crons }) => {
        const site = siteOf(crons, settings);
        const again = plan(profileIn(writeProfile(exported(site), format), format), site, options);
        expect(again.problems).toEqual([]);
        expect(hasChanges(again)).toBe(false);
      }),
    );
  });

  it('has the same text after import and another export', () => {
    fc.assert(
      fc.property(crontabs, (crontab) => {
        const text = writeProfile(expressible(crontab, format), format);
        expect(writeProfile(exported(applied(text, format, siteOf())), format)).toBe(text);
      }),
    );
  });
});

it.each(['yaml', 'json'] as const)(
  'brings a crontab back to exactly what a full export in %s holds',
  (format) => {
    fc.assert(
      fc.property(crontabs, crontabs, (then, now) => {
        const crons = now.crons.filter(({ uid }) => then.crons.some((cron) => cron.uid === uid));
        const others = then.crons.map((cron, index) => ({ ...now.crons[index], uid: cron.uid }));
        const site = siteOf([...others, ...crons], now.settings);
        const back = applied(writeProfile(then, format, true), format, site);
        expect(exported(back)).toEqual(then);
      }),
    );
  },
);
