/** The chapter of the seed's manual about profiles (Generic Setup), heading by heading. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../lib/profiles/apply.ts';
import { writeProfile } from '../../lib/profiles/formats.ts';
import { plan } from '../../lib/profiles/plan.ts';
import { readExported, readSiteNow } from '../../lib/profiles/site-now.ts';
import { makeWorld, type World } from '../support/world.ts';
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

/** Applies crons.xml as a profile step did, and says how much was written. */
async function importXml(...files: string[]): Promise<number> {
  let all = 0;
  for (const text of files) {
    const ports = { ...world.ports, runners: anyRunner };
    const options = { now: world.clock.now(), runners: anyRunner };
    const planned = plan(profileIn(text, 'xml'), await readSiteNow(ports, 'default'), options);
    all += (await applyPlan(ports, planned)).written;
  }
  return all;
}

async function crons() {
  const { crons: all } = await readExported(world.ports, 'default');
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
  it('adds the crons of the file; what does not say that it is activated is not', async () => {
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
  it('removes, and adds anew what comes after its removal, in the order of the file', async () => {
    await importXml(ADD, DELETE_AND_REREGISTER);
    expect(await crons()).toEqual([
      first,
      { uid: 'foogsuid2', name: 'foo2changed', activated: false, periodicity: '*/3 * * * *', environ: {} },
    ]);
  });

  it('writes nothing the second time', async () => {
    await importXml(ADD, DELETE_AND_REREGISTER);
    expect(await importXml(DELETE_AND_REREGISTER)).toBe(0);
  });
});

describe('Import: Edit', () => {
  it('edits every part of a cron, and leaves the others alone', async () => {
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

  it('keeps whether a cron is activated when the file does not say it', async () => {
    await importXml(ADD);
    await importXml('<crons><cron uid="foogsuid" periodicity="*/9 * * * *"/></crons>');
    expect(await crons()).toMatchObject([{ activated: true, periodicity: '*/9 * * * *' }, {}, {}]);
  });
});

describe('Export', () => {
  it('writes the crons of the site', async () => {
    await importXml(ADD, DELETE_AND_REREGISTER, EDIT);
    expect(writeProfile(await readExported(world.ports, 'default'), 'xml')).toBe(
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
