import { beforeEach, describe, expect, it } from 'vitest';
import { changedParameter } from '../../lib/aws/parameter-event.ts';
import { MemoryLogger } from '../support/memory-logger.ts';

let log: MemoryLogger;
beforeEach(() => {
  log = new MemoryLogger();
});

const eventAbout = (name: unknown) => ({
  source: 'aws.ssm',
  'detail-type': 'Parameter Store Change',
  detail: { name, operation: 'Update', type: 'String' },
});

describe('the event of a changed parameter', () => {
  it.each([
    ['/cloudtab/shop/crontab', { site: 'shop' }],
    ['/cloudtab/shop/crons/backup', { site: 'shop', uid: 'backup' }],
    ['/cloudtab/Not Valid/crons/as written', { site: 'Not Valid', uid: 'as written' }],
  ])('%s is about %o', (name, key) => {
    expect(changedParameter('cloudtab', eventAbout(name), log)).toEqual(key);
    expect(log.lines).toEqual([]);
  });

  it.each(['/cloudtab/shop/secrets/key', '/other/shop/crontab', '/cloudtab/shop', ''])(
    'ignores %o with a line that names it',
    (name) => {
      expect(changedParameter('cloudtab', eventAbout(name), log)).toBeUndefined();
      expect(log.lines).toEqual([
        {
          level: 'info',
          message: `Ignored ${name}: it is neither a crontab nor a cron`,
          fields: { code: 'event-ignored', name },
        },
      ]);
    },
  );

  it.each([undefined, null, 'text', 7, {}, { detail: null }, eventAbout(undefined), eventAbout(7)])(
    'ignores %j with a line that shows it',
    (event) => {
      expect(changedParameter('cloudtab', event, log)).toBeUndefined();
      expect(log.messages('warn')).toEqual(['Ignored an event that names no parameter']);
    },
  );
});
