import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CurrentSite } from '../../../lib/app/profiles/current-site.ts';
import type { Exported } from '../../../lib/app/profiles/dump.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../../lib/app/profiles/format-names.ts';
import { writeProfile } from '../../../lib/app/profiles/formats.ts';
import { hasChanges, planProfile } from '../../../lib/app/profiles/plan.ts';
import type { CronFields } from '../../../lib/core/domain/cron.ts';
import { loadCron } from '../../../lib/core/domain/cron-schema.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { NOON } from '../../support/jobs.ts';
import { crontabs } from './arbitrary.ts';
import { anyRunner, profileIn, siteOf } from './support.ts';

const options = { now: NOON, runners: anyRunner };

/** The site after the profile was applied, in memory. */
function applied(text: string, format: ExportFormat, before: CurrentSite): CurrentSite {
  const { steps, settings, problems } = planProfile(profileIn(text, format), before, options);
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

function exported({ site, settings, crons }: CurrentSite): Exported {
  return { site, settings, crons: [...crons.values()].map(({ fields }) => fields as CronFields) };
}

/** The crontab as the format can express it: XML has no settings, so they are at their defaults. */
function expressible(crontab: Exported, format: ExportFormat): Exported {
  return format === 'xml' ? { ...crontab, settings: CRONTAB_DEFAULTS } : crontab;
}

describe.each(EXPORT_FORMATS)('a crontab in the format %s', (format) => {
  it(`A crontab is the same after its export in ${format} and the import into an empty site`, () => {
    fc.assert(
      fc.property(crontabs, (crontab) => {
        const wanted = expressible(crontab, format);
        const site = applied(writeProfile(wanted, format), format, siteOf());
        expect(exported(site)).toEqual(wanted);
      }),
    );
  });

  it(`An export in ${format} changes nothing when it is applied to its own site`, () => {
    fc.assert(
      fc.property(crontabs, ({ settings, crons }) => {
        const site = siteOf(crons, settings);
        const again = planProfile(profileIn(writeProfile(exported(site), format), format), site, options);
        expect(again.problems).toEqual([]);
        expect(hasChanges(again)).toBe(false);
      }),
    );
  });

  it(`An export in ${format} has the same text after import and another export`, () => {
    fc.assert(
      fc.property(crontabs, (crontab) => {
        const text = writeProfile(expressible(crontab, format), format);
        expect(writeProfile(exported(applied(text, format, siteOf())), format)).toBe(text);
      }),
    );
  });
});

it.each(['yaml', 'json'] as const)(
  'A full export in %s restores a crontab that was changed since to exactly its content',
  (format) => {
    fc.assert(
      fc.property(crontabs, crontabs, (before, now) => {
        const crons = now.crons.filter(({ uid }) => before.crons.some((cron) => cron.uid === uid));
        const others = before.crons.map((cron, index) => ({ ...now.crons[index], uid: cron.uid }));
        const site = siteOf([...others, ...crons], now.settings);
        const restored = applied(writeProfile(before, format, true), format, site);
        expect(exported(restored)).toEqual(before);
      }),
    );
  },
);
