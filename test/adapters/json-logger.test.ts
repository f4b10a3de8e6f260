import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { jsonLogger } from '../../lib/adapters/json-logger.ts';

/** The parsed lines that a test writes to standard output. */
let lines: Record<string, unknown>[];

beforeEach(() => {
  lines = [];
  vi.useFakeTimers({ now: Date.parse('2026-03-02T12:00:00Z'), toFake: ['Date'] });
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    expect(text).toMatch(/^[^\n]+\n$/);
    lines.push(JSON.parse(String(text)));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe('jsonLogger', () => {
  test('A line is JSON with timestamp, level, service, message and fields', () => {
    const logger = jsonLogger({ service: 'cloudtab-run' }, 'DEBUG');
    logger.debug('one', { uid: 'a' });
    logger.info('two');
    logger.warn('three', { count: 3 });
    logger.error('four');
    const always = { timestamp: '2026-03-02T12:00:00.000Z', service: 'cloudtab-run' };
    expect(lines).toEqual([
      { ...always, level: 'DEBUG', message: 'one', uid: 'a' },
      { ...always, level: 'INFO', message: 'two' },
      { ...always, level: 'WARN', message: 'three', count: 3 },
      { ...always, level: 'ERROR', message: 'four' },
    ]);
  });

  test.each([
    ['TRACE', ['DEBUG', 'INFO', 'WARN', 'ERROR']],
    ['DEBUG', ['DEBUG', 'INFO', 'WARN', 'ERROR']],
    [undefined, ['INFO', 'WARN', 'ERROR']],
    ['loud', ['INFO', 'WARN', 'ERROR']],
    ['WARN', ['WARN', 'ERROR']],
    ['ERROR', ['ERROR']],
    ['FATAL', []],
  ])('A logger of level %s writes lines of the levels %j', (level, written) => {
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', level);
    const logger = jsonLogger({}).with({ uid: 'a' });
    logger.debug('x');
    logger.info('x');
    logger.warn('x');
    logger.error('x');
    expect(lines.map((line) => line.level)).toEqual(written);
  });

  test('A logger with fields adds them to its own lines only', () => {
    const logger = jsonLogger({});
    const cronLogger = logger.with({ site: 'site', uid: 'a' });
    const runLogger = cronLogger.with({ runId: 'run-1', uid: 'b' });
    runLogger.info('inner', { extra: 1 });
    cronLogger.warn('middle');
    logger.info('outer');
    expect(lines).toMatchObject([
      { message: 'inner', site: 'site', uid: 'b', runId: 'run-1', extra: 1 },
      { message: 'middle', site: 'site', uid: 'a' },
      { message: 'outer' },
    ]);
    expect(lines[1]).not.toHaveProperty('runId');
    expect(lines[2]).not.toHaveProperty('site');
  });
});
