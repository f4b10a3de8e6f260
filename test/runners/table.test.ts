// cspell:ignore htpt lamda secnods
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../lib/core/domain/errors.ts';
import { HeartbeatRunner } from '../../lib/runners/heartbeat.ts';
import { LambdaRunner } from '../../lib/runners/lambda.ts';
import { Runner, type Written } from '../../lib/runners/runner.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { runContext } from '../support/run-context.ts';

class Plain extends Runner {
  run() {}
}

class Picky extends Runner {
  static readonly environ = {};
  static check({ name, environ }: Written) {
    return [{ where: name, got: JSON.stringify(environ), wanted: 'luck', fix: 'None.' }];
  }
  run() {}
}

const table = new RunnerTable({ plain: Plain, picky: Picky });
const { context } = runContext();
const runners = table.withTools(context.tools);

describe('RunnerTable names', () => {
  it.each(['heartbeat', 'http', 'lambda:my-function', 'plain'])('The table has a runner %s', (name) => {
    expect(table.has(name)).toBe(true);
  });

  it.each(['', 'Plain', 'lambda:', 'lambda:a b', 'lambda:<function>', 'toString', '__proto__'])(
    'The table has no runner "%s"',
    (name) => {
      expect(table.has(name)).toBe(false);
      expect(runners.create(name, context)).toBeUndefined();
    },
  );

  it('A runner of the user cannot have the name of a built-in runner', () => {
    expect(
      () => new RunnerTable({ http: Plain, mine: Plain, 'lambda:x': Plain, 'shop/heartbeat': Plain }),
    ).toThrow(
      new ConfigurationError(
        'Own runners: got "http", "lambda:x", "shop/heartbeat", wanted names that no built-in runner has. Rename them.',
      ),
    );
  });

  it.each([
    ['plain', Plain],
    ['heartbeat', HeartbeatRunner],
    ['lambda:f', LambdaRunner],
  ])('create returns an instance of the class of %s', (name, runnerClass) => {
    expect(runners.create(name, context)).toBeInstanceOf(runnerClass);
  });
});

describe('RunnerTable.describe', () => {
  it('describe returns the summary and the settings of each runner, if it declares them', () => {
    const descriptions = table.describe();
    const names = descriptions.map(({ name }) => name);
    expect(names).toEqual(['command', 'heartbeat', 'http', 'lambda:<function>', 'picky', 'plain']);
    expect(descriptions.find(({ name }) => name === 'plain')).toEqual({ name: 'plain', summary: '' });
    expect(descriptions.find(({ name }) => name === 'heartbeat')).toEqual({
      name: 'heartbeat',
      summary: HeartbeatRunner.summary,
      environ: HeartbeatRunner.environ,
    });
    expect(descriptions.find(({ name }) => name === 'lambda:<function>')).toEqual({
      name: 'lambda:<function>',
      summary: LambdaRunner.summary,
    });
  });
});

describe('RunnerTable for a site', () => {
  const sites = new RunnerTable({ plain: Plain, 'shop/plain': Picky, 'shop/sale': Plain });

  it('A runner of one site takes the place of a runner of the same name, and no other site has it', () => {
    const ofSite = (site: string) => sites.withTools(context.tools).create('plain', { ...context, site });
    expect(ofSite('shop')).toBeInstanceOf(Picky);
    expect(ofSite('default')).toBeInstanceOf(Plain);
    expect(sites.has('sale', 'shop')).toBe(true);
    expect(sites.has('sale', 'default')).toBe(false);
    expect(sites.problems({ name: 'sale', environ: {} }, 'shop')).toEqual([]);
    expect(sites.problems({ name: 'sale', environ: {} }, 'default')).toMatchObject([{ where: 'name' }]);
    expect(sites.has('shop/sale', 'default')).toBe(false);
  });

  it('describe returns the runners that a site has, and without a site all of them', () => {
    const own = { name: 'plain', site: 'shop', summary: '', environ: {} };
    expect(sites.describe('shop').find(({ name }) => name === 'plain')).toEqual(own);
    expect(sites.describe('default').map(({ name }) => name)).toEqual([
      'command',
      'heartbeat',
      'http',
      'lambda:<function>',
      'plain',
    ]);
    expect(sites.describe().filter(({ name }) => name === 'plain')).toEqual([
      { name: 'plain', summary: '' },
      own,
    ]);
  });
});

describe('RunnerTable.problems with an unknown name', () => {
  it.each([
    ['heatbeat', 'Did you mean "heartbeat"?'],
    ['backup', 'Add a file of that name to your runners, or choose another.'],
  ])('The problem of the unknown name %s has the instruction: %s', (name, fix) => {
    expect(table.problems({ name, environ: {} })).toMatchObject([
      { where: 'name', got: JSON.stringify(name), fix },
    ]);
  });

  it.each([
    ['HTTP', '"http"'],
    ['htpt', '"http"'],
    ['heartbeatings', '"heartbeat"'],
    ['lamda:<function>', '"lambda:<function>"'],
  ])('The problem of the unknown name %s suggests %s', (name, suggestion) => {
    expect(table.problems({ name, environ: {} })).toMatchObject([
      { where: 'name', got: JSON.stringify(name), fix: expect.stringContaining(suggestion) },
    ]);
  });

  it('The problem of an unknown name without a similar one lists all names', () => {
    const [report] = table.problems({ name: 'report', environ: {} });
    const [backup] = table.problems({ name: 'backup', environ: {} });
    expect(report).toEqual({ ...backup, got: '"report"' });
    expect(report?.wanted).toBe(
      'the name of a runner: command, heartbeat, http, lambda:<function>, picky, plain',
    );
  });
});

describe('RunnerTable.problems with settings', () => {
  it('A runner without declared settings accepts any environ', () => {
    expect(table.problems({ name: 'plain', environ: { any: [null, { thing: 1 }] } })).toEqual([]);
  });

  it('The runner validates the environ itself once its declared settings are valid', () => {
    expect(table.problems({ name: 'picky', environ: {} })).toEqual([
      { where: 'picky', got: '{}', wanted: 'luck', fix: 'None.' },
    ]);
    expect(table.problems({ name: 'picky', environ: { a: 1 } })).toEqual([
      { where: 'environ.a', got: '1', wanted: 'an empty environ', fix: 'Remove it.' },
    ]);
  });

  it('The problem of an unknown setting suggests the nearest known one', () => {
    expect(table.problems({ name: 'heartbeat', environ: { secnods: 1, zzz: 2, toString: 'x' } })).toEqual([
      {
        where: 'environ.secnods',
        got: '1',
        wanted: 'one of the settings message, warn, fail, seconds',
        fix: 'Did you mean "seconds"?',
      },
      {
        where: 'environ.zzz',
        got: '2',
        wanted: 'one of the settings message, warn, fail, seconds',
        fix: 'Remove it.',
      },
      {
        where: 'environ.toString',
        got: '"x"',
        wanted: 'one of the settings message, warn, fail, seconds',
        fix: 'Remove it.',
      },
    ]);
  });

  it('The problem of an invalid setting says what it takes, what it means, and gives an example', () => {
    expect(table.problems({ name: 'heartbeat', environ: { seconds: -1 } })).toEqual([
      {
        where: 'environ.seconds',
        got: '-1',
        wanted: 'a number of seconds, 0 or more',
        fix: 'How long the run takes. For example {"seconds":2}.',
      },
    ]);
  });

  it.each([[null], [true], ['2'], [{ $secret: 'seconds' }]])(
    'The setting seconds cannot be %j',
    (seconds) => {
      expect(table.problems({ name: 'heartbeat', environ: { seconds } })).toMatchObject([
        { where: 'environ.seconds', got: JSON.stringify(seconds), wanted: 'a number' },
      ]);
    },
  );

  it('A secret reference is valid where a string is wanted', () => {
    expect(table.problems({ name: 'heartbeat', environ: { message: { $secret: 'greeting' } } })).toEqual([]);
  });
});

describe('RunnerTable.problems with limits', () => {
  const limits = {
    allowedHosts: [],
    allowedFunctions: ['mine', 'reports-*', 'arn:aws:lambda:eu-west-1:123456789012:function:other'],
    allowedUsers: [],
  };
  const limited = new RunnerTable({}, { bySite: { '*': limits } });

  it.each(['lambda:mine', 'lambda:reports-daily', 'lambda:other'])('The runner %s is allowed', (name) => {
    expect(limited.problems({ name, environ: {} })).toEqual([]);
  });

  it('The problem of a function that is not allowed names the setting to change', () => {
    expect(limited.problems({ name: 'lambda:theirs', environ: {} }, 'shop')).toEqual([
      {
        where: 'name',
        got: '"lambda:theirs"',
        wanted: 'a function that is allowed',
        fix: `The site "shop" may invoke: ${limits.allowedFunctions.join(', ')}. Add "theirs" to allowedFunctions in the limits of the deployment, for the site or for "*", and deploy it.`,
      },
    ]);
  });

  it('A table without limits accepts any function', () => {
    expect(table.problems({ name: 'lambda:theirs', environ: { any: 'thing' } })).toEqual([]);
  });
});
