import { expect, it } from 'vitest';
import { openFolderTarget } from '../../../lib/adapters/local/folder-target.ts';
import { SAMPLE_UID, writeSample } from '../../../lib/adapters/local/sample.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { tempFolder } from '../../support/temp-folder.ts';

it('The sample is a valid crontab with a cron that is active and one that is not', async () => {
  const logger = new MemoryLogger();
  await using target = await openFolderTarget(tempFolder(), { runners: {}, logger });
  await writeSample(target.ports.registry, 'shop', 'Asia/Kolkata');
  await target.maintenance.repair(logger);
  const { crontab, crons } = await target.ports.store.readSite('shop');
  expect(crontab?.value).toMatchObject({ activated: true, timezone: 'Asia/Kolkata' });
  expect(crons.map(({ uid, cron }) => [uid, cron?.value?.activated])).toEqual([
    [SAMPLE_UID, true],
    ['nightly', false],
  ]);
});
