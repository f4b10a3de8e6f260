import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { followLogs, showLogs } from '../../lib/cli/logs.ts';
import { listCrons } from '../../lib/cli/ls.ts';
import { main } from '../../lib/cli/main.ts';
import { explain } from '../../lib/cli/next.ts';
import { showCron } from '../../lib/cli/show.ts';
import { openTarget } from '../../lib/cli/target.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { typing } from './typed.ts';

const t = typing();
const DAILY = { name: 'heartbeat', periodicity: '@daily' };

describe('cloudtab show', () => {
  it('tells the definition, the next runs and the last ones, with times both ways', async () => {
    t.write('a', {
      ...DAILY,
      user: 'alice',
      overlap: 'allow',
      timeout: '2m',
      environ: { warn: 'careful', seconds: 0 },
      timezone: 'Europe/Paris',
    });
    await t.cloudtab('run', 'a');
    const printed = await t.printed('show', 'a');
    expect(printed).toMatch(/^cron +default\/a$/m);
    expect(printed).toMatch(/^status +! warning$/m);
    expect(printed).toMatch(/^schedule +@daily \(At 00:00\), Europe\/Paris$/m);
    expect(printed).toMatch(/^user +alice$/m);
    expect(printed).toMatch(/^overlap +allow\ntimeout +120 s$/m);
    expect(printed).toMatch(/^environ +warn: careful\n +seconds: 0$/m);
    expect(printed).toMatch(
      /^next runs +\d{4}-\d\d-\d\dT\d\d:00:00Z, in .+ \(\w{3} \d{4}-\d\d-\d\d 00:00 \S+\)/m,
    );
    expect(printed).toMatch(/^last runs +! WARN in \d+ ms, \d{4}-\S+Z, .+ ago: careful$/m);
    expect(printed).toMatch(/^changed +\d{4}-\S+Z, .+ ago, version 1$/m);
  });

  it('tells why the latest version is not in force', async () => {
    t.write('a', { name: 'heartbeat', periodicity: '0 * * *' });
    expect(await t.printed('show', 'a')).toMatch(/^rejected +periodicity: got 4 fields/m);
    expect(JSON.parse(await t.printed('show', 'a', '--json'))).toMatchObject({
      health: 'broken',
      nextRuns: [],
      problems: [{ where: 'periodicity' }],
    });
  });

  it('breaks long lines where the terminal ends', async () => {
    t.write('a', { ...DAILY, environ: { message: 'word '.repeat(40) } });
    await using target = await openTarget({ dir: t.dir });
    const lines = (await showCron(target, 'default', 'a', { width: 60 })).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines.join('').match(/word/g)).toHaveLength(40);
  });
});

describe('cloudtab ls', () => {
  it('fits the terminal; a wide one has schedules in words', async () => {
    t.write('a-cron-with-a-long-name', { ...DAILY, environ: { warn: 'a long message '.repeat(9) } });
    await t.cloudtab('run', 'a-cron-with-a-long-name');
    await using target = await openTarget({ dir: t.dir });
    for (const width of [60, 80, 120]) {
      const lines = (await listCrons(target, 'default', { width })).split('\n').slice(1);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      expect(lines.join().includes('At 00:00')).toBe(width >= 110);
    }
  });

  it('cuts no uid and no time, and has messages below their rows where there is no room', async () => {
    t.write('every-minute', { ...DAILY, environ: { warn: 'a long message '.repeat(9) } });
    await t.cloudtab('run', 'every-minute');
    await using target = await openTarget({ dir: t.dir });
    for (const options of [{ width: 80 }, { width: 80, absolute: true }, { width: 40 }] as const) {
      const printed = await listCrons(target, 'default', options);
      expect(printed).toContain('every-minute');
      expect(printed).not.toContain('…');
    }
    const absolute = await listCrons(target, 'default', { width: 80, absolute: true });
    expect(absolute).toMatch(
      /^STATUS +UID +SCHEDULE +NEXT +LAST\n.*! warning.* every-minute {2}@daily +\S+T00:00:00Z {2}\S+Z\n {2}a long/m,
    );
    expect(await listCrons(target, 'default', { width: 40 })).toMatch(/^UID +every-minute$/m);
  });

  it('tells times as they are with --absolute', async () => {
    t.write('a', DAILY);
    expect(await t.printed('ls', '--absolute')).toMatch(/ \d{4}-\d\d-\d\dT00:00:00Z$/m);
  });
});

describe('a file where a folder is wanted', () => {
  it.each(['ls', 'start'])('is told by cloudtab %s, with what to do', async (command) => {
    const file = join(t.dir, 'crons.yaml');
    writeFileSync(file, '');
    expect(await main([command, '--dir', file])).toBe(1);
    expect(t.err).toBe(
      `cloudtab: The folder ${join(file, 'logs')} cannot be made: ENOTDIR: not a directory, mkdir '${join(file, 'logs')}'. ` +
        'Name a folder that you can write to, or move away the file that is in its place.\n',
    );
  });
});

describe('cloudtab logs', () => {
  it('breaks the reason of a failure between words, and cuts no run id', async () => {
    t.write('a', { ...DAILY, environ: { fail: 'there is no route to the host, '.repeat(9) } });
    await t.cloudtab('run', 'a');
    await using target = await openTarget({ dir: t.dir });
    for (const options of [{ width: 80 }, { width: 80, absolute: true }, { width: 40 }] as const) {
      const printed = await showLogs(target, 'default', 'a', options);
      expect(printed).toMatch(/ p\d+-\w{8}-\w{4}$| {2}p\d+-\w{8}-\w{4} /m);
      expect(printed).not.toContain('…');
      expect(printed.match(/route/g)).toHaveLength(9);
      expect(Math.max(...printed.split('\n').map((line) => line.length))).toBeLessThanOrEqual(options.width);
    }
  });
});

describe('cloudtab next', () => {
  const clock = new VirtualClock(Date.parse('2027-03-27T12:00:00Z'));

  it('explains an expression in words, with its next runs and what the clock does to them', () => {
    const { text, valid } = explain(clock, '30 2 * * *', { tz: 'Europe/Paris', count: '2' });
    expect(valid).toBe(true);
    expect(text).toBe(
      [
        'At 02:30, Europe/Paris',
        'Sun 2027-03-28 03:00 CEST  2027-03-28T01:00:00Z  in 13 h      The clock goes from 02:00 to 03:00: a time in between does not exist that day, so it runs at 03:00.',
        'Mon 2027-03-29 02:30 CEST  2027-03-29T00:30:00Z  in 1 d 12 h',
      ].join('\n'),
    );
  });

  it('breaks its words where the terminal ends', () => {
    const { text } = explain(clock, '5,35 8-17 1-7 jan,apr mon-fri', { tz: 'UTC', count: '1', width: 40 });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(text.replaceAll('\n', ' ')).toContain('only in January and April, UTC');
  });

  it('needs no crontab, and exits by whether the expression is good', async () => {
    expect(await t.cloudtab('ls', '--site', 'x')).toBe(1);
    t.out = '';
    expect(await main(['next', '@daily', '--tz', 'UTC', '--count', '50', '--json'])).toBe(0);
    expect(JSON.parse(t.out)).toMatchObject({ words: 'At 00:00', problems: [] });
    expect(JSON.parse(t.out).runs).toHaveLength(50);
    t.out = '';
    expect(await main(['next', '61 * * * *', '--tz', 'Europe/Pris'])).toBe(1);
    expect(t.out).toBe('');
    expect(t.err).toMatch(/cloudtab: periodicity: .*\ncloudtab: timezone: .*Europe\/Paris.*\n$/);
    expect(await main(['next', '61 * * * *', '--json'])).toBe(1);
    expect(JSON.parse(t.out).problems).toHaveLength(1);
  });

  it.each(['abc', '0', '51', '-1', '1.5', ''])('refuses to show %s runs', async (count) => {
    expect(await main(['next', '@daily', `--count=${count}`])).toBe(1);
    expect(t.err).toBe(
      `cloudtab: --count: got "${count}", wanted a whole number from 1 to 50. Choose one, or leave it out for 5.\n`,
    );
  });

  it('says that H depends on the uid', () => {
    const options = { tz: 'UTC', count: '1' };
    const note = 'Where "H" lies depends on the uid: say which with --uid.';
    expect(explain(clock, 'H H * * *', options).text.split('\n').at(-1)).toBe(note);
    expect(JSON.parse(explain(clock, '5,h(1-3) * * * *', { ...options, json: true }).text)).toMatchObject({
      note,
    });
    for (const text of [
      explain(clock, 'H H * * *', { ...options, uid: 'a' }).text,
      explain(clock, '0 0 * mar thu', options).text,
      explain(clock, '@hourly', { ...options, json: true }).text,
    ]) {
      expect(text).not.toContain('depends on the uid');
    }
  });
});

describe('cloudtab logs -f', () => {
  it('tells what is there, oldest first, and then each log as it comes', async () => {
    t.write('a', { ...DAILY, environ: { warn: 'one' } });
    await t.cloudtab('run', 'a');
    await using target = await openTarget({ dir: t.dir });
    const stop = new AbortController();
    const told: string[] = [];
    const options = { signal: stop.signal, tell: (line: string) => void told.push(line) };
    const following = followLogs(target, 'default', 'a', options);
    await vi.waitFor(() => expect(told).toHaveLength(1), 5000);
    expect(told[0]).toMatch(/^\d{4}-\S+Z, .+ ago {2}.*! WARN.* in \d+ ms one$/);
    t.write('a', { ...DAILY, environ: { warn: 'two' } });
    await t.cloudtab('run', 'a');
    await vi.waitFor(() => expect(told).toHaveLength(2), 5000);
    stop.abort();
    await following;
  });

  it('prints a JSON line for each with --json, until Ctrl-C', async () => {
    t.write('a', DAILY);
    await t.cloudtab('run', 'a');
    t.out = '';
    const ended = t.cloudtab('logs', 'a', '--follow', '--json');
    await vi.waitFor(() => expect(t.out).toMatch(/\n$/), 5000);
    process.emit('SIGINT', 'SIGINT');
    expect(await ended).toBe(0);
    expect(JSON.parse(t.out)).toMatchObject({ status: 'OK' });
  });

  it('explains a mistyped uid', async () => {
    expect(await t.cloudtab('logs', 'a', '-f')).toBe(1);
    expect(t.err).toContain('There is no cron "a"');
  });
});
