// cspell:ignore Pris
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { openDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { preview } from '../../../lib/app/operations/preview.ts';
import { openClient } from '../../../lib/client/chosen-target.ts';
import { cronNotFound } from '../../../lib/core/domain/not-found.ts';
import { listCrons } from '../../../lib/surfaces/cli/ls.ts';
import { main } from '../../../lib/surfaces/cli/main.ts';
import { explain } from '../../../lib/surfaces/cli/next.ts';
import { followRecords } from '../../../lib/surfaces/cli/records.ts';
import { showCron } from '../../../lib/surfaces/cli/show.ts';
import { clientOn } from '../../support/client.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { makeWorld } from '../../support/world.ts';
import { commandLine } from './command-line.ts';

const t = commandLine();
const DAILY = { name: 'heartbeat', periodicity: '@daily' };

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map(({ length }) => length));
}

describe('cloudtab show', () => {
  it('cloudtab show says how long the runs of a cron usually take, once it has five', async () => {
    t.write('a', DAILY);
    for (let run = 1; run <= 4; run++) await t.cloudtab('run', 'a');
    expect(await t.outputOf('show', 'a')).not.toContain('usually');
    await t.cloudtab('run', 'a');
    expect(await t.outputOf('show', 'a')).toMatch(/^usually +\d+ ms, and 95 % of the runs at most \d+ ms$/m);
  });

  it('cloudtab show prints the definition, the next runs and the last ones, with absolute and relative times', async () => {
    t.write('a', {
      ...DAILY,
      user: 'alice',
      overlap: 'allow',
      timeout: '2m',
      environ: { warn: 'careful', seconds: 0 },
      timezone: 'Europe/Paris',
    });
    await t.cloudtab('run', 'a');
    const output = await t.outputOf('show', 'a');
    expect(output).toMatch(/^cron +default\/a$/m);
    expect(output).toMatch(/^status +! warning$/m);
    expect(output).toMatch(/^schedule +@daily \(At 00:00\), Europe\/Paris$/m);
    expect(output).toMatch(/^user +alice$/m);
    expect(output).toMatch(/^overlap +allow\ntimeout +120 s$/m);
    expect(output).toMatch(/^environ +warn: careful\n +seconds: 0$/m);
    expect(output).toMatch(/^next runs +\w{3} \d+ \w+ \d{4} 00:00 CES?T, in .+$/m);
    expect(output).toMatch(
      /^last runs +! WARN in \d+ ms, \d{4}-\S+ [\d:]+ CES?T, (?:now|.+ ago), requested by .+: careful$/m,
    );
    const { nextRuns } = await t.jsonOf('show', 'a');
    expect(nextRuns).toHaveLength(5);
    expect(nextRuns[0].plannedAt).toMatch(/T2[23]:00:00Z$/);
    expect(output).toMatch(/^changed +\d{4}-\S+ [\d:]+ CES?T, (?:now|.+ ago), version 1$/m);
  });

  it('cloudtab show prints the problems of a latest version that was rejected', async () => {
    t.write('a', { name: 'heartbeat', periodicity: '0 * * *' });
    expect(await t.outputOf('show', 'a')).toMatch(/^rejected +periodicity: got /m);
    expect(await t.jsonOf('show', 'a')).toMatchObject({
      health: 'broken',
      nextRuns: [],
      parameter: { problems: [{ where: 'periodicity' }] },
    });
  });

  it('cloudtab show prints the runs in progress', async () => {
    t.write('a', { ...DAILY, environ: { seconds: 2 } });
    const end = t.cloudtab('run', 'a', '--json');
    const inProgress = /^running +since .*, run p\d+-\w{8}-\w{4}, requested by .+$/m;
    await vi.waitFor(async () => expect(await t.outputOf('show', 'a')).toMatch(inProgress), 5000);
    expect(await end).toBe(0);
    expect(await t.outputOf('show', 'a')).not.toMatch(inProgress);
  });

  it('cloudtab show --json names the user who forced a run', async () => {
    t.write('a', DAILY);
    await t.cloudtab('run', 'a');
    expect((await t.jsonOf('show', 'a')).logs).toMatchObject([{ requestedBy: userInfo().username }]);
  });

  it('cloudtab show and ls print why a cron cannot be read, and list the others', async () => {
    t.write('a', DAILY);
    t.write('b', DAILY);
    await t.cloudtab('run', 'a');
    const database = openDatabase(folderOf(t.dir).database);
    database.exec("UPDATE job SET body = '{'");
    database.close();
    const problem = { where: 'stored state', got: 'its job is no object' };
    const shown = await t.outputOf('show', 'a');
    expect(shown).toMatch(/^status +✗ broken$/m);
    expect(shown).toMatch(/^unreadable +stored state: got its job is no object, wanted /m);
    expect(shown).toMatch(/^changed /m);
    expect(await t.jsonOf('show', 'a')).toMatchObject({
      health: 'broken',
      unreadable: problem,
      nextRuns: [],
    });
    const list = await t.outputOf('ls');
    expect(list).toMatch(/^✗ broken +a /m);
    expect(list).toMatch(/^· new +b +heartbeat/m);
    expect(list).toContain('! a cannot be read and does not run. stored state: got its job is no object');
    expect((await t.jsonOf('ls')).crons).toMatchObject([
      { uid: 'a', unreadable: problem },
      { uid: 'b', health: 'new' },
    ]);
  });

  it('cloudtab show prints no version of a definition that cannot be read', async () => {
    const world = makeWorld();
    await world.save('a', DAILY);
    world.damage('projection', 'a', '{');
    const shown = await showCron(clientOn(world.ports), 'default', 'a');
    world.close();
    expect(shown).toContain('its cron is no object');
    expect(shown).not.toContain('changed');
  });

  it('cloudtab show breaks long lines at the width of the terminal', async () => {
    t.write('a', { ...DAILY, environ: { message: 'word '.repeat(40) } });
    await using target = await openClient({ dir: t.dir });
    const output = await showCron(target, 'default', 'a', { width: 60 });
    expect(widthOf(output)).toBeLessThanOrEqual(60);
    expect(output.match(/word/g)).toHaveLength(40);
  });
});

describe('cloudtab ls', () => {
  it('cloudtab ls fits the width of the terminal and describes periodicities in words on a wide one', async () => {
    t.write('a-cron-with-a-long-name', { ...DAILY, environ: { warn: 'a long message '.repeat(9) } });
    await t.cloudtab('run', 'a-cron-with-a-long-name');
    await using target = await openClient({ dir: t.dir });
    for (const width of [60, 80, 120]) {
      const lines = (await listCrons(target, 'default', { width })).split('\n').slice(1);
      expect(widthOf(lines.join('\n'))).toBeLessThanOrEqual(width);
      expect(lines.join().includes('At 00:00')).toBe(width >= 110);
    }
  });

  it('cloudtab ls cuts no uid and no time, and prints messages below their rows where there is no room', async () => {
    t.write('every-minute', { ...DAILY, environ: { warn: 'a long message '.repeat(9) } });
    await t.cloudtab('run', 'every-minute');
    await using target = await openClient({ dir: t.dir });
    for (const options of [{ width: 80 }, { width: 80, absolute: true }, { width: 40 }] as const) {
      const output = await listCrons(target, 'default', options);
      expect(output).toContain('every-minute');
      expect(output).not.toContain('…');
    }
    const absolute = await listCrons(target, 'default', { width: 80, absolute: true });
    expect(absolute).toMatch(
      /^STATUS +UID +SCHEDULE +NEXT +LAST\n.*! warning.* every-minute {2}@daily +\S+ 00:00 UTC {2}\S+ [\d:]+ UTC\n {2}a long/m,
    );
    expect(await listCrons(target, 'default', { width: 40 })).toMatch(/^UID +every-minute$/m);
  });

  it('cloudtab ls --absolute prints times in the zone of the crontab, with its abbreviation', async () => {
    t.write(undefined, { timezone: 'Asia/Tokyo' });
    t.write('a', { ...DAILY, timezone: 'Europe/London' });
    expect(await t.outputOf('ls', '--absolute')).toMatch(/ \d{4}-\d\d-\d\d 0[89]:00 GMT\+9$/m);
  });
});

it.each(['ls', 'start'])(
  'cloudtab %s explains that --dir names a file, and how to fix it',
  async (command) => {
    const file = join(t.dir, 'crons.yaml');
    writeFileSync(file, '');
    expect(await main([command, '--dir', file])).toBe(1);
    expect(t.err).toBe(
      `cloudtab: Cannot create the folder ${join(file, 'logs')}: ENOTDIR: not a directory, mkdir '${join(file, 'logs')}'. ` +
        'Choose a writable folder, or move away the file at this path.\n',
    );
  },
);

describe('cloudtab next', () => {
  const clock = new VirtualClock(Date.parse('2027-03-27T12:00:00Z'));

  it('cloudtab next describes a periodicity in words and lists its next runs with the clock changes near them and the one after', () => {
    const { runs } = preview({ clock }, { periodicity: '30 2 * * *', timezone: 'Europe/Paris', count: 1 });
    const remark = runs[0]?.remark;
    expect(remark).toMatch(/02:00.*03:00/);
    const { text, valid } = explain(clock, '30 2 * * *', { timezone: 'Europe/Paris', count: '2' });
    expect(valid).toBe(true);
    expect(text).toBe(
      [
        'At 02:30, Europe/Paris',
        `Sun 28 Mar 2027 03:00 CEST  2027-03-28T01:00:00Z  in 13 hours  ${remark}`,
        'Mon 29 Mar 2027 02:30 CEST  2027-03-29T00:30:00Z  in 1 day',
        'On 2027-10-31 the clock of Europe/Paris goes back from 03:00 to 02:00: 02:30 comes twice, and it runs the first time.',
      ].join('\n'),
    );
    const inJson = explain(clock, '30 2 * * *', { timezone: 'Europe/Paris', count: '2', json: true }).text;
    expect(JSON.parse(inJson).clockChange).toBe(text.split('\n')[3]);
  });

  it('cloudtab next breaks the description at the width of the terminal', () => {
    const { text } = explain(clock, '5,35 8-17 1-7 jan,apr mon-fri', {
      timezone: 'UTC',
      count: '1',
      width: 40,
    });
    expect(widthOf(text)).toBeLessThanOrEqual(40);
    expect(text.replaceAll('\n', ' ')).toContain('only in January and April, UTC');
  });

  it('cloudtab next needs no crontab and exits with 2 when the periodicity or the time zone is not valid', async () => {
    expect(await t.cloudtab('ls', '--site', 'x')).toBe(1);
    t.out = '';
    expect(await main(['next', '@daily', '--timezone', 'UTC', '--count', '50', '--json'])).toBe(0);
    expect(JSON.parse(t.out)).toMatchObject({ words: 'At 00:00', problems: [] });
    expect(JSON.parse(t.out).runs).toHaveLength(50);
    t.out = '';
    expect(await main(['next', '61 * * * *', '--timezone', 'Europe/Pris'])).toBe(2);
    expect(t.out).toBe('');
    expect(t.err).toMatch(/cloudtab: periodicity: .*\ncloudtab: timezone: .*Europe\/Paris.*\n$/);
    expect(await main(['next', '61 * * * *', '--json'])).toBe(2);
    expect(JSON.parse(t.out).problems).toHaveLength(1);
  });

  it.each(['0', '51', '-1', '1.5', ''])('cloudtab next rejects --count=%s', async (count) => {
    expect(await main(['next', '@daily', `--count=${count}`, '--json'])).toBe(2);
    expect(JSON.parse(t.out).error.problems).toMatchObject([
      { where: '--count', got: JSON.stringify(count) },
    ]);
  });

  it('cloudtab next explains which counts it accepts', async () => {
    expect(await main(['next', '@daily', '--count=abc'])).toBe(2);
    expect(t.err).toBe(
      'cloudtab: --count: got "abc", wanted a whole number from 1 to 50. Choose one, or omit the option for 5.\n',
    );
  });

  it('cloudtab next notes that the meaning of H depends on the uid, unless --uid is given', () => {
    const options = { timezone: 'UTC', count: '1' };
    const note = 'The value of "H" depends on the uid: set it with --uid.';
    expect(explain(clock, 'H H * * *', options).text.split('\n').at(-1)).toBe(note);
    expect(JSON.parse(explain(clock, '5,h(1-3) * * * *', { ...options, json: true }).text)).toMatchObject({
      note,
    });
    for (const text of [
      explain(clock, 'H H * * *', { ...options, uid: 'a' }).text,
      explain(clock, '0 0 * mar thu', options).text,
      explain(clock, '@hourly', { ...options, json: true }).text,
    ]) {
      expect(text).not.toContain(note);
    }
  });
});

describe('cloudtab runs -f', () => {
  it('cloudtab runs -f prints the existing run records, oldest first, and then each new one', async () => {
    t.write('a', { ...DAILY, environ: { warn: 'one' } });
    await t.cloudtab('run', 'a');
    await using target = await openClient({ dir: t.dir });
    const stop = new AbortController();
    const lines: string[] = [];
    const options = { signal: stop.signal, print: (line: string) => void lines.push(line) };
    const end = followRecords(target, 'default', 'a', options);
    await vi.waitFor(() => expect(lines).toHaveLength(1), 5000);
    expect(lines[0]).toMatch(/^\d{4}-\S+ [\d:]+ \w+, (?:now|.+ ago) {2}.*! WARN.* in \d+ ms one$/);
    t.write('a', { ...DAILY, environ: { warn: 'two' } });
    await t.cloudtab('run', 'a');
    await vi.waitFor(() => expect(lines).toHaveLength(2), 5000);
    stop.abort();
    await end;
  });

  it('cloudtab runs -f --json prints each run record as a line of JSON until Ctrl-C', async () => {
    t.write('a', DAILY);
    await t.cloudtab('run', 'a');
    t.out = '';
    const exitCode = t.cloudtab('runs', 'a', '--follow', '--json');
    await vi.waitFor(() => expect(t.out).toMatch(/\n$/), 5000);
    process.emit('SIGINT', 'SIGINT');
    expect(await exitCode).toBe(0);
    expect(JSON.parse(t.out)).toMatchObject({ status: 'OK' });
  });

  it('cloudtab runs -f explains that the uid does not exist, or that one is needed', async () => {
    expect(await t.cloudtab('runs', '-f')).toBe(2);
    expect(t.err).toContain('runs: got no uid, wanted a uid with --follow or --delete.');
    t.err = '';
    expect(await t.cloudtab('runs', 'a', '-f')).toBe(1);
    expect(t.err).toBe(`cloudtab: ${cronNotFound({ site: 'default', uid: 'a' }, [], t.dir).message}\n`);
  });
});

describe('cloudtab ls without a site', () => {
  const writeSite = (site: string, uid: string) => {
    const crons = join(folderOf(t.dir).parameters, site, 'crons');
    mkdirSync(crons, { recursive: true });
    writeFileSync(join(crons, `${uid}.json`), JSON.stringify(DAILY));
  };

  it('Where no site has the default name, the only site is listed', async () => {
    writeSite('shop', 'a');
    expect(await t.outputOf('ls')).toMatch(/^shop \(UTC\): 1 cron, /m);
  });

  it('Where no site has the default name, several sites are listed with their numbers', async () => {
    writeSite('shop', 'a');
    writeSite('marketing', 'b');
    const output = await t.outputOf('ls');
    expect(output).toContain(`The sites of ${t.dir}; choose one with --site:`);
    expect(output).toMatch(
      /^SITE +TIME ZONE +CRONS +ACTIVE +FAILING +LATE\nmarketing +UTC +1 +1 +0 +0\nshop +UTC +1 /m,
    );
    const { sites } = await t.jsonOf('ls');
    expect(sites).toMatchObject([
      {
        site: 'marketing',
        timezone: 'UTC',
        counts: { crons: 1, next: { uid: 'b', plannedAt: expect.stringMatching(/Z$/) } },
      },
      { site: 'shop' },
    ]);
  });

  it('A site of the default name is listed, and a site that is named is not replaced', async () => {
    writeSite('shop', 'a');
    t.write('b', DAILY);
    expect(await t.outputOf('ls')).toMatch(/^default \(UTC\): 1 cron, /m);
    expect(await t.cloudtab('ls', '--site', 'sho')).toBe(1);
    expect(t.err).toContain('did you mean "shop"?');
  });
});

describe('cloudtab runners', () => {
  const TO = { anyOf: [{ type: 'string' }], description: 'Whom.', examples: ["it's me"] };
  const RUNNERS = [
    { name: 'report', summary: 'Reports.', settings: { properties: { to: TO }, required: ['to'] } },
    { name: 'sale', site: 'default', summary: '', broken: 'sale.ts:1:2: no.' },
    { name: 'elsewhere', site: 'shop', summary: '' },
    { name: 'plain', summary: '', settings: { properties: {}, required: [] } },
  ];
  const publish = () =>
    writeFileSync(folderOf(t.dir).catalogue, JSON.stringify({ runners: RUNNERS, limits: {} }));

  it('cloudtab runners lists the runners of the site with their settings and a command that adds a cron', async () => {
    publish();
    const output = await t.outputOf('runners');
    expect(output).toContain(
      `report
Reports.
  to  string, required  Whom.
  cloudtab add report @daily --set 'to=it'\\''s me'

sale, for default only
It cannot be loaded: sale.ts:1:2: no.
It accepts any settings.
  cloudtab add sale @daily
`,
    );
    expect(output).toContain('plain\nIt accepts no settings.\n');
    expect(output).toContain('cloudtab add http @daily --set url=https://example.com/ping\n');
    expect(output).toContain('cloudtab add lambda:my-function @daily\n');
    expect(output).not.toContain('elsewhere');
  });

  it('cloudtab runners --json has an example of a cron for each runner', async () => {
    publish();
    const { runners } = await t.jsonOf('runners');
    expect(runners.find(({ name }: { name: string }) => name === 'report')).toMatchObject({
      summary: 'Reports.',
      environ: { to: { type: 'string', required: true } },
      example: { name: 'report', periodicity: '@daily', environ: { to: "it's me" } },
    });
  });
});
