// cspell:ignore editeé miche muche
/** The chapter of the seed's manual about profiles (Generic Setup), heading by heading. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCrontab } from '../../../lib/app/operations/read.ts';
import { applyPlan } from '../../../lib/app/profiles/apply.ts';
import { exportOf, readCurrentSite } from '../../../lib/app/profiles/current-site.ts';
import { writeProfile } from '../../../lib/app/profiles/formats.ts';
import { planProfile } from '../../../lib/app/profiles/plan.ts';
import { editsByPorts } from '../../../lib/app/profiles/site-edits.ts';
import { makeWorld, type World } from '../../support/world.ts';
import { anyRunner, profileIn } from './support.ts';

const ADD = `<?xml version="1.0"?>
<crons>
  <cron uid="foogsuid" name="foo" activated="true"
        periodicity="*/1 * * * *" >
      <environ> <![CDATA[ {"foo":"bar"} ]]> </environ>
  </cron>
  <!-- environ and activated may be left out -->
  <cron uid="foogsuid2" name="foo2" periodicity="*/1 * * * *" />
  <cron uid="foogsuid3" name="foo3" periodicity="*/1 * * * *" />
</crons>`;

const DELETE_AND_REREGISTER = `<?xml version="1.0"?>
<crons>
  <cron uid="foogsuid2" name="foo2" remove="true" periodicity="*/1 * * * *" />
  <cron uid="foogsuid2" name="foo2changed" periodicity="*/3 * * * *"/>
  <cron uid="foogsuid3" remove="true"/>
</crons>`;

const EDIT = `<?xml version="1.0"?>
<crons>
  <cron uid="foogsuid2" name="foo2editeé" activated="True"  periodicity="*/4 * * * *">
      <environ><![CDATA[ {"foo":"bar", "miche":"muche"} ]]></environ>
  </cron>
</crons>`;

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

/** Applies the files one after the other and returns how much was written. */
async function importXml(...files: string[]): Promise<number> {
  let sum = 0;
  for (const text of files) {
    const ports = { ...world.ports, runners: anyRunner };
    const options = { now: world.clock.now(), runners: anyRunner };
    const planned = planProfile(profileIn(text, 'xml'), await readCurrentSite(ports, 'default'), options);
    sum += (await applyPlan(editsByPorts(ports, 'default'), planned)).written;
  }
  return sum;
}

async function crons() {
  const { crons: all } = exportOf(await readCrontab(world.ports, 'default'));
  return all.map(({ uid, name, activated, periodicity, environ }) => ({
    uid,
    name,
    activated,
    periodicity,
    environ,
  }));
}

const first = {
  uid: 'foogsuid',
  name: 'foo',
  activated: true,
  periodicity: '*/1 * * * *',
  environ: { foo: 'bar' },
};

describe('Import: Add', () => {
  it('crons.xml adds its crons, and a cron without "activated" is not activated', async () => {
    await importXml(ADD);
    const idle = { activated: false, periodicity: '*/1 * * * *', environ: {} };
    expect(await crons()).toEqual([
      first,
      { uid: 'foogsuid2', name: 'foo2', ...idle },
      { uid: 'foogsuid3', name: 'foo3', ...idle },
    ]);
  });
});

describe('Import: Delete & reregister', () => {
  it('crons.xml removes a cron and adds one of the same uid again, in the order of the file', async () => {
    await importXml(ADD, DELETE_AND_REREGISTER);
    expect(await crons()).toEqual([
      first,
      { uid: 'foogsuid2', name: 'foo2changed', activated: false, periodicity: '*/3 * * * *', environ: {} },
    ]);
  });

  it('crons.xml writes nothing when it is applied a second time', async () => {
    await importXml(ADD, DELETE_AND_REREGISTER);
    expect(await importXml(DELETE_AND_REREGISTER)).toBe(0);
  });
});

describe('Import: Edit', () => {
  it('crons.xml edits every field of a cron, and leaves other crons unchanged', async () => {
    await importXml(ADD, DELETE_AND_REREGISTER, EDIT);
    expect(await crons()).toEqual([
      first,
      {
        uid: 'foogsuid2',
        name: 'foo2editeé',
        activated: true,
        periodicity: '*/4 * * * *',
        environ: { foo: 'bar', miche: 'muche' },
      },
    ]);
  });

  it('crons.xml keeps whether a cron is activated when the element omits it', async () => {
    await importXml(ADD);
    await importXml('<crons><cron uid="foogsuid" periodicity="*/9 * * * *"/></crons>');
    expect(await crons()).toMatchObject([{ activated: true, periodicity: '*/9 * * * *' }, {}, {}]);
  });
});

describe('Export', () => {
  it('An export writes the crons of the site as crons.xml', async () => {
    await importXml(ADD, DELETE_AND_REREGISTER, EDIT);
    expect(writeProfile(exportOf(await readCrontab(world.ports, 'default')), 'xml')).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<crons>
  <cron uid="foogsuid" name="foo" activated="true" periodicity="*/1 * * * *">
    <environ><![CDATA[ {"foo":"bar"} ]]></environ>
  </cron>
  <cron uid="foogsuid2" name="foo2editeé" activated="true" periodicity="*/4 * * * *">
    <environ><![CDATA[ {"foo":"bar","miche":"muche"} ]]></environ>
  </cron>
</crons>
`,
    );
  });
});
