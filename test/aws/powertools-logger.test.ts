import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Level, PowertoolsLogger } from '../../lib/aws/powertools-logger.ts';

/** The lines that a block writes to the log group. */
let lines: Record<string, unknown>[];

beforeEach(() => {
  lines = [];
  // Powertools writes to the global console in this mode, and past it otherwise.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  for (const method of ['debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => {
      lines.push(JSON.parse(line));
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('lines of a Lambda', () => {
  test('they are JSON with level, service, message and fields', () => {
    const log = PowertoolsLogger.make('cloudtab-run', 'DEBUG');
    log.debug('one', { uid: 'a' });
    log.info('two');
    log.warn('three', { count: 3 });
    log.error('four');
    expect(lines).toMatchObject([
      { level: 'DEBUG', service: 'cloudtab-run', message: 'one', uid: 'a' },
      { level: 'INFO', message: 'two' },
      { level: 'WARN', message: 'three', count: 3 },
      { level: 'ERROR', message: 'four' },
    ]);
    expect(lines[1]).not.toHaveProperty('uid');
  });

  test.each<[Level | undefined, string[]]>([
    [undefined, ['INFO', 'WARN', 'ERROR']],
    ['ERROR', ['ERROR']],
  ])('of level %s and above are written', (level, written) => {
    const log = PowertoolsLogger.make('cloudtab-run', level);
    log.debug('x');
    log.info('x');
    log.warn('x');
    log.error('x');
    expect(lines.map((line) => line.level)).toEqual(written);
  });

  test('a logger with fields adds them to each of its lines, and to no other', () => {
    const log = PowertoolsLogger.make('cloudtab-run');
    const cron = log.with({ site: 'site', uid: 'a' });
    const run = cron.with({ runId: 'run-1', uid: 'b' });
    run.info('inner', { extra: 1 });
    cron.warn('middle');
    log.info('outer');
    expect(lines).toMatchObject([
      { message: 'inner', site: 'site', uid: 'b', runId: 'run-1', extra: 1 },
      { message: 'middle', site: 'site', uid: 'a' },
      { message: 'outer' },
    ]);
    expect(lines[1]).not.toHaveProperty('runId');
    expect(lines[2]).not.toHaveProperty('site');
  });

  test('an error is a field with name, message, stack and cause', () => {
    const error = new TypeError('broken', { cause: new Error('deeper') });
    PowertoolsLogger.make('cloudtab-run').error('it failed', { error });
    expect(lines).toMatchObject([
      {
        message: 'it failed',
        error: {
          name: 'TypeError',
          message: 'broken',
          stack: expect.anything(),
          cause: { message: 'deeper' },
        },
      },
    ]);
  });
});
