import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { JsonLogger } from '../../lib/system/json-logger.ts';

/** What a test writes to the log group. */
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

describe('lines of a Lambda', () => {
  test('they are JSON with time, level, service, message and fields', () => {
    const log = new JsonLogger({ service: 'cloudtab-run' }, 'DEBUG');
    log.debug('one', { uid: 'a' });
    log.info('two');
    log.warn('three', { count: 3 });
    log.error('four');
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
  ])('are written when the level of the function is %s', (level, written) => {
    vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', level);
    const log = new JsonLogger({}).with({ uid: 'a' });
    log.debug('x');
    log.info('x');
    log.warn('x');
    log.error('x');
    expect(lines.map((line) => line.level)).toEqual(written);
  });

  test('a logger with fields adds them to each of its lines, and to no other', () => {
    const log = new JsonLogger({});
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
});
