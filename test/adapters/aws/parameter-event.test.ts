import { beforeEach, describe, expect, it } from 'vitest';
import { changedParameter } from '../../../lib/adapters/aws/parameter-event.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';

let logger: MemoryLogger;
beforeEach(() => {
  logger = new MemoryLogger();
});

const eventAbout = (name: unknown) => ({
  source: 'aws.ssm',
  'detail-type': 'Parameter Store Change',
  detail: { name, operation: 'Update', type: 'String' },
});

describe('changedParameter', () => {
  it.each([
    ['/cloudtab/shop/crontab', { site: 'shop' }],
    ['/cloudtab/shop/crons/backup', { site: 'shop', uid: 'backup' }],
    ['/cloudtab/Not Valid/crons/as written', { site: 'Not Valid', uid: 'as written' }],
  ])('changedParameter reads %s as the key %o', (name, key) => {
    expect(changedParameter('cloudtab', eventAbout(name), logger)).toEqual(key);
    expect(logger.lines).toEqual([]);
  });

  it('changedParameter logs the name of a parameter that is neither a crontab nor a cron', () => {
    const name = '/cloudtab/shop/secrets/key';
    expect(changedParameter('cloudtab', eventAbout(name), logger)).toBeUndefined();
    expect(logger.lines).toEqual([
      {
        level: 'info',
        message: `Ignored ${name}, which is neither a crontab nor a cron`,
        fields: { code: 'event-ignored', name },
      },
    ]);
  });

  it.each(['/other/shop/crontab', '/cloudtab/shop', ''])(
    'changedParameter ignores an event about %j and logs its name',
    (name) => {
      expect(changedParameter('cloudtab', eventAbout(name), logger)).toBeUndefined();
      expect(logger.lines).toMatchObject([{ level: 'info', fields: { code: 'event-ignored', name } }]);
    },
  );

  it('changedParameter logs an event that is absent', () => {
    expect(changedParameter('cloudtab', undefined, logger)).toBeUndefined();
    expect(logger.lines).toEqual([
      {
        level: 'warn',
        message: 'Ignored an event that names no parameter',
        fields: { code: 'event-ignored', got: 'nothing' },
      },
    ]);
  });

  it.each([null, 'text', 7, {}, { detail: null }, eventAbout(undefined), eventAbout(7)])(
    'changedParameter ignores the event %j and logs it',
    (event) => {
      expect(changedParameter('cloudtab', event, logger)).toBeUndefined();
      expect(logger.lines).toMatchObject([
        { level: 'warn', fields: { code: 'event-ignored', got: expect.any(String) } },
      ]);
    },
  );
});
