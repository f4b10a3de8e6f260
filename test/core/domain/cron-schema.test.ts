// cspell:ignore letrec
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { Cron, type CronFields } from '../../../lib/core/domain/cron.ts';
import { type CronContext, cronSchema, loadCron, readCron } from '../../../lib/core/domain/cron-schema.ts';
import { attempt } from '../../../lib/core/domain/errors.ts';
import { kindOf } from '../../../lib/core/domain/json-text.ts';
import type { Log } from '../../../lib/core/domain/log.ts';
import type { Problem } from '../../../lib/core/domain/problem.ts';

const good = { name: 'heartbeat', periodicity: '@daily' };
const whole: CronFields = {
  uid: 'nightly',
  name: 'http',
  periodicity: '0 3 * * *',
  environ: { url: 'https://example.org', token: { $secret: 'api-token' }, list: [1, 'two', null, true] },
  activated: false,
  logsLimit: 25,
  user: 'editor',
  timezone: 'Europe/Paris',
  tags: ['backup', 'shop-eu'],
  overlap: 'buffer',
  missed: 'all',
  maxLateness: 3600,
  timeout: 60,
};
const log: Log = {
  id: '1893456000',
  plannedAt: Date.UTC(2030, 0, 1),
  date: Date.UTC(2030, 0, 1, 0, 0, 5, 123),
  startedAt: Date.UTC(2030, 0, 1, 0, 0, 1, 7),
  status: 'WARN',
  messages: ['slow'],
  runId: 'run-1',
  covers: { from: Date.UTC(2029, 11, 31), count: 2 },
};

function problemsOf(input: unknown, context: CronContext): readonly Problem[] {
  return attempt(() => loadCron(input, context)).problems;
}

describe('loadCron', () => {
  it('A cron needs only a name and a periodicity, and takes the uid under which it is saved', () => {
    expect(loadCron(JSON.stringify(good), { uid: 'a' }).fields()).toEqual({
      uid: 'a',
      ...good,
      environ: {},
      activated: true,
      logsLimit: 5,
      overlap: 'skip',
      missed: 'once',
      maxLateness: 86_400,
      timeout: 300,
    });
  });

  it('loadCron reads a Cron, its dump, the JSON of its dump, and an object', () => {
    const cron = new Cron(whole, [log]);
    for (const input of [cron, cron.dump(), JSON.stringify(cron.dump()), { ...whole, logs: [log] }]) {
      const loaded = loadCron(input);
      expect(loaded.fields()).toEqual(whole);
      expect(loaded.logs).toEqual([log]);
    }
  });

  it('A cron without tags is equal to one with an empty list, and stores nothing of it', () => {
    const cron = loadCron({ ...good, uid: 'a' });
    const untagged = loadCron({ ...good, uid: 'a', tags: [] });
    expect(untagged.similar(cron)).toBe(true);
    expect(Object.keys(untagged.fields())).toEqual(Object.keys(cron.fields()));
  });

  it('A cron without a uid gets a new one, and a cron with a uid keeps it', () => {
    expect(loadCron(good, { newUid: () => 'fresh' }).uid).toBe('fresh');
    expect(loadCron({ ...good, uid: 'own' }, { newUid: () => 'fresh' }).uid).toBe('own');
    expect(loadCron({ ...good, uid: 'own' }, { uid: 'own' }).uid).toBe('own');
  });

  it.each([
    'environ',
    'activated',
    'logsLimit',
    'user',
    'timezone',
    'overlap',
    'missed',
    'maxLateness',
    'timeout',
  ])('A cron whose field %s is null has the default of that field', (field) => {
    const { [field]: _, ...others }: Record<string, unknown> = { ...whole };
    const cron = loadCron({ ...whole, [field]: null });
    expect(cron.similar(loadCron(others))).toBe(true);
    expect(cron.similar(loadCron(whole))).toBe(false);
  });

  test.each([
    ['90s', 90],
    ['5m', 300],
    ['2 h', 7200],
    ['1d', 86_400],
    [61, 61],
  ])('A maxLateness of %s is %i seconds', (maxLateness, seconds) => {
    expect(loadCron({ ...good, maxLateness }, { uid: 'a' }).maxLateness).toBe(seconds);
  });

  it('A cron has a copy of its environ', () => {
    const environ = { list: [1] };
    const cron = loadCron({ ...good, environ }, { uid: 'a' });
    environ.list.push(2);
    expect(cron.environ).toEqual({ list: [1] });
  });

  it('loadCron reports the problems that the runner finds, once name and environ are valid', () => {
    const checked: unknown[] = [];
    const problem = { where: 'environ.url', got: 'nothing', wanted: 'an address', fix: 'Add it.' };
    const runners = {
      problems: (...args: unknown[]) => {
        checked.push(args);
        return [problem];
      },
    };
    expect(problemsOf({ ...good, environ: { a: 1 } }, { uid: 'a', site: 'shop', runners })).toEqual([
      problem,
    ]);
    expect(problemsOf(good, { uid: 'a', runners })).toHaveLength(1);
    expect(problemsOf({ ...good, environ: 1 }, { uid: 'a', runners })).toHaveLength(1);
    expect(problemsOf({ ...good, name: '' }, { uid: 'a', runners })).toHaveLength(1);
    expect(checked).toEqual([
      [{ name: 'heartbeat', environ: { a: 1 } }, 'shop'],
      [{ name: 'heartbeat', environ: {} }, undefined],
    ]);
  });

  it('loadCron has the user checked, and while the cron is switched off accepts any user and any runner', () => {
    const problem = (where: string) => ({ where, got: 'x', wanted: 'y', fix: 'z' });
    const runners = {
      problems: ({ user }: { user?: string | undefined }) =>
        user ? [problem('user'), problem('name'), problem('environ')] : [],
    };
    const cron = { ...good, user: 'ada' };
    const places = (given: object, anyRunnerWhileOff = true) =>
      problemsOf(given, { uid: 'a', runners, anyRunnerWhileOff }).map(({ where }) => where);
    expect(places(cron)).toEqual(['user', 'name', 'environ']);
    expect(places({ ...cron, activated: false })).toEqual(['environ']);
    expect(places({ ...cron, activated: false }, false)).toEqual(['user', 'name', 'environ']);
    expect(places({ ...cron, user: '' })).toEqual(['user']);
  });

  it('loadCron finds an environ with too many keys, and a cron with too many unknown ones, in one problem each', () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]));
    expect(problemsOf({ ...good, environ: { a: many(1_001) } }, { uid: 'a' })).toEqual([
      {
        where: 'environ.a',
        got: '1001 keys',
        wanted: 'at most 1000 keys in an object',
        fix: 'Write them as a list, or keep them elsewhere.',
      },
    ]);
    expect(problemsOf({ ...good, ...many(1_001) }, { uid: 'a' })).toMatchObject([
      { where: 'value', got: '1001 unknown keys', fix: 'Remove them.' },
    ]);
  });

  it('Every cron is equal to the cron that is loaded from its dump', () => {
    const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
    const key = text.filter((one) => !['__proto__', '$secret'].includes(one));
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value'), { maxLength: 3 }),
      object: fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    }));
    const time = fc.integer({ min: 0, max: Date.UTC(2200, 0) });
    const logs = fc.record<Log>(
      {
        id: fc.stringMatching(/^\d{1,10}$/),
        plannedAt: time,
        date: time,
        startedAt: time,
        status: fc.constantFrom('OK', 'WARN', 'FAILURE', 'NOTRUN'),
        messages: fc.array(text, { maxLength: 3 }),
        runId: fc.uuid(),
        covers: fc.record({ from: time, count: fc.integer({ min: 1, max: 100 }) }),
      },
      { requiredKeys: ['id', 'plannedAt', 'date', 'status', 'messages'], noNullPrototype: true },
    );
    const fields = fc.record<CronFields>(
      {
        uid: fc.stringMatching(/^[A-Za-z0-9_-]{1,36}$/),
        name: fc.stringMatching(/^[a-z]{1,20}$/),
        periodicity: fc.constantFrom('@daily', 'H 3 * * 1-5', '*/5 * * * *', '0 0 L * 5L'),
        environ: json.object as fc.Arbitrary<CronFields['environ']>,
        activated: fc.boolean(),
        logsLimit: fc.integer({ min: 3, max: 25 }),
        user: text,
        timezone: fc.constantFrom('UTC', 'Europe/Paris', 'Australia/Lord_Howe'),
        overlap: fc.constantFrom('skip', 'buffer', 'allow'),
        missed: fc.constantFrom('once', 'all', 'skip'),
        maxLateness: fc.integer({ min: 60, max: 31 * 86_400 }),
        timeout: fc.integer({ min: 1, max: 870 }),
      },
      {
        requiredKeys: [
          ...(['uid', 'name', 'periodicity', 'environ', 'activated', 'logsLimit'] as const),
          ...(['overlap', 'missed', 'maxLateness', 'timeout'] as const),
        ],
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(fields, fc.array(logs, { maxLength: 3 }), (anyFields, anyLogs) => {
        const cron = new Cron(anyFields, anyLogs);
        const loaded = loadCron(JSON.stringify(cron.dump()));
        expect(loaded.similar(cron)).toBe(true);
        expect(loaded.logs).toEqual(cron.logs);
        expect(loaded.dump()).toEqual(cron.dump());
      }),
    );
  });
});

describe('run records of a cron', () => {
  it('readCron leaves malformed run records out and keeps the others', () => {
    const { cron, problems } = readCron({ ...good, uid: 'a', logs: [{}, log, 'x'] });
    expect(cron?.logs).toEqual([log]);
    expect([...new Set(problems.map(({ where }) => where))]).toEqual([
      'logs.0.id',
      'logs.0.plannedAt',
      'logs.0.date',
      'logs.0.status',
      'logs.0.messages',
      'logs.2',
    ]);
    expect(loadCron({ ...good, uid: 'a', logs: 'none' }).logs).toEqual([]);
    expect(readCron({ ...good, uid: 'a', logs: 'none' }).problems).toEqual([
      {
        where: 'logs',
        got: kindOf('none'),
        wanted: 'a list',
        fix: 'Leave it out: runs write the logs.',
      },
    ]);
  });

  it('A cron keeps its newest run records up to logsLimit', () => {
    const logs = [3, 2, 1].map((id) => ({ ...log, id: String(id) }));
    expect(loadCron({ ...good, uid: 'a', logsLimit: 2, logs }).logs.map(({ id }) => id)).toEqual(['3', '2']);
  });

  it('Run records do not count towards the size of the definition', () => {
    const logs = Array.from({ length: 20 }, (_, id) => ({
      ...log,
      id: `${id}`,
      messages: ['x'.repeat(1000)],
    }));
    const cron = loadCron({ ...good, uid: 'a', logsLimit: 20, logs });
    expect(loadCron(JSON.stringify(cron.dump())).dump()).toEqual(cron.dump());
  });
});

it('cronSchema has a JSON Schema', () => {
  expect(z.toJSONSchema(cronSchema, { io: 'input', unrepresentable: 'any' })).toMatchObject({
    additionalProperties: false,
    required: ['uid', 'name', 'periodicity'],
    properties: { logsLimit: { type: 'integer', minimum: 1, maximum: 25, default: 5 } },
  });
});

it('loadCron rethrows an unexpected error of a runner’s check', () => {
  const runners = {
    problems: () => {
      throw new Error('defect');
    },
  };
  expect(() => loadCron(good, { uid: 'a', runners })).toThrow('defect');
});

describe('texts of times', () => {
  const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
  const BOUNDS = { timeout: [1, 870], maxLateness: [60, 31 * 86_400] } as const;
  const around = (bound: number) => fc.integer({ min: Math.max(0, bound - 3), max: bound + 3 });

  it('A text is accepted exactly if its seconds are within the bounds, and counts as that many', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('timeout', 'maxLateness'),
        fc.constantFrom('s', 'm', 'h', 'd'),
        fc.constantFrom('', ' '),
        fc.integer({ min: 0, max: 1 }),
        fc.integer({ min: 0, max: 9_999_999 }),
        fc.boolean(),
        around(3),
        (name, unit, space, end, random, isNear, offset) => {
          const [least, most] = BOUNDS[name];
          const count = isNear
            ? Math.max(0, Math.floor((end === 0 ? least : most) / UNITS[unit]) + offset - 3)
            : random;
          const seconds = count * UNITS[unit];
          const { cron } = readCron({ ...good, [name]: `${count}${space}${unit}` }, { uid: 'a' });
          expect(cron?.[name]).toBe(seconds >= least && seconds <= most ? seconds : undefined);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
