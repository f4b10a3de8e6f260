import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileLogger } from '../../../lib/adapters/local/file-logger.ts';
import { LogFolder } from '../../../lib/adapters/local/log-folder.ts';
import { NOON } from '../../support/jobs.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

it('The logger of a folder writes each line with site, uid and run id and passes it on', () => {
  const folder = join(tempFolder(), 'logs');
  const nextLogger = new MemoryLogger();
  const logger = fileLogger(new LogFolder(folder, () => {}), new VirtualClock(NOON), nextLogger)
    .with({ site: 's', uid: 'a' })
    .with({ runId: 'r' });
  logger.debug('one');
  logger.info('two', { count: 2 });
  logger.warn('three');
  logger.error('four', { error: new TypeError('no') });
  const lines = readFileSync(join(folder, '2026-03-02.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const common = { timestamp: '2026-03-02T12:00:00.000Z', site: 's', uid: 'a', runId: 'r' };
  expect(lines).toEqual([
    { ...common, level: 'DEBUG', message: 'one' },
    { ...common, level: 'INFO', message: 'two', count: 2 },
    { ...common, level: 'WARN', message: 'three' },
    {
      ...common,
      level: 'ERROR',
      message: 'four',
      error: { name: 'TypeError', message: 'no', stack: expect.stringMatching(/^at /) },
    },
  ]);
  expect(nextLogger.lines.map(({ level, message, fields }) => [level, message, fields.runId])).toEqual([
    ['debug', 'one', 'r'],
    ['info', 'two', 'r'],
    ['warn', 'three', 'r'],
    ['error', 'four', 'r'],
  ]);
});
