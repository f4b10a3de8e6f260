import { stripVTControlCharacters } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LogDump } from '../../../lib/core/domain/log.ts';
import { Printer } from '../../../lib/surfaces/cli/printer.ts';
import { NOON } from '../../support/jobs.ts';

let printed: string;
let printer: Printer;
let width: number | undefined;
beforeEach(() => {
  printed = '';
  width = undefined;
  printer = new Printer(
    (text) => (printed += stripVTControlCharacters(text)),
    () => NOON,
    () => width,
  );
});

/** The printed lines without the time of day, which depends on the time zone of the machine. */
const lines = () =>
  printed
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\d\d:\d\d:\d\d {2}/, ''));

const log = (rest: Partial<LogDump> = {}): LogDump => ({
  id: '1',
  plannedAt: '2026-03-02T12:00:00Z',
  startedAt: '2026-03-02T12:00:00.100Z',
  date: '2026-03-02T12:00:02.600Z',
  status: 'OK',
  messages: [],
  ...rest,
});

function finish(rest: Partial<LogDump>): void {
  const detail = { site: 'shop', uid: 'a', name: 'task', plannedAt: '2026-03-02T12:00:00Z', log: log(rest) };
  printer.event({ type: 'FinishedCronJob', detail }, { timezone: 'Europe/Paris' });
}

describe('Printer.event', () => {
  it.each([
    ['that ended well', {}, 'shop/a                   ✓ OK in 2.5 s'],
    [
      'with messages',
      { status: 'WARN', messages: ['one', 'two'] } as const,
      'shop/a                   ! WARN in 2.5 s one two',
    ],
    [
      'that started late',
      { startedAt: '2026-03-02T12:03:00.000Z', date: '2026-03-02T12:03:01.000Z' },
      'shop/a                   ✓ OK in 1 s (planned 2026-03-02 13:00 CET)',
    ],
    [
      'that did not happen',
      {
        status: 'NOTRUN',
        startedAt: undefined,
        reason: 'missed',
        messages: ['Missed at 2026-03-02T10:00:00Z.'],
        covers: { from: '2026-03-02T10:00:00Z', count: 3 },
      } as const,
      'shop/a                   – NOTRUN (planned 2026-03-02 13:00 CET) for 3 planned times since 2026-03-02 11:00 CET Missed at 2026-03-02 11:00 CET.',
    ],
  ])('Printer prints a run %s on one line', (_, rest, expected) => {
    finish(rest);
    expect(lines()).toEqual([expected]);
  });

  it('Printer breaks a line between words at the width of the terminal, below its text', () => {
    width = 80;
    const reason = 'exit code 2: cannot access /mnt/a-folder-with-a-name-that-is-longer-than-the-column now';
    finish({ status: 'FAILURE', messages: [reason] });
    const indent = ' '.repeat(27);
    expect(lines()).toEqual([
      'shop/a                   ✗ FAILURE in 2.5 s exit code 2: cannot access',
      `          ${indent}/mnt/a-folder-with-a-name-that-is-longer-than-the-column`,
      `          ${indent}now`,
    ]);
  });

  it('Printer names the site and the cron, or the crontab, of an edit, a rejection and a timer in each line', () => {
    const zone = { timezone: 'Europe/Paris' };
    const crontab = { site: 'shop', version: 2 };
    const detail = { ...crontab, uid: 'a' };
    const problem = { where: 'name', got: '7', wanted: 'a text', fix: 'Write one.' };
    printer.event(
      { type: 'ModifiedCrontab', detail: { ...detail, change: 'saved' } },
      { ...zone, changes: 'timeout from 1 to 2' },
    );
    printer.event({ type: 'ModifiedCrontab', detail: { ...crontab, change: 'removed' } }, zone);
    printer.event(
      { type: 'RejectedParameter', detail: { ...detail, problems: [problem] } },
      { ...zone, hasValid: true },
    );
    printer.event({ type: 'RejectedParameter', detail: { ...crontab, problems: [] } }, zone);
    const timer = { site: 'shop', uid: 'a' };
    printer.event(
      { type: 'CrontabSynchronisation', detail: { ...timer, armed: '2026-03-02T12:01:00Z' } },
      zone,
    );
    printer.event({ type: 'CrontabSynchronisation', detail: timer }, zone);
    expect(lines()).toEqual([
      'shop/a                   ~ saved: timeout from 1 to 2',
      'shop/crontab             ~ removed',
      'shop/a                   ✗ The edit is not valid; the last valid version stays in force.',
      'shop/a                       name: got 7, wanted a text. Write one.',
      'shop/crontab             ✗ The edit is not valid; no version has been valid, so nothing runs.',
      'shop/a                   · next run in 1 minute, at 2026-03-02 13:01 CET',
      'shop/a                   · no next run',
    ]);
  });

  it('Printer prints no line for a ServerRestart event', () => {
    printer.event({ type: 'ServerRestart', detail: { sites: [] } }, { timezone: 'UTC' });
    expect(printed).toBe('');
  });
});

describe('Printer as a logger', () => {
  it('Printer prints a log line of a runner beside the site and the uid of its cron', () => {
    printer.with({ site: 'shop', uid: 'a' }).info('Hello');
    expect(lines()).toEqual(['shop/a                   │ Hello']);
  });

  it('Printer prints only those warnings and errors of the system that no event reports', () => {
    printer.debug();
    printer.info('Accepted', { code: 'parameter-saved' });
    printer.warn('Rejected', { code: 'parameter-rejected' });
    printer.error('The run failed', { code: 'run-failed' });
    printer.warn('Made a timer that was lost', { code: 'timer-lost', site: 'shop', uid: 'a' });
    printer.error('run failed: the disk is gone', { code: 'x' });
    expect(lines()).toEqual([
      'shop/a                   ! Made a timer that was lost',
      '                         ✗ run failed: the disk is gone',
    ]);
  });
});
