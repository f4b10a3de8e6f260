import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';

/** Milliseconds that bundling may take on a busy machine. */
const BUNDLING = 60_000;

const APP = fileURLToPath(new URL('../../bin/app.ts', import.meta.url));

it(
  'The app synthesizes one stack with the settings of the CDK context',
  () => {
    const folder = tempFolder();
    const context = {
      stack: 'Nightly',
      root: 'night',
      sites: 'default, shop',
      timezone: 'Europe/Paris',
      limits: '{"*": {"allowedHosts": ["api.example.com"]}}',
      access: [{ principal: '*', role: 'editor', sites: ['shop'] }],
      data: 'destroy',
      heartbeat: 'true',
      cronMetrics: 'true',
    };
    execFileSync(process.execPath, [APP], {
      env: {
        ...process.env,
        CDK_VALIDATION: 'true',
        CDK_OUTDIR: folder,
        CDK_CONTEXT_JSON: JSON.stringify(context),
      },
    });
    expect(readdirSync(folder).filter((file) => file.endsWith('.template.json'))).toEqual([
      'Nightly.template.json',
    ]);
    const template = readFileSync(join(folder, 'Nightly.template.json'), 'utf8');
    const { Resources } = JSON.parse(template);
    const setup = Object.keys(Resources).find((id) => /^CloudtabSetup[0-9A-F]{8}$/.test(id)) ?? '';
    expect(Resources[setup].Properties.Environment.Variables).toMatchObject({
      CLOUDTAB_ROOT: 'night',
      CLOUDTAB_TIMEZONE: 'Europe/Paris',
    });
    const resources: { Type: string; Properties: object }[] = Object.values(Resources);
    const propertiesOf = (type: string) => resources.find(({ Type }) => Type === type)?.Properties;
    expect(propertiesOf('Custom::CloudtabSetup')).toMatchObject({
      access: context.access,
      sites: ['default', 'shop'],
    });
    expect(propertiesOf('Custom::CloudtabLimits')).toMatchObject({
      limits: '{"*":{"allowedHosts":["api.example.com"]}}',
    });
    expect(template).toContain('"CLOUDTAB_HEARTBEAT": "true"');
    expect(template).toContain('"CLOUDTAB_CRON_METRICS": "true"');
    expect(template).not.toContain('"DeletionPolicy": "Retain"');
  },
  BUNDLING,
);
